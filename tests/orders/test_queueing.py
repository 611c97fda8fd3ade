"""Moving somebody forward in a queue, and saying when goods are expected."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import StockLevel
from orders.models import CancelReason, EventKind, Notice, Order, OrderEvent, OrderLine
from orders.operations.canceling import cancel_order
from orders.operations.queueing import DayRefused, QueueHasChanged, move_forward, set_expected_date
from tests.fixtures import Town, build_town
from tests.racing import race, split


def queue(town: Town, length: int) -> list[Order]:
    return [town.register("bestallning", {town.chair: 1}) for _ in range(length)]


def in_order(town: Town) -> list[int]:
    lines = OrderLine.objects.waiting_at([(town.central.pk, town.chair.pk)]).in_queue_order()
    return list(lines.values_list("order_id", flat=True))


def move(town: Town, order: Order, reason: str = "Utskrivning i morgon") -> OrderLine:
    return move_forward(line_id=town.line(order).pk, reason=reason, by=town.hakan, at=town.now())


def expect(town: Town, day: date | None) -> StockLevel:
    level = StockLevel.objects.get(warehouse=town.central, article=town.chair)
    return set_expected_date(level_id=level.pk, day=day, by=town.hakan, at=town.now())


def test_who_is_moved_stands_first(town: Town) -> None:
    first, second, third = queue(town, 3)
    move(town, third)
    assert in_order(town) == [third.pk, first.pk, second.pk]
    move(town, second)
    assert in_order(town) == [second.pk, third.pk, first.pk]


def test_also_before_who_is_urgent(town: Town) -> None:
    urgent, other = queue(town, 2)
    Order.objects.filter(pk=urgent.pk).update(is_urgent=True)
    move(town, other)
    assert in_order(town) == [other.pk, urgent.pk]


def test_the_order_says_why_and_the_orderer_is_told(town: Town) -> None:
    _, order = queue(town, 2)
    move(town, order)
    event = order.events.get(kind=EventKind.MOVED_FORWARD)
    assert (event.actor, event.detail) == (town.hakan, "Utskrivning i morgon (14710 Duschpall)")
    assert [notice.user for notice in event.notices.all()] == [town.lina]


def test_the_first_stays_first_and_nothing_is_said(town: Town) -> None:
    first, _ = queue(town, 2)
    assert move(town, first).priority == 0
    assert not OrderEvent.objects.filter(kind=EventKind.MOVED_FORWARD).exists()


def test_who_no_longer_waits_is_not_moved(town: Town) -> None:
    _, order = queue(town, 2)
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    with pytest.raises(QueueHasChanged, match="väntar inte längre"):
        move(town, order)
    assert town.line(order).priority == 0


def test_a_day_is_told_to_everybody_in_the_queue_once(town: Town) -> None:
    orders = queue(town, 2)
    town.register("direktbestallning", {town.chair: 1})
    day = timezone.localdate(town.clock) + timedelta(days=71)
    for _ in range(2):
        assert expect(town, day).expected_on == day
    events = OrderEvent.objects.filter(kind=EventKind.EXPECTED).order_by("pk")
    assert [(event.order_id, event.detail) for event in events] == [
        (order.pk, "14710 Duschpall väntas 12 maj") for order in orders
    ]
    assert set(Notice.objects.values_list("user", flat=True)) == {town.lina.pk}


def test_a_day_can_be_taken_away(town: Town) -> None:
    (order,) = queue(town, 1)
    expect(town, timezone.localdate(town.clock))
    assert expect(town, None).expected_on is None
    assert order.events.latest("at").detail == "14710 Duschpall har inget väntat datum längre"


@pytest.mark.parametrize("days", [-1, 731])
def test_a_day_that_cannot_be_is_refused(town: Town, days: int) -> None:
    queue(town, 1)
    with pytest.raises(DayRefused, match="från och med i dag"):
        expect(town, timezone.localdate(town.clock) + timedelta(days=days))
    assert not StockLevel.objects.filter(expected_on__isnull=False).exists()


def test_a_queue_that_is_empty_expects_nothing(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    with pytest.raises(QueueHasChanged, match="Ingen väntar"):
        expect(town, timezone.localdate(town.clock))


def test_the_number_of_statements_does_not_grow_with_the_queue(town: Town) -> None:
    counts = []
    for length in (2, 20):
        orders = queue(town, length)
        with CaptureQueriesContext(connection) as moving:
            move(town, orders[-1])
        with CaptureQueriesContext(connection) as dating:
            expect(town, timezone.localdate(town.clock) + timedelta(days=length))
        counts.append((len(moving), len(dating)))
    assert counts[0] == counts[1] == (14, 10)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_move_at_once_neither_is_lost(transactional_db: None) -> None:
    """Each of the two gets a precedence of its own: without the lock both would get the same."""
    town = build_town()
    _, *moved = queue(town, 13)
    won, _ = split(race([partial(move, town, order) for order in moved]), QueueHasChanged)
    assert sorted(line.priority for line in won) == list(range(1, 13))
