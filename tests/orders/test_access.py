"""Who may see and do what with which order: one table for each act, person by person."""

import pytest
from django.contrib.auth.models import Group

from inventory.models import Warehouse
from orders.access import (
    creatable_types,
    may_cancel,
    may_create,
    may_create_at,
    may_deliver,
    may_order_for,
    may_receive,
)
from orders.models import Order, OrderType
from orders.reading import WITH_ALL, read_orders
from parties.models import Party, Patient, User, UserCustomer
from tests.factories import CustomerFactory, OrderFactory, UserFactory
from tests.fixtures import Town

PEOPLE = ["anna", "per", "lina", "hakan", "other_prescriber", "other_staff"]
L, B, F = OrderType.TRANSFER, OrderType.REQUISITION, OrderType.PRESCRIPTION


def people(town: Town) -> dict[str, User]:
    return {name: User.objects.get(pk=getattr(town, name).pk) for name in PEOPLE}  # nothing remembered


@pytest.mark.parametrize(
    ("person", "types"),
    [
        ("anna", [B, F]),
        ("per", [L]),
        ("lina", [B]),
        ("hakan", []),
        ("other_prescriber", [B, F]),
        ("other_staff", [L]),
    ],
)
def test_who_creates_what(town: Town, person: str, types: list[OrderType]) -> None:
    user = people(town)[person]
    assert creatable_types(user) == types
    assert [type for type in (B, F, L) if may_create(user, type)] == types


@pytest.mark.parametrize("change", ["", "is_superuser", "is_active", "role there", "no role"])
def test_one_statement_says_the_same_of_whom_somebody_orders_for(town: Town, change: str) -> None:
    """Of every person, customer and type, also of one who has the role only at another unit, has all or is gone."""
    other_unit = CustomerFactory.create(parent=town.arvika)
    for user in people(town).values():
        link = UserCustomer.objects.create(user=user, customer=other_unit)
        if change in ("role there", "no role"):
            user.groups.clear()
        if change == "role there":
            link.roles.add(*Group.objects.filter(name__in=["Förskrivare", "Beställare"]))
        if change.startswith("is_"):
            setattr(user, change, change == "is_superuser")
            user.save()
        for customer in Party.objects.filter(is_customer=True):
            links = [own for own in user.memberships if own.customer_id == customer.pk]
            for type in OrderType:
                expected = any(may_create_at(user, own, type) for own in links)
                assert may_order_for(user, customer.pk, type) == expected, (user, customer, type)


def test_without_a_unit_nobody_creates(town: Town) -> None:
    assert creatable_types(UserFactory.create(role="Förskrivare")) == []


def test_without_a_role_nobody_does_anything(town: Town) -> None:
    order = town.register("lagerflytt", {town.chair: 1})
    visitor = UserFactory.create(customer=town.rehab)
    assert creatable_types(visitor) == []
    assert not any(may(visitor, order) for may in (may_deliver, may_receive, may_cancel))


@pytest.mark.parametrize(
    ("code", "delivers", "receives", "cancels"),
    [
        ("lagerflytt", ["hakan"], ["per"], ["anna", "per", "lina", "hakan"]),
        ("bestallning", ["hakan"], [], ["anna", "per", "lina", "hakan"]),
        ("direktbestallning", ["anna", "per", "lina"], [], ["anna", "per", "lina"]),
        ("forskrivning", ["hakan"], [], ["anna", "per", "lina", "hakan"]),
        ("direktforskrivning", ["anna", "per", "lina"], [], ["anna", "per", "lina"]),
    ],
)
def test_who_acts_on_what(town: Town, code: str, delivers: list[str], receives: list[str], cancels: list[str]) -> None:
    (order,) = read_orders([town.register(code, {town.chair: 1}).pk], WITH_ALL)
    users = people(town)
    assert [name for name, user in users.items() if may_deliver(user, order)] == delivers
    assert [name for name, user in users.items() if may_receive(user, order)] == receives
    assert [name for name, user in users.items() if may_cancel(user, order)] == cancels


def test_a_draft_without_sender_is_delivered_by_nobody(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1}, sender=None)
    assert not any(may_deliver(user, order) for user in people(town).values())


def seen_by(town: Town, order: Order) -> list[str]:
    return [name for name, user in people(town).items() if Order.objects.visible_to(user).filter(pk=order.pk)]


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("lagerflytt", ["anna", "per", "lina", "hakan"]),
        ("bestallning", ["anna", "per", "lina", "hakan"]),
        ("direktbestallning", ["anna", "per", "lina"]),
        ("direktforskrivning", ["anna", "per", "lina"]),
    ],
)
def test_an_order_is_seen_in_its_municipality_and_by_those_it_concerns(town: Town, code: str, who: list[str]) -> None:
    assert seen_by(town, town.register(code, {town.chair: 1})) == who


def test_a_draft_is_its_registrars_own(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1}, orderer=town.anna, registrar=town.lina)
    assert seen_by(town, order) == ["lina"]


def test_the_other_municipality_sees_its_own(town: Town) -> None:
    order = OrderFactory.create(code="lagerflytt", orderer=town.other_staff, lines=[(town.chair, 1)])
    assert seen_by(town, order) == ["other_staff"]


def test_without_a_unit_nothing_is_seen(town: Town) -> None:
    town.register("bestallning", {town.chair: 1})
    nobody = UserFactory.create()
    assert not Order.objects.visible_to(nobody)
    assert not Warehouse.objects.visible_to(nobody)
    assert not Patient.objects.visible_to(nobody)


def test_stores_and_patients_stay_within_the_municipality(town: Town) -> None:
    users = people(town)
    assert set(Warehouse.objects.visible_to(users["anna"])) == {town.central, town.store}
    assert set(Warehouse.objects.visible_to(users["hakan"])) == {town.central, town.store, town.other_store}
    assert list(Patient.objects.visible_to(users["anna"])) == [town.patient]
    assert not Patient.objects.visible_to(users["other_prescriber"])
