"""Protected identity in the administration, and the care relations that an administrator registers and ends."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.models import AccessLogEntry, Act
from audit.models.access import ALWAYS_REVIEWED
from parties.models import CareRelation, Patient, Protection, User
from tests import factories
from tests.fixtures import Town

LIST = reverse("admin:parties_patient_changelist")
ADD = reverse("admin:parties_carerelation_add")


@pytest.fixture
def administrator(client: Client, town: Town) -> User:
    user = factories.UserFactory.create(role="Systemförvaltare", customer=town.region, is_staff=True)
    client.force_login(user)
    return user


@pytest.mark.usefixtures("administrator")
class TestProtected:
    @pytest.fixture
    def url(self, town: Town) -> str:
        Patient.objects.filter(pk=town.patient.pk).update(protection=Protection.CONFIDENTIAL, street="Hemliga gatan 7")
        return reverse("admin:parties_patient_change", args=[town.patient.pk])

    def test_the_list_says_neither_name_nor_number(self, client: Client, url: str) -> None:
        for text in ("", "19311104-9809", "193111049809"):
            response = client.post(LIST, {"q": text}, follow=True)
            assertContains(response, "Skyddade uppgifter")
            assertNotContains(response, "Fröding")
            assertNotContains(response, '<td class="field-formatted_number">1931')
        assertNotContains(client.post(LIST, {"q": "Fröding"}, follow=True), "Skyddade uppgifter")
        assertNotContains(client.post(LIST, {"q": "1931"}, follow=True), "Skyddade uppgifter")

    def test_asks_for_a_reason_and_keeps_it(self, client: Client, url: str, administrator: User) -> None:
        response = client.get(url)
        assertContains(response, "skyddad identitet")
        assertNotContains(response, "Hemliga")
        response = client.post(url, {"reason": "Adressändring från Skatteverket"})
        assertRedirects(response, url)
        assertContains(client.get(url), "Hemliga gatan 7")
        entry = AccessLogEntry.objects.get(reason="Adressändring från Skatteverket")
        assert (entry.user, entry.act, entry.is_protected) == (administrator, Act.ADMIN, True)
        assert entry in AccessLogEntry.objects.filter(ALWAYS_REVIEWED)

    @pytest.mark.parametrize("written", ["{}", "+{}", " {}", "{} ", "0{}", "0_{}", "_2B{}"])
    def test_no_way_to_write_the_key_goes_around_it(self, client: Client, url: str, town: Town, written: str) -> None:
        address = LIST + quote(written.format(town.patient.pk)) + "/change/"
        for response in (client.get(address), client.post(address, {"name": "X"}), client.get(address + "?_popup=1")):
            assert response.status_code in (200, 422)
            assertContains(response, "Patienten har skyddad identitet", status_code=response.status_code)
            assertNotContains(response, "Fröding", status_code=response.status_code)
            assertNotContains(response, "Hemliga gatan", status_code=response.status_code)
        assert not AccessLogEntry.objects.filter(patient=town.patient, act=Act.ADMIN).exists()

    def test_a_form_that_is_posted_without_a_reason_changes_nothing(self, client: Client, url: str, town: Town) -> None:
        response = client.post(url, {"name": "Annan", "identity_number": "19311104-9809"})
        assertContains(response, "Skriv varför", status_code=422)
        town.patient.refresh_from_db()
        assert town.patient.name == "Astrid Fröding"

    def test_others_are_opened_as_before(self, client: Client, town: Town) -> None:
        assertContains(client.get(reverse("admin:parties_patient_change", args=[town.patient.pk])), "Astrid Fröding")


class TestRelations:
    def data(self, town: Town, **changed: object) -> dict[str, object]:
        today = timezone.localdate().isoformat()
        return {"identity_number": "311104-9809", "unit": town.rehab.pk, "since": today, "until": ""} | changed

    def test_one_is_registered_by_whoever_does_it(self, client: Client, town: Town, administrator: User) -> None:
        assertRedirects(client.post(ADD, self.data(town)), reverse("admin:parties_carerelation_changelist"))
        relation = CareRelation.objects.get()
        assert (relation.patient, relation.unit, relation.registered_by) == (town.patient, town.rehab, administrator)

    @pytest.mark.usefixtures("administrator")
    def test_one_is_ended_and_never_removed(self, client: Client, town: Town) -> None:
        client.post(ADD, self.data(town, since="2026-01-01"))
        relation = CareRelation.objects.get()
        url = reverse("admin:parties_carerelation_change", args=[relation.pk])
        assertContains(client.get(url), "Astrid F., 1931")
        client.post(url, {"since": "2026-01-01", "until": "2026-01-31"})
        relation.refresh_from_db()
        assert str(relation.until) == "2026-01-31"
        assert client.post(reverse("admin:parties_carerelation_delete", args=[relation.pk])).status_code == 403

    @pytest.mark.usefixtures("administrator")
    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"identity_number": "19311104-9800"}, "Kontrollsiffran"),
            ({"identity_number": "19600512-9850"}, "Det finns ingen patient"),
            ({"until": "2020-01-01"}, "Slutdatum kan inte"),
        ],
    )
    def test_what_is_wrong_is_said(self, client: Client, town: Town, changed: dict[str, str], sentence: str) -> None:
        assertContains(client.post(ADD, self.data(town, **changed)), sentence)
        assert not CareRelation.objects.exists()

    @pytest.mark.usefixtures("administrator")
    def test_another_municipalitys_unit_is_refused(self, client: Client, town: Town) -> None:
        response = client.post(ADD, self.data(town, unit=town.other_store.owner_id))
        assertContains(response, "Patienten hör till en annan kommun.")

    @pytest.mark.usefixtures("administrator")
    def test_the_same_twice_is_refused(self, client: Client, town: Town) -> None:
        client.post(ADD, self.data(town))
        assertContains(client.post(ADD, self.data(town)), "Enheten har redan en vårdrelation")
        assert CareRelation.objects.count() == 1
