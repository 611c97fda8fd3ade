"""A back order taken from the own store instead."""

from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import CancelReason, EventKind, Notice, Order, OrderState, OrderSubtype
from orders.operations.canceling import cancel_order
from orders.operations.delivering import Pick
from orders.operations.own_store import own_source, take_from_own_store
from orders.operations.waiting import LineDoesNotWait, WayOutRefused
from orders.reconciling import differences
from parties.models import User
from tests.factories import ArticleFactory
from tests.fixtures import Town, build_town
from tests.racing import race, split


def take(
    town: Town, order: Order, quantity: int, *, key: UUID | None = None, by: User | None = None, line_id: int = 0
) -> Order:
    return take_from_own_store(
        order_id=order.pk,
        line_id=line_id or order.lines.order_by("position")[0].pk,
        quantity=quantity,
        key=key or uuid4(),
        by=by or town.lina,
        at=town.now(),
    )


def test_a_direct_order_is_registered_for_the_rest(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    town.stock(town.store, town.chair, 5)
    order = town.register("bestallning", {town.chair: 3})
    direct = take(town, order, 2)
    assert (direct.subtype.code, direct.state, direct.origin, direct.sender) == (
        "direktbestallning",
        OrderState.REGISTERED,
        order,
        town.store,
    )
    assert (direct.orderer, direct.registrar, direct.customer, direct.payer, direct.recipient) == (
        order.orderer,
        town.lina,
        order.customer,
        order.payer,
        town.unit,
    )
    assert (town.line(direct).quantity, town.line(direct).reserved) == (2, 2)
    line = town.line(order)
    assert (line.reserved, line.canceled, line.backordered) == (1, 2, 0)
    assert town.level(town.store, town.chair) == (5, 2, 0)
    assert town.level(town.central, town.chair) == (1, 1, 0)
    assert differences() == []


def test_both_orders_say_where_the_other_is(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    order = town.register("bestallning", {town.chair: 2})
    direct = take(town, order, 2)
    details = [told.events.get(kind=EventKind.OWN_STORE).detail for told in (order, direct)]
    assert details == [
        f"2 st 14710 Duschpall från 50101 Arvika kommunlager: {direct.number}",
        f"2 st 14710 Duschpall i stället för {order.number}",
    ]


def test_a_prescription_becomes_a_direct_prescription_to_the_same_patient(town: Town) -> None:
    town.devices(town.store, town.walker, 1)
    order = town.register("forskrivning", {town.walker: 1})
    direct = take(town, order, 1, by=town.anna)
    assert (direct.subtype.code, direct.recipient) == ("direktforskrivning", town.patient)


def test_what_is_taken_for_all_of_an_order_closes_it(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    order = town.register("bestallning", {town.chair: 2})
    take(town, order, 2)
    order.refresh_from_db()
    assert (order.state, order.cancel_reason) == (OrderState.CANCELED, CancelReason.NOT_AVAILABLE)


def test_a_part_can_be_taken_and_the_other_part_waits_on(town: Town) -> None:
    town.stock(town.store, town.chair, 1)
    order = town.register("bestallning", {town.chair: 3})
    take(town, order, 1)
    order.refresh_from_db()
    assert (town.line(order).backordered, town.line(order).canceled, order.state) == (2, 1, OrderState.REGISTERED)


def test_after_a_part_was_delivered_the_rest_can_be_taken(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    town.stock(town.store, town.chair, 5)
    order = town.register("bestallning", {town.chair: 3})
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    take(town, order, 2)
    order.refresh_from_db()
    assert (town.line(order).delivered, town.line(order).canceled, order.state) == (1, 2, OrderState.DELIVERED)


def test_a_colleague_tells_the_orderer(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    order = town.register("bestallning", {town.chair: 2})
    take(town, order, 2, by=town.anna)
    told = Notice.objects.filter(event__order=order).values_list("user", "event__kind")
    assert set(told) == {(town.lina.pk, EventKind.OWN_STORE)}


def test_the_same_key_again_is_the_same_order(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    order, key = town.register("bestallning", {town.chair: 3}), uuid4()
    assert take(town, order, 1, key=key) == take(town, order, 1, key=key)
    assert town.level(town.store, town.chair) == (5, 1, 0)
    other = town.register("bestallning", {town.chair: 3})
    with pytest.raises(WayOutRefused, match="hör till en annan order"):
        take(town, other, 1, key=key)


@pytest.mark.parametrize(("quantity", "words"), [(0, "från 1 till 3"), (4, "från 1 till 3"), (3, "Bara 2 finns i")])
def test_a_quantity_that_cannot_be_is_refused(town: Town, quantity: int, words: str) -> None:
    town.stock(town.store, town.chair, 2)
    order = town.register("bestallning", {town.chair: 3})
    with pytest.raises(WayOutRefused, match=words):
        take(town, order, quantity)
    assert (Order.objects.count(), town.line(order).backordered) == (1, 3)


def test_who_no_longer_waits_is_refused(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    order = town.register("bestallning", {town.chair: 3})
    town.stock(town.central, town.chair, 9)
    reserved = town.register("bestallning", {town.chair: 3})
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    for served in (order, reserved):
        with pytest.raises(LineDoesNotWait, match="väntar inte längre"):
            take(town, served, 1)


def test_where_the_own_store_is_no_way_out(town: Town) -> None:
    transfer = town.register("lagerflytt", {town.chair: 1})
    direct = town.register("direktbestallning", {town.chair: 1})
    assert (own_source(transfer), own_source(direct)) == (None, None)
    with pytest.raises(WayOutRefused, match="eget lager"):
        take(town, transfer, 1, by=town.per)
    order = town.register("bestallning", {town.chair: 1})
    assert own_source(order)
    OrderSubtype.objects.filter(code="direktbestallning").update(is_hidden=True)
    assert own_source(order) is None


def test_a_right_that_has_ended_is_refused_and_nothing_changes(town: Town) -> None:
    town.stock(town.store, town.chair, 5)
    order = town.register("forskrivning", {town.chair: 2})
    town.anna.prescribing_rights.all().delete()
    with pytest.raises(WayOutRefused, match="förskrivningsrätt"):
        take(town, order, 2, by=town.anna)
    assert (Order.objects.count(), town.line(order).backordered) == (1, 2)
    assert town.level(town.store, town.chair) == (5, 0, 0)


def statements(town: Town, lines: int) -> int:
    articles = [ArticleFactory.create() for _ in range(lines)]
    town.stock(town.store, articles[0], 2)
    order = town.register("bestallning", dict.fromkeys(articles, 2))
    with CaptureQueriesContext(connection) as queries:
        take(town, order, 2)
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town) -> None:
    assert statements(town, 3) == statements(town, 15) <= 40


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_ten_take_the_same_rest_at_once(transactional_db: None) -> None:
    """From ten pages: one order is made, and nine are told that the line no longer waits."""
    town = build_town()
    town.stock(town.store, town.chair, 50)
    order = town.register("bestallning", {town.chair: 3})
    won, refused = split(race([partial(take, town, order, 3) for _ in range(10)]), LineDoesNotWait)
    assert (len(won), len(refused)) == (1, 9)
    assert town.level(town.store, town.chair) == (50, 3, 0)
    assert town.line(order).canceled == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_last_one_in_the_store_is_taken_once(transactional_db: None) -> None:
    """By ten orders that wait, while two others register for it."""
    town = build_town()
    orders = [town.register("bestallning", {town.chair: 1}) for _ in range(10)]
    town.stock(town.store, town.chair, 1)
    won, refused = split(race([partial(take, town, order, 1) for order in orders]), WayOutRefused)
    assert (len(won), len(refused)) == (1, 9)
    assert town.level(town.store, town.chair) == (1, 1, 0)
    assert differences() == []
