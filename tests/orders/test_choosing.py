"""What can be chosen at the fields of the step Parter: only what may be, what one used last first, by an index."""

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.models import AccessLogEntry
from orders.choosing import Asked, choices
from orders.models import Order
from parties.models import Patient, Protection, SearchCount, User
from tests.factories import CareUnitFactory, PatientFactory, UserFactory
from tests.planning import fill, plans_of
from tests.registered import World

ODD = ["a", "å" * 120, "%", "_", "%%%", "a%b", "'", '"', "שלום עולם", "🦽", "-", "# " * 40, "\\", "x_"]
ODD += [" ".join(f"ord{n}" for n in range(12)), "9" * 90, "\N{RIGHT-TO-LEFT OVERRIDE}abc", "²³"]


def ask(client: Client, order: Order, field: str, text: str = "", **data: str) -> Any:
    data = {"orderer": order.orderer.username if order.orderer else "", "customer": "50101"} | data | {field: text}
    url = f"{reverse('order_choose', args=[order.pk])}?falt={field}"
    return client.post(url, data, headers={"HX-Request": "true"})


def codes(client: Client, order: Order, field: str, text: str = "", **data: str) -> list[str]:
    response = ask(client, order, field, text, **data)
    assert response.status_code == 200
    return [choice.code for choice in response.context["choices"]]


@pytest.fixture
def requisition(client: Client, world: World) -> Order:
    client.force_login(world.lina)
    return world.draft("bestallning", {world.chair: 1})


@pytest.fixture
def prescription(client: Client, world: World) -> Order:
    client.force_login(world.anna)
    return world.draft("forskrivning", {world.chair: 1})


@pytest.mark.parametrize("text", ["lini", "LINI01", "nils", "nilsson lina"])
def test_people_by_user_name_and_name(client: Client, requisition: Order, text: str) -> None:
    assert codes(client, requisition, "orderer", text)[0] == "lini01"


def test_only_those_who_may_order_it(client: Client, world: World, requisition: Order) -> None:
    UserFactory.create(username="slut01", role="Beställare", customer=world.rehab, is_active=False)
    found = codes(client, requisition, "orderer")
    assert {"anbe01", "lini01"} <= set(found)
    assert not {"pene01", "jolu01", "fist01", "hmla01", "slut01"} & set(found)


def test_only_those_with_a_right_prescribe(client: Client, world: World, prescription: Order) -> None:
    UserFactory.create(username="utan01", role="Förskrivare", customer=world.rehab)
    assert codes(client, prescription, "orderer") == ["anbe01"]


def test_units_of_the_own_municipality(client: Client, world: World, requisition: Order) -> None:
    CareUnitFactory.create(number="01-09", name="Nedlagda", parent=world.arvika, is_active=False)
    CareUnitFactory.create(number="03-05", name="Gullvivan", parent=world.other_store.owner.parent)
    assert codes(client, requisition, "recipient") == ["01-05", "50101"]
    assert codes(client, requisition, "recipient", "backen") == ["01-05"]
    assert codes(client, requisition, "recipient", "gull") == []


def test_a_number_that_stands_there_already_narrows_nothing(client: Client, requisition: Order) -> None:
    assert codes(client, requisition, "recipient", "50101") == ["50101", "01-05"]


def test_what_was_used_last_comes_first(client: Client, world: World, requisition: Order) -> None:
    units = [CareUnitFactory.create(number=f"02-{n:02d}", parent=world.arvika) for n in range(12)]
    world.draft("bestallning", {world.chair: 1}, recipient_unit=units[3])
    world.draft("bestallning", {world.chair: 1}, recipient_unit=units[7])
    world.draft("bestallning", {world.chair: 1}, recipient_unit=units[9], orderer=world.anna)
    found = codes(client, requisition, "recipient")
    assert (found[:2], len(found)) == (["02-07", "02-03"], 8)


def test_the_other_fields(client: Client, world: World, requisition: Order) -> None:
    assert codes(client, requisition, "customer") == ["50101"]
    assert codes(client, requisition, "handler") == ["hmla01"]
    assert codes(client, requisition, "handler", "lantz") == ["hmla01"]
    assert set(codes(client, requisition, "payer")) == {"1784", "50101"}
    assert codes(client, requisition, "sender") == ["10", "50101"]
    assert codes(client, requisition, "sender", "hjälp") == ["10"]


def test_a_store_for_a_transfer(client: Client, world: World) -> None:
    client.force_login(world.per)
    assert codes(client, world.draft("lagerflytt", {world.chair: 1}), "recipient") == ["50101"]


@pytest.mark.parametrize("data", [{"orderer": ""}, {"orderer": "finns-inte"}, {"customer": "50301"}])
def test_says_what_comes_first(client: Client, requisition: Order, data: dict[str, str]) -> None:
    assertContains(ask(client, requisition, "recipient", **data), "Fyll i vem som beställer")


@pytest.mark.parametrize("text", ["astr", "fröding astrid", "19311104-9809", "311104 9809"])
def test_a_patient_is_a_hit_in_the_access_log(client: Client, world: World, prescription: Order, text: str) -> None:
    PatientFactory.create(name="Astrid Annan", municipality=world.other_store.owner.parent)
    assert codes(client, prescription, "recipient", text) == ["19311104-9809"]
    entry = AccessLogEntry.objects.get()
    assert (entry.get_act_display(), entry.patient, entry.about) == ("Sökträff", world.patient, str(prescription))
    assert SearchCount.objects.get().count == 1


def test_the_patients_prescribed_to_last(client: Client, world: World, prescription: Order) -> None:
    PatientFactory.create(municipality=world.arvika)
    world.draft("forskrivning", {world.chair: 1})
    assert codes(client, prescription, "recipient") == ["19311104-9809"]
    Patient.objects.update(protection=Protection.PROTECTED)
    assert codes(client, prescription, "recipient") == []


def test_a_protected_patient_is_chosen_by_the_number_typed(client: Client, world: World, prescription: Order) -> None:
    Patient.objects.update(protection=Protection.CONFIDENTIAL)
    assert codes(client, prescription, "recipient", "astrid") == []
    response = ask(client, prescription, "recipient", "311104-9809")
    assertContains(response, "Skyddade uppgifter")
    assertNotContains(response, "19311104")


def test_too_many_searches_and_too_few_letters(
    client: Client, world: World, prescription: Order, settings: Any
) -> None:
    assertContains(ask(client, prescription, "recipient", "as"), "minst tre")
    settings.PATIENT_SEARCHES_PER_MINUTE = 0
    assertContains(ask(client, prescription, "recipient", "astrid"), "Vänta en minut", status_code=429)
    assert not AccessLogEntry.objects.exists()


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_answers_whatever_is_typed(client: Client, world: World, prescription: Order, text: str) -> None:
    for field in ("orderer", "customer", "recipient", "handler", "payer", "sender"):
        assert ask(client, prescription, field, text).status_code == 200


@pytest.mark.parametrize("text", ["a\0b", "x" * 500])
def test_says_what_is_wrong(client: Client, requisition: Order, text: str) -> None:
    for field in ("orderer", "customer", "recipient"):
        response = ask(client, requisition, field, text)
        assert response.status_code == 422
        assert response.context["sentence"]


def test_a_part_that_says_so(client: Client, requisition: Order) -> None:
    response = ask(client, requisition, "recipient", "björk")
    assertNotContains(response, "<html")
    assertContains(response, 'role="option"')
    assertContains(ask(client, requisition, "recipient", "xyzzy"), "Inget att välja stämmer.")


def test_the_page_shows_a_magnifier_and_few_options(client: Client, world: World, requisition: Order) -> None:
    fill("parties_party", parent=world.arvika.pk)
    response = client.get(reverse("order_parties", args=[requisition.pk]))
    assertContains(response, 'aria-label="Välj mottagare"')
    assert response.content.count(b"<option") <= 4 * 50


def test_who_may_ask(client: Client, world: World, requisition: Order) -> None:
    url = reverse("order_choose", args=[requisition.pk])
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == client.post(f"{url}?falt=lines").status_code == 404
    client.force_login(world.anna)
    assert ask(client, requisition, "orderer").status_code == 404
    client.logout()
    assertRedirects(client.post(url), f"{reverse('login')}?next=%2F")


def test_nothing_is_scanned(world: World) -> None:
    for table in ("parties_party", "parties_user", "parties_patient"):
        fill(table, parent=world.arvika.pk)

    def look(by: User, code: str, text: str) -> None:
        order = world.draft(code, {world.chair: 1}, orderer=by)
        asked = Asked(order=order, by=by, on=timezone.localdate(), orderer=by.username, customer="50101")
        for field in ("orderer", "recipient", "handler", "payer"):
            list(choices(field, text, asked=asked, at=timezone.now()))

    for text in ("0a1b", "patient 0a1b", "x12", "björk", "arvika rehab"):
        for code in ("bestallning", "forskrivning"):
            for plan in plans_of(partial(look, world.anna, code, text)):
                for table in ("party", "user", "patient"):
                    assert f"Seq Scan on parties_{table} " not in plan, (text, plan)
