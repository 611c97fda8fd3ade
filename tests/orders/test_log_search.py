"""*Sök i loggen*, and the extract for the patient."""

from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.accessing import log_access
from audit.models import AccessLogEntry, Act
from parties.models import Patient, User
from tests import factories
from tests.fixtures import Town

URL = reverse("log_search")


@pytest.fixture
def logged_in(client: Client, town: Town) -> Client:
    client.force_login(factories.UserFactory.create(username="logg01", name="Lotta Gren", role="Loggranskare"))
    return client


def look(town: Town, act: Act = Act.PATIENT, *, by: User | None = None, at: datetime | None = None) -> None:
    by = by or town.anna
    patient = Patient.objects.get(pk=town.patient.pk)
    log_access(patient, act, by=by, unit=by.unit, at=at or timezone.now(), about="F-26-000007", reason="Internt skäl")


def found(client: Client, **query: str | int) -> list[str]:
    return [row["entry"].user.username for row in client.get(URL, query).context["rows"]]


def extract(client: Client, patient: Patient, **query: str | int) -> str:
    response = client.get(reverse("log_extract", args=[patient.pk]), query)
    assert response["Content-Type"] == "application/pdf"
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)


def test_the_number_is_posted_and_never_in_the_address(logged_in: Client, town: Town) -> None:
    look(town)
    response = logged_in.post(URL, {"nummer": "311104-9809", "flagga": ""})
    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query)["patient"] == [str(town.patient.pk)]
    assert "9809" not in response["Location"]
    page = logged_in.get(response["Location"])
    assertContains(page, "Astrid Fröding")
    assert [row["entry"].user for row in page.context["rows"]] == [town.anna]


def test_by_patient_by_user_and_by_unit(logged_in: Client, town: Town) -> None:
    look(town)
    look(town, by=town.hakan)
    assert found(logged_in, patient=town.patient.pk) == ["hmla01", "anbe01"]
    assert found(logged_in, anvandare="ANBE01") == ["anbe01"]
    assert found(logged_in, enhet="10") == ["hmla01"]
    assert found(logged_in, enhet="10", anvandare="anbe01") == []
    assert found(logged_in) == []


def test_within_the_span(logged_in: Client, town: Town) -> None:
    now = timezone.now()
    look(town, at=now - timedelta(days=40))
    assert found(logged_in, anvandare="anbe01") == []
    start = timezone.localdate(now) - timedelta(days=40)
    assert found(logged_in, anvandare="anbe01", fran=start.isoformat()) == ["anbe01"]
    assert found(logged_in, anvandare="anbe01", fran=start.isoformat(), till=start.isoformat()) == ["anbe01"]


def test_by_flag(logged_in: Client, town: Town) -> None:
    look(town)
    User.objects.filter(pk=town.hakan.pk).update(name="Håkan Fröding")
    look(town, by=town.hakan)
    assert found(logged_in, patient=town.patient.pk, flagga="has_same_surname") == ["hmla01"]


def test_is_paged_by_key(logged_in: Client, town: Town) -> None:
    now = timezone.now()
    for minutes in range(60):
        look(town, at=now - timedelta(minutes=minutes))
    first = logged_in.get(URL, {"anvandare": "anbe01"})
    assert len(first.context["rows"]) == 50
    look(town)  # what comes meanwhile does not move the next page
    second = logged_in.get(URL, {"anvandare": "anbe01", "efter": first.context["next_key"]})
    seen = [row["entry"].pk for page in (first, second) for row in page.context["rows"]]
    assert len(seen) == len(set(seen)) == 60
    assert second.context["next_key"] is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"nummer": "19311104-9800"}, "Kontrollsiffran"),
        ({"nummer": "19600512-9850"}, "Det finns ingen patient"),
        ({"anvandare": "finns-inte"}, "Det finns ingen användare"),
        ({"enhet": "99999"}, "Det finns ingen enhet"),
        ({"fran": "2026-03-02", "till": "2026-03-01"}, "Sista dagen"),
        ({"fran": "9999-12-31", "till": "9999-12-31"}, "2099"),
        ({"fran": "0001-01-01"}, "2000"),
        ({"flagga": "password"}, "password"),
        ({"patient": "99999999999999999999"}, ""),
    ],
)
def test_what_is_wrong_is_said(logged_in: Client, wrong: dict[str, str], sentence: str) -> None:
    assertContains(logged_in.post(URL, wrong), sentence, status_code=422)
    assertContains(logged_in.get(URL, wrong), sentence, status_code=422)


def test_a_protected_patient_is_a_reference(logged_in: Client, town: Town) -> None:
    Patient.objects.update(protection="PROT")
    look(town)
    page = logged_in.post(URL, {"nummer": "19311104-9809"}, follow=True)
    assertContains(page, f"patient {town.patient.pk}")
    for text in ("Fröding", "19311104", "9809"):
        assertNotContains(page, text)


class TestExtract:
    def test_says_who_from_where_when_and_what(self, logged_in: Client, town: Town) -> None:
        look(town)
        look(town, by=town.hakan, at=timezone.now() - timedelta(days=40))
        text = extract(logged_in, town.patient)
        for word in ("Loggutdrag", "Astrid Fröding", "Anna Bergqvist", "Arvika kommun Rehabenhet", "Öppnad patient"):
            assert word in text
        for internal in ("Håkan", "Internt", "patient_detail", "anbe01"):
            assert internal not in text
        entry = AccessLogEntry.objects.latest("id")
        assert (entry.act, entry.user.username, entry.patient) == (Act.LOG_EXTRACT, "logg01", town.patient)

    def test_of_a_protected_patient_names_nobody(self, logged_in: Client, town: Town) -> None:
        Patient.objects.update(protection="PROT")
        look(town)
        text = extract(logged_in, town.patient)
        assert "Skyddade uppgifter" in text
        assert "Fröding" not in text
        assert "9809" not in text

    def test_without_looks(self, logged_in: Client, town: Town) -> None:
        assert "Ingen har tagit del" in extract(logged_in, town.patient)

    def test_a_span_that_makes_no_sense_leads_back(self, logged_in: Client, town: Town) -> None:
        url = reverse("log_extract", args=[town.patient.pk])
        assertRedirects(logged_in.get(url, {"fran": "x"}), f"{URL}?patient={town.patient.pk}")

    def test_is_the_log_reviewers_alone(self, client: Client, town: Town) -> None:
        url = reverse("log_extract", args=[town.patient.pk])
        assertRedirects(client.get(url), f"{reverse('login')}?next={url}")
        client.force_login(town.anna)
        assert client.get(url).status_code == 403

    def test_another_municipalitys_patient_is_not_there(self, client: Client, town: Town) -> None:
        client.force_login(factories.UserFactory.create(role="Loggranskare", customer=town.other_store.owner))
        assert client.get(reverse("log_extract", args=[town.patient.pk])).status_code == 404
        assert client.post(URL, {"nummer": "19311104-9809"}).status_code == 422
        assert client.get(URL, {"patient": town.patient.pk}).status_code == 422

    def test_is_only_read(self, logged_in: Client, town: Town) -> None:
        assert logged_in.post(reverse("log_extract", args=[town.patient.pk])).status_code == 405
