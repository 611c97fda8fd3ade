from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group

from orders.completeness import missing_for_registration
from orders.models import Order
from parties.models import UserCustomer
from tests.factories import ArticleFactory, CustomerFactory, UserFactory
from tests.fixtures import Town

DAY = date(2026, 3, 2)


def missing(order: Order) -> list[str]:
    fresh = Order.objects.get(pk=order.pk)
    return missing_for_registration(fresh, list(fresh.lines.for_order_page()), on=DAY)


@pytest.mark.parametrize(
    "code", ["lagerflytt", "bestallning", "direktbestallning", "forskrivning", "direktforskrivning"]
)
def test_a_complete_draft_lacks_nothing(town: Town, code: str) -> None:
    assert missing(town.draft(code, {town.chair: 1, town.walker: 1})) == []


@pytest.mark.parametrize(
    ("code", "without", "sentence"),
    [
        ("bestallning", "orderer", "Ange och verifiera beställare."),
        ("forskrivning", "orderer", "Ange och verifiera förskrivare."),
        ("bestallning", "customer", "Ange kund och betalare."),
        ("bestallning", "payer", "Ange kund och betalare."),
        ("bestallning", "sender", "Ange avsändare / lager."),
        ("lagerflytt", "recipient_warehouse", "Välj mottagande lager."),
        ("bestallning", "recipient_unit", "Välj mottagande vårdenhet."),
        ("forskrivning", "recipient_patient", "Välj vilken patient du förskriver till."),
    ],
)
def test_each_thing_that_lacks_has_its_sentence(town: Town, code: str, without: str, sentence: str) -> None:
    order = town.draft(code, {town.chair: 1})
    lacking: dict[str, Any] = {without: None}
    Order.objects.filter(pk=order.pk).update(**lacking)
    assert missing(order) == [sentence]


def test_an_orderer_who_has_left_since_the_tick(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1}, registrar=town.anna)
    town.lina.is_active = False
    town.lina.save(update_fields=["is_active"])
    assert missing(order) == ["Lina Nilsson är inaktiv. Ange och verifiera en annan."]


def test_everything_that_lacks_is_said_at_once(town: Town) -> None:
    order = town.draft("bestallning", {}, sender=None)
    assert missing(order) == ["Ange avsändare / lager.", "Lägg till minst en orderrad."]


def test_the_sender_fits_the_subtype(town: Town) -> None:
    own = town.draft("bestallning", {town.chair: 1}, sender=town.store)
    central = town.draft("direktbestallning", {town.chair: 1}, sender=town.central)
    assert missing(own) == ["Avsändaren stämmer inte med beställning."]
    assert missing(central) == ["Avsändaren stämmer inte med direktbeställning."]


def test_nothing_is_prescribed_to_the_dead(town: Town) -> None:
    town.patient.deceased_on = DAY
    town.patient.save(update_fields=["deceased_on"])
    assert missing(town.draft("forskrivning", {town.chair: 1})) == ["Patienten är avliden. Inget mer kan förskrivas."]


def test_an_article_that_cannot_be_ordered_any_more(town: Town) -> None:
    old = ArticleFactory.create(number="14001", name="Äldre pall", is_orderable=False)
    order = town.draft("bestallning", {town.chair: 1, old: 1})
    assert missing(order) == ["14001 Äldre pall går inte att beställa. Ta bort raden."]


def test_each_article_outside_the_right_is_named(town: Town) -> None:
    lift = ArticleFactory.create(number="15700", name="Personlyft", iso_code="123603")
    town.anna.prescribing_rights.filter(iso_prefix="12").update(iso_prefix="1206")
    order = town.draft("forskrivning", {town.chair: 1, town.walker: 1, lift: 1})
    assert missing(order) == [
        "Anna Bergqvist har inte förskrivningsrätt för 15700 Personlyft (ISO 12 36 03)."
        " Ingen i kommunen får förskriva den i dag."
    ]


def test_no_right_at_all_allows_nothing(town: Town) -> None:
    nobody = UserFactory.create(name="Nils Ny", customer=town.rehab, role="Förskrivare")
    order = town.draft("forskrivning", {town.chair: 1}, orderer=nobody)
    assert missing(order) == [
        "Nils Ny har inte förskrivningsrätt för 14710 Duschpall (ISO 09 33 07). Anna Bergqvist får förskriva den."
    ]


def test_a_role_that_was_lost_after_the_tick(town: Town) -> None:
    order = town.draft("forskrivning", {town.chair: 1})
    town.anna.groups.set([Group.objects.get(name="Beställare")])
    assert missing(Order.objects.get(pk=order.pk)) == [
        "Anna Bergqvist är inte längre förskrivare hos kunden. Ange och verifiera en annan."
    ]


def test_a_role_that_is_held_at_another_unit(town: Town) -> None:
    """Anna prescribes for 01-06 from now on, and the draft is for 50101."""
    order = town.draft("forskrivning", {town.chair: 1})
    town.anna.groups.clear()
    elsewhere = UserCustomer.objects.create(user=town.anna, customer=CustomerFactory.create(parent=town.arvika))
    elsewhere.roles.add(Group.objects.get(name="Förskrivare"))
    assert "hos kunden" in missing(Order.objects.get(pk=order.pk))[0]
    town.anna.customer_links.get(customer=town.rehab).roles.add(Group.objects.get(name="Förskrivare"))
    assert missing(Order.objects.get(pk=order.pk)) == []


def test_an_orderer_who_works_elsewhere_since_the_tick(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    town.lina.customer_links.update(customer=town.other_store.owner)
    assert missing(Order.objects.get(pk=order.pk)) == [
        "Lina Nilsson får inte längre göra beställningar för kunden. Ange och verifiera en annan."
    ]


def test_a_requisition_asks_for_no_right(town: Town) -> None:
    town.anna.prescribing_rights.all().delete()
    assert missing(town.draft("bestallning", {town.chair: 1}, orderer=town.anna)) == []
