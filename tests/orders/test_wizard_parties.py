from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.models import Order
from parties.models import Protection
from tests.factories import CareUnitFactory, CustomerFactory, PatientFactory, UserFactory
from tests.fixtures import Town

from .wizard import post, snapshot, url

FILLED = {"customer": "50101", "payer": "50101", "sender": "10"}


@pytest.fixture
def requisition(client: Client, town: Town) -> Order:
    client.force_login(town.lina)
    return town.draft("bestallning", {town.chair: 1})


@pytest.fixture
def prescription(client: Client, town: Town) -> Order:
    client.force_login(town.anna)
    return town.draft("forskrivning", {town.chair: 1}, recipient_patient=None)


def save(client: Client, order: Order, **data: Any) -> Any:
    """*Registrera orderrader* with a complete form, but for what is given."""
    whole = {"version": order.version, "recipient": "01-05", **FILLED, **data}
    return post(client, "parties", order, **whole)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return dict(response.context["form"].errors)


def test_shows_the_parties_and_where_it_goes(client: Client, requisition: Order) -> None:
    response = client.get(url("parties", requisition))
    assertContains(response, "10 Hjälpmedelsservice")
    assertContains(response, 'aria-label="Verifiera"', count=1)
    for label in ("Beställare", "Kund", "Mottagare", "Handläggare", "Betalare", "Avsändare / lager"):
        assertContains(response, f">{label}</label>")


def test_a_prescription_has_a_prescriber(client: Client, prescription: Order) -> None:
    assertContains(client.get(url("parties", prescription)), ">Förskrivare</label>")


def test_saves_and_goes_on(client: Client, town: Town, requisition: Order) -> None:
    response = save(client, requisition, orderer="anbe01", handler="hmla01")
    assertRedirects(response, url("lines", requisition))
    requisition.refresh_from_db()
    assert (requisition.orderer, requisition.registrar) == (town.anna, town.lina)
    assert (requisition.recipient_unit, requisition.handler) == (town.unit, town.hakan)


def test_a_draft_that_was_changed_in_another_tab(client: Client, requisition: Order) -> None:
    save(client, requisition, orderer="lini01", recipient="50101")
    before = snapshot(requisition)
    response = save(client, requisition, orderer="lini01")
    assertContains(response, "annan flik", status_code=422)
    assert snapshot(requisition) == before


# The tick


def test_verify_fills_in_and_saves_nothing(client: Client, town: Town, requisition: Order) -> None:
    before = snapshot(requisition)
    response = post(client, "parties", requisition, version="0", orderer="anbe01", verify="orderer")
    assertContains(response, "Anna Bergqvist")
    data = response.context["form"].data
    assert [data[name] for name in ("customer", "recipient", "payer", "sender")] == ["50101", "50101", "50101", "10"]
    assert snapshot(requisition) == before


def test_verify_answers_htmx_with_its_part(client: Client, requisition: Order) -> None:
    data: dict[str, Any] = {"version": "0", "orderer": "anbe01", "verify": "orderer"}
    part = post(client, "parties", requisition, htmx=True, **data)
    assert part.content.decode().lstrip().startswith("<form")
    assertNotContains(part, "<html")
    assert "HX-Request" in part.headers["Vary"]
    assertContains(post(client, "parties", requisition, **data), "<html")


@pytest.mark.parametrize("username", ["finns-inte", "pene01", "jolu01", "", "a\0b", "x" * 10_000, "<b>"])
def test_verify_refused_fills_in_nothing(client: Client, requisition: Order, username: str) -> None:
    before = snapshot(requisition)
    response = post(
        client, "parties", requisition, version="0", orderer=username, customer="77", recipient="88", verify="orderer"
    )
    assert list(errors(response)) == ["orderer"]
    data = response.context["form"].data
    assert (data["customer"], data["recipient"], data["orderer"]) == ("77", "88", username)
    assert snapshot(requisition) == before


def test_verify_of_a_prescriber_keeps_the_patient(client: Client, town: Town, prescription: Order) -> None:
    response = post(
        client, "parties", prescription, version="0", orderer="anbe01", recipient="19311104-9809", verify="orderer"
    )
    assert response.status_code == 200
    assertContains(response, "Astrid Fröding")


def test_a_prescriber_without_the_right(client: Client, town: Town, prescription: Order) -> None:
    UserFactory.create(username="utan01", role="Förskrivare", customer=town.rehab)
    assert "orderer" in errors(save(client, prescription, orderer="utan01", recipient="19311104-9809"))


# Recipients


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        ("19311104-9809", "inte till en patient"),
        ("10", "vårdenhet"),
        ("50301", "vårdenhet"),
        ("99-99", "ingen vårdenhet"),
        ("", "vårdenhetens nummer"),
        ("a\0b", ""),
        ("x" * 10_000, ""),
        ("<script>", "ingen vårdenhet"),
    ],
)
def test_recipients_of_a_requisition_that_are_refused(
    client: Client, requisition: Order, recipient: str, words: str
) -> None:
    before = snapshot(requisition)
    found = errors(save(client, requisition, orderer="lini01", recipient=recipient))
    assert list(found) == ["recipient"]
    assert words in found["recipient"][0]
    assert snapshot(requisition) == before


def test_a_customer_that_is_no_care_unit_is_no_recipient(client: Client, town: Town, requisition: Order) -> None:
    CustomerFactory.create(number="50199", parent=town.arvika, is_care_unit=False)
    assert "recipient" in errors(save(client, requisition, orderer="lini01", recipient="50199"))


def test_a_transfer_goes_to_a_store_of_the_municipality(client: Client, town: Town) -> None:
    order = town.draft("lagerflytt", {town.chair: 1})
    client.force_login(town.per)
    for recipient in ("50301", "10", "01-05"):
        assert "recipient" in errors(save(client, order, orderer="pene01", recipient=recipient))
    assertRedirects(save(client, order, orderer="pene01", recipient="50101"), url("lines", order))


@pytest.mark.parametrize("text", ["19311104-9809", "311104-9809", "193111049809", "astrid", "fröding astrid"])
def test_a_patient_in_any_usual_writing(client: Client, town: Town, prescription: Order, text: str) -> None:
    assertRedirects(save(client, prescription, orderer="anbe01", recipient=text), url("lines", prescription))
    prescription.refresh_from_db()
    assert prescription.recipient_patient == town.patient


@pytest.mark.parametrize("text", ["19311104-9808", "1931", "Ingen Alls", "", "x" * 10_000, "a\0b"])
def test_no_such_patient(client: Client, prescription: Order, text: str) -> None:
    assert list(errors(save(client, prescription, orderer="anbe01", recipient=text))) == ["recipient"]


def test_a_patient_of_another_municipality_is_unknown(client: Client, town: Town, prescription: Order) -> None:
    PatientFactory.create(name="Selma Annanstans", municipality=town.other_store.owner.parent)
    assert "recipient" in errors(save(client, prescription, orderer="anbe01", recipient="selma"))


def test_a_patient_who_has_died(client: Client, town: Town, prescription: Order) -> None:
    PatientFactory.create(name="Gösta Borta", municipality=town.arvika, deceased_on="2026-01-01")
    assert "avliden" in errors(save(client, prescription, orderer="anbe01", recipient="gösta"))["recipient"][0]


def test_one_of_several_patients_is_chosen(client: Client, town: Town, prescription: Order) -> None:
    second = PatientFactory.create(name="Astrid Zorn", municipality=town.arvika)
    response = post(
        client, "parties", prescription, version="0", orderer="anbe01", recipient="astrid", verify="recipient"
    )
    assert response.context["patients"] == [town.patient, second]
    assertContains(response, "Välj patient")
    assert "recipient" in errors(save(client, prescription, orderer="anbe01", recipient="astrid"))
    assert "recipient" in errors(save(client, prescription, orderer="anbe01", recipient="astrid", patient="9" * 30))
    save(client, prescription, orderer="anbe01", recipient="astrid", patient=second.pk)
    prescription.refresh_from_db()
    assert prescription.recipient_patient == second


def test_a_protected_patient_is_never_named(client: Client, town: Town, prescription: Order) -> None:
    hidden = PatientFactory.create(name="Hemlig Person", municipality=town.arvika, protection=Protection.PROTECTED)
    assert "recipient" in errors(save(client, prescription, orderer="anbe01", recipient="hemlig"))
    response = post(
        client,
        "parties",
        prescription,
        version="0",
        orderer="anbe01",
        recipient=hidden.identity_number,
        verify="recipient",
    )
    assertContains(response, "Skyddade uppgifter")
    assertNotContains(response, "Hemlig")
    assertRedirects(
        save(client, prescription, orderer="anbe01", recipient=hidden.identity_number), url("lines", prescription)
    )
    page = client.get(url("parties", prescription))
    assertNotContains(page, "Hemlig")
    assertNotContains(page, hidden.identity_number)
    prescription.refresh_from_db()
    save(client, prescription, orderer="anbe01", recipient="Skyddade uppgifter")
    prescription.refresh_from_db()
    assert prescription.recipient_patient == hidden


# The other parties


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer", "50301"),
        ("payer", "50301"),
        ("payer", "a\0b"),
        ("handler", "anbe01"),
        ("handler", "finns-inte"),
        ("sender", "50301"),
        ("sender", "x" * 10_000),
        ("version", "1.5"),
    ],
)
def test_codes_that_are_not_theirs(client: Client, requisition: Order, field: str, value: str) -> None:
    before = snapshot(requisition)
    response = save(client, requisition, **{"orderer": "lini01", field: value})
    assert list(errors(response)) == [field]
    assert response.context["form"].data[field] == value
    assert snapshot(requisition) == before


def test_payer_and_sender_follow_when_they_are_left_empty(client: Client, town: Town, requisition: Order) -> None:
    assertRedirects(save(client, requisition, orderer="lini01", payer="", sender=""), url("lines", requisition))
    requisition.refresh_from_db()
    assert (requisition.payer, requisition.sender) == (town.rehab, town.central)


def test_another_customer_takes_its_payer_and_store_along(client: Client, town: Town) -> None:
    order = town.draft("direktbestallning", {town.chair: 1})
    second = CustomerFactory.create(number="50102", parent=town.arvika)
    town.lina.customer_links.create(customer=second)
    client.force_login(town.lina)
    response = save(client, order, orderer="lini01", customer="50102", sender="50101")
    assert "inget eget kommunlager" in errors(response)["sender"][0]
    order.refresh_from_db()
    assert order.customer == town.rehab


@pytest.mark.parametrize(
    ("code", "sender", "other"),
    [("direktbestallning", "10", "bestallning"), ("bestallning", "50101", "direktbestallning")],
)
def test_another_sender_asks_for_the_subtype_and_one_press_does_it(
    client: Client, town: Town, code: str, sender: str, other: str
) -> None:
    order = town.draft(code, {town.chair: 1})
    client.force_login(town.lina)
    before = snapshot(order)
    response = save(client, order, orderer="lini01", sender=sender)
    assert f"Lager {sender} hör till" in errors(response)["sender"][0]
    assertContains(response, f'name="switch" value="{other}"', status_code=422)
    assert snapshot(order) == before
    assertRedirects(save(client, order, orderer="lini01", sender=sender, switch=other), url("parties", order))
    order.refresh_from_db()
    assert order.sender is not None
    assert (order.subtype.code, order.sender.number, order.recipient_unit) == (other, sender, town.unit)


def test_a_transfer_never_comes_from_the_own_store(client: Client, town: Town) -> None:
    order = town.draft("lagerflytt", {town.chair: 1})
    client.force_login(town.per)
    found = errors(save(client, order, orderer="pene01", recipient="50101", sender="50101"))
    assert "Lager 50101 kan inte skicka till sig självt." in found["sender"][0]


def test_an_unknown_sender_is_answered_with_those_that_the_type_has(client: Client, town: Town) -> None:
    order = town.draft("lagerflytt", {town.chair: 1})
    client.force_login(town.per)
    found = errors(save(client, order, orderer="pene01", recipient="50101", sender="99"))
    assert found["sender"] == ["Du kan inte ta från lager 99. Välj 10."]


def test_suggests_what_can_be_chosen(client: Client, town: Town, requisition: Order) -> None:
    CareUnitFactory.create(number="03-05", name="Gullvivan", parent=town.other_store.owner.parent)
    response = client.get(url("parties", requisition))
    assertContains(response, '<option value="01-05">Björkbacken</option>')
    assertNotContains(response, "Gullvivan")
