"""A patient's page: open to the unit that has the patient in its care; to others in the municipality with a reason."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.models import AccessLogEntry, Act
from audit.models.access import ALWAYS_REVIEWED
from orders.models import CancelReason, Holding
from orders.operations.canceling import cancel_order
from parties.models import CareRelation, Patient, Protection, UserCustomer
from parties.operations.relating import register_relation
from parties.units import SESSION_KEY
from tests import factories
from tests.registered import World

REASON = "Akut hembesök efter fall, patienten väntar."
HTMX = {"HX-Request": "true"}


def page(patient: Patient, name: str = "detail") -> str:
    return reverse(f"patient_{name}", args=[patient.pk])


def relate(world: World, *, until: str | None = None) -> None:
    register_relation(patient=world.patient, unit=world.rehab, by=world.anna, on=timezone.localdate())
    CareRelation.objects.update(since="2020-01-01", until=until)


def protect(world: World) -> None:
    Patient.objects.filter(pk=world.patient.pk).update(protection=Protection.PROTECTED, street="Hemliga gatan 1")


def open_with_reason(client: Client, patient: Patient, reason: str = REASON) -> None:
    assertRedirects(client.post(page(patient, "open"), {"reason": reason}), page(patient))


def test_shows_who_what_and_which_orders(client: Client, world: World) -> None:
    Patient.objects.filter(pk=world.patient.pk).update(street="Exempelvägen 3", phone="070-174 06 05")
    delivery = world.deliver(world.order("forskrivning"))
    client.force_login(world.anna)
    response = client.get(page(world.patient))
    words = ("Astrid Fröding", "19311104-9809", "Arvika kommun", "Exempelvägen 3", "070-174 06 05", "Duschpall")
    for text in (*words, str(delivery.order.number), "Ny förskrivning"):
        assertContains(response, text)
    assert "<title>Patient – Sesam</title>" in response.text
    assert AccessLogEntry.objects.filter(patient=world.patient, act=Act.PATIENT, user=world.anna).exists()


def test_leads_to_a_prescription_for_the_patient(client: Client, world: World) -> None:
    relate(world)
    client.force_login(world.anna)
    url = f"{reverse('order_new', args=['forskrivning'])}?patient={world.patient.pk}"
    assertContains(client.get(page(world.patient)), url)
    form = client.get(url)
    assertContains(form, f'name="patient" value="{world.patient.pk}"')
    key = form.context["form"]["key"].value()
    data = {"key": key, "subtype": "forskrivning", "patient": world.patient.pk}
    client.post(reverse("order_new", args=["forskrivning"]), data)
    assert world.anna.orders.get().recipient_patient == world.patient


@pytest.mark.parametrize("patient", ["999999999", "x", "1" * 30, "1" * 5000])
def test_a_prescription_begins_for_nobody_else(client: Client, world: World, patient: str) -> None:
    client.force_login(world.anna)
    assert client.get(reverse("order_new", args=["forskrivning"]), {"patient": patient}).status_code == 404


def test_a_prescription_does_not_begin_for_another_municipalitys_patient(client: Client, world: World) -> None:
    client.force_login(world.other_prescriber)
    assert client.get(reverse("order_new", args=["forskrivning"]), {"patient": world.patient.pk}).status_code == 404


def test_nothing_more_for_the_deceased(client: Client, world: World) -> None:
    relate(world)
    Patient.objects.filter(pk=world.patient.pk).update(deceased_on="2026-01-02")
    client.force_login(world.anna)
    response = client.get(page(world.patient))
    assertContains(response, "Avliden")
    assertNotContains(response, "?patient=")


class TestOwnCare:
    def opens(self, client: Client, world: World) -> bool:
        client.force_login(world.anna)
        return client.get(page(world.patient)).status_code == 200

    def test_an_order_of_the_unit_opens(self, client: Client, world: World) -> None:
        world.order("forskrivning")
        CareRelation.objects.all().delete()
        assert self.opens(client, world)

    def test_a_holding_from_the_unit_opens_until_it_is_closed(self, client: Client, world: World) -> None:
        world.deliver(world.order("forskrivning"))
        CareRelation.objects.all().delete()
        assert self.opens(client, world)
        Holding.objects.update(returned=2, closed_at=timezone.now())
        assert not self.opens(client, world)

    def test_a_relation_opens_while_it_lasts(self, client: Client, world: World) -> None:
        relate(world)
        assert self.opens(client, world)
        CareRelation.objects.update(until="2020-01-31")
        assert not self.opens(client, world)

    def test_what_another_unit_has_does_not_open(self, client: Client, world: World) -> None:
        other = factories.CustomerFactory.create(parent=world.arvika)
        stranger = factories.UserFactory.create(role="Förskrivare", customer=other)
        world.deliver(world.order("forskrivning"))
        world.order("forskrivning")
        client.force_login(stranger)
        assertRedirects(client.get(page(world.patient)), page(world.patient, "open"))

    def test_a_draft_does_not_open_but_registering_relates(self, client: Client, world: World) -> None:
        draft = world.begun("forskrivning")
        assert not self.opens(client, world)
        draft.delete()
        order = world.order("forskrivning")
        relation = CareRelation.objects.get()
        assert (relation.patient, relation.unit, relation.registered_by) == (world.patient, world.rehab, world.anna)
        world.order("forskrivning")
        assert CareRelation.objects.count() == 1
        cancel_order(order_id=order.pk, reason=CancelReason.NOT_NEEDED, by=world.anna, at=world.now())


class TestEmergency:
    def test_asks_for_a_reason_and_shows_nothing_more_than_a_hit(self, client: Client, world: World) -> None:
        Patient.objects.filter(pk=world.patient.pk).update(street="Exempelvägen 3", phone="070-174 06 05")
        client.force_login(world.anna)
        response = client.get(page(world.patient), follow=True)
        assertRedirects(response, page(world.patient, "open"))
        assertContains(response, "Nödöppning")
        assertContains(response, "granskas alltid")
        assertNotContains(response, "Exempelvägen")
        assertNotContains(response, "070-174")

    def test_lets_in_for_the_session_and_logs_for_certain_review(self, client: Client, world: World) -> None:
        client.force_login(world.anna)
        open_with_reason(client, world.patient)
        assertContains(client.get(page(world.patient)), "Astrid Fröding")
        entry = AccessLogEntry.objects.filter(ALWAYS_REVIEWED).get()
        assert (entry.act, entry.is_emergency, entry.reason) == (Act.EMERGENCY, True, REASON)
        assert (entry.user, entry.unit, entry.patient) == (world.anna, world.rehab, world.patient)
        client.logout()
        client.force_login(world.anna)
        assertRedirects(client.get(page(world.patient)), page(world.patient, "open"))

    def test_ends_when_the_unit_is_switched_also_back_again(self, client: Client, world: World) -> None:
        other = factories.CustomerFactory.create(parent=world.arvika)
        UserCustomer.objects.create(user=world.anna, customer=other)
        client.force_login(world.anna)
        open_with_reason(client, world.patient)
        for unit in (other, world.rehab):
            client.post(reverse("unit_choice"), {"unit": unit.pk})
            assert client.session[SESSION_KEY] == unit.pk
            assertRedirects(client.get(page(world.patient)), page(world.patient, "open"))

    def test_is_the_units_that_was_acted_for(self, client: Client, world: World) -> None:
        """Somebody who loses the chosen unit meanwhile acts for another one without choosing it."""
        other = factories.CustomerFactory.create(parent=world.arvika)
        link = UserCustomer.objects.create(user=world.anna, customer=other)
        client.force_login(world.anna)
        client.post(reverse("unit_choice"), {"unit": other.pk})
        open_with_reason(client, world.patient)
        link.delete()
        assertRedirects(client.get(page(world.patient)), page(world.patient, "open"))

    def test_opens_one_patient_only(self, client: Client, world: World) -> None:
        another = factories.PatientFactory.create(municipality=world.arvika)
        client.force_login(world.anna)
        open_with_reason(client, world.patient)
        assertRedirects(client.get(page(another)), page(another, "open"))

    @pytest.mark.parametrize("reason", ["", "   ", "akut", "x" * 501])
    def test_without_a_real_reason_nobody_comes_in(self, client: Client, world: World, reason: str) -> None:
        client.force_login(world.anna)
        response = client.post(page(world.patient, "open"), {"reason": reason})
        assertContains(response, 'aria-invalid="true"', status_code=422)
        assert not AccessLogEntry.objects.filter(is_emergency=True).exists()
        assertRedirects(client.get(page(world.patient)), page(world.patient, "open"))

    def test_what_is_open_already_is_not_asked_for(self, client: Client, world: World) -> None:
        relate(world)
        client.force_login(world.anna)
        assertRedirects(client.get(page(world.patient, "open")), page(world.patient))

    def test_works_as_a_part_too(self, client: Client, world: World) -> None:
        client.force_login(world.anna)
        assert client.get(page(world.patient, "open"), headers=HTMX).status_code == 200


class TestProtected:
    def test_asks_for_a_reason_also_in_own_care(self, client: Client, world: World) -> None:
        relate(world)
        protect(world)
        client.force_login(world.anna)
        response = client.get(page(world.patient), follow=True)
        assertContains(response, "Skyddade uppgifter")
        for text in ("Fröding", "19311104", "9809", "Nödöppning"):
            assertNotContains(response, text)
        open_with_reason(client, world.patient)
        response = client.get(page(world.patient))
        assertContains(response, "Astrid Fröding")
        assertNotContains(response, "Hemliga gatan")
        assert "<title>Patient – Sesam</title>" in response.text
        entry = AccessLogEntry.objects.get(reason=REASON)
        assert (entry.act, entry.is_emergency, entry.is_protected) == (Act.PATIENT, False, True)


@pytest.mark.parametrize("name", ["detail", "open"])
class TestBoth:
    def test_asks_who_you_are(self, client: Client, world: World, name: str) -> None:
        url = page(world.patient, name)
        assertRedirects(client.get(url), f"{reverse('login')}?next={url}")

    @pytest.mark.parametrize("who", ["per", "lina", "hakan"])
    def test_only_those_who_prescribe(self, client: Client, world: World, name: str, who: str) -> None:
        client.force_login(getattr(world, who))
        assert client.get(page(world.patient, name)).status_code == 403

    def test_another_municipalitys_patient_is_not_there(self, client: Client, world: World, name: str) -> None:
        client.force_login(world.other_prescriber)
        assert client.get(page(world.patient, name)).status_code == 404
        assert client.post(page(world.patient, "open"), {"reason": REASON}).status_code == 404
        assert not AccessLogEntry.objects.exists()

    def test_other_methods(self, client: Client, world: World, name: str) -> None:
        relate(world)
        client.force_login(world.anna)
        assert client.delete(page(world.patient, name)).status_code == 405


def test_an_order_leads_to_its_patient(client: Client, world: World) -> None:
    order = world.order("forskrivning")
    for who, leads in ((world.anna, True), (world.lina, False), (world.hakan, False)):
        client.force_login(who)
        assert (page(world.patient) in client.get(order.get_absolute_url()).text) is leads
