"""Orders read in plain SQL are the same as Django reads them, with what they refer to."""

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import FieldFetchBlocked
from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_init, pre_init
from django.test.utils import CaptureQueriesContext

from orders.deliveries import DELIVERIES, deliveries_of
from orders.deliveries import LINES as SENT_LINES
from orders.models import Delivery, DeliveryLine, FailureReason, Order, OrderLine, OrderSubtype
from orders.operations.drafting import create_draft
from orders.operations.failing import fail_delivery
from orders.operations.receiving import Counted, receive_delivery
from orders.reading import (
    FOR_ACTS,
    FOR_STEP,
    LINES_IN_FULL,
    LINES_TO_PICK,
    LISTED,
    ORDERS_TO_PICK,
    SENT,
    WITH_ALL,
    read_lines,
    read_orders,
    read_visible,
)
from parties.reading import HERE, Reader
from tests.factories import CustomerFactory, UserFactory
from tests.fixtures import Town
from tests.registered import World

KINDS = ["bestallning", "forskrivning", "lagerflytt", "direktbestallning", "direktforskrivning"]


READERS: list[Reader[Order]] = [LISTED, ORDERS_TO_PICK, WITH_ALL, FOR_STEP]


def compare(read: Any, made: Any, reader: Reader[Any]) -> None:
    """All columns of all that is read, with what Django reads of the same row."""
    pairs = {HERE: (read, made)}
    for part in reader.parts:
        if part.field:
            if part.holder not in pairs:
                continue
            pair = [getattr(each, part.field.name, None) for each in pairs[part.holder]]
            assert pair[0] == pair[1]
            if not pair[0]:
                continue
            pairs[part.path] = (pair[0], pair[1])
        mine, djangos = ([getattr(each, name) for name in part.columns] for each in pairs[part.path])
        assert mine == djangos
        states = [(each._state.adding, each._state.db) for each in pairs[part.path]]
        assert states[0] == states[1]
        unread = {field.attname for field in part.model._meta.concrete_fields} - set(part.columns)
        assert pairs[part.path][0].get_deferred_fields() == unread


def test_a_model_does_nothing_when_it_is_made() -> None:
    """A reader makes its objects without asking it, and tells nobody."""
    ours = [
        model for model in apps.get_models() if model._meta.app_label in ("audit", "parties", "inventory", "orders")
    ]
    assert len(ours) > 30
    for model in ours:
        assert model.__init__ is Model.__init__
        assert model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]  # of a class method
        assert not pre_init.has_listeners(model)
        assert not post_init.has_listeners(model)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_read_is_right(world: World, kind: str, reader: Reader[Order]) -> None:
    made = Order.objects.get(pk=world.order(kind).pk)
    (read,) = read_orders([made.pk], reader)
    with CaptureQueriesContext(connection) as queries:
        for part in reader.parts[1:]:
            assert part.holder != HERE or getattr(read, part.path) is None or getattr(read, part.path).pk
    assert not queries
    compare(read, made, reader)


def test_a_draft_has_less(town: Town) -> None:
    draft = create_draft(
        key=uuid4(), subtype=OrderSubtype.objects.get(code="forskrivning"), by=town.anna, at=town.now()
    )
    (read,) = read_orders([draft.pk], FOR_STEP)
    compare(read, Order.objects.get(pk=draft.pk), FOR_STEP)
    assert (read.handler, read.recipient) == (None, None)


def test_lines_are_read_in_their_order_with_all_that_they_refer_to(world: World) -> None:
    order = world.register("bestallning", {world.chair: 2, world.walker: 3})
    made = list(order.lines.order_by("position", "pk"))
    OrderLine.objects.filter(pk=made[1].pk).update(substitutes=made[0], claimed_by=world.hakan, claimed_at=world.now())
    for reader in (LINES_TO_PICK, LINES_IN_FULL):
        read = read_lines(order, reader)
        assert read == made
        for mine in read:
            assert mine.order is order
            compare(mine, OrderLine.objects.get(pk=mine.pk), reader)
    assert read[1].substitutes == made[0]


def test_deliveries_are_read_with_how_they_ended(world: World) -> None:
    """Received with a difference, come back, and on its way: what is not there is known not to be, without asking."""
    received, failed, underway = (world.delivered_transfer() for _ in range(3))
    (line,) = received.lines.all()
    at = world.now()
    counted = {line.pk: Counted(received=1, missing=1, reason="Saknas.")}
    receive_delivery(delivery_id=received.pk, by=world.per, at=at, counted=counted)
    fail_delivery(delivery_id=failed.pk, reason=FailureReason.OTHER, note="", by=world.hakan, at=at)
    for delivery in (received, failed, underway):
        with CaptureQueriesContext(connection) as queries:
            (row,) = deliveries_of(delivery.order, read_lines(delivery.order))
            assert row.has_ended is (delivery != underway)
            assert row.is_unsettled is (delivery == received)
        assert len(queries) == (4 if delivery == received else 3)
        compare(row.delivery, Delivery.objects.get(pk=delivery.pk), DELIVERIES)
        (mine,) = row.lines
        compare(mine, DeliveryLine.objects.get(pk=mine.pk), SENT_LINES)


def test_one_sees_the_same_orders_as_in_a_list(world: World) -> None:
    """`read_visible` says in SQL what `visible_to` says: drafts, own municipality, lager 10, another municipality."""
    keys = [world.order(kind).pk for kind in KINDS]
    elsewhere = CustomerFactory.create()
    drafts = [world.begun(kind, by=world.anna).pk for kind in ("forskrivning", "bestallning")]
    Order.objects.filter(pk=drafts[0]).update(municipality=elsewhere.municipality_id)
    foreign = [world.order(kind).pk for kind in ("lagerflytt", "direktbestallning")]
    Order.objects.filter(pk__in=foreign).update(municipality=elsewhere.municipality_id)
    keys += drafts + foreign
    seen = set()
    for user in [world.anna, world.per, world.lina, world.hakan, UserFactory.create()]:
        visible = set(Order.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
        assert {pk for pk in keys if read_visible(pk, user, FOR_ACTS)} == visible
        seen.add(frozenset(visible))
    assert len(seen) > 3, "they see different orders, or nothing is compared"
    assert read_visible(max(keys) + 1, world.hakan, FOR_ACTS) is None


def test_one_statement_and_no_more_afterwards(world: World) -> None:
    keys = [world.order(kind).pk for kind in KINDS]
    with CaptureQueriesContext(connection) as queries:
        orders = read_orders(reversed(keys))
        assert all(order.recipient_label and order.sender and order.sender.owner.name for order in orders)
    assert len(queries) == 1
    assert [order.pk for order in orders] == keys[::-1]
    assert orders[0].orderer
    with pytest.raises(FieldFetchBlocked):
        _ = orders[0].orderer.username


def test_what_is_gone_is_left_out(world: World) -> None:
    order = world.order("bestallning")
    assert read_orders([order.pk + 1, order.pk]) == [order]
    assert read_orders([]) == []


def test_deliveries_to_stores_are_read_as_django_reads_them(world: World) -> None:
    keys = [world.delivered_transfer(quantity=quantity).pk for quantity in (3, 1)]
    sent = SENT.in_order(keys[::-1])
    assert [delivery.pk for delivery in sent] == keys[::-1]
    for delivery in sent:
        made: Any = Delivery.objects.get(pk=delivery.pk)
        assert (delivery.number, delivery.at) == (made.number, made.at)
        assert str(delivery.order) == str(made.order)
        assert str(delivery.order.sender) == str(made.order.sender)
        assert str(delivery.order.recipient_warehouse) == str(made.order.recipient_warehouse)
        assert delivery.line_count == made.lines.count()
        assert delivery.unit_count == sum(line.quantity for line in made.lines.all())


def test_one_row_read_in_two_ways(world: World) -> None:
    """The payer, of whom the name alone is read, is the customer, who is read whole."""
    order = world.order("bestallning", quantity=1)
    Order.objects.filter(pk=order.pk).update(payer=order.customer)
    reader = Reader(Order, "payer", "customer", only={"payer": ("id", "name")}, is_sealed=True)
    (read,) = reader.read(f'"{HERE}".id = %s', [order.pk])
    assert (read.payer, str(read.customer)) == (order.customer, str(order.customer))
