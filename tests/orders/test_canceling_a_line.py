from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import CancelReason, EventKind, Notice, Order, OrderLine, OrderState
from orders.operations.canceling import OrderCannotBeCanceled, cancel_order, cancel_rest_of_line
from orders.operations.delivering import Pick
from orders.operations.locking import OrderHasChanged
from parties.models import User
from tests.factories import ArticleFactory
from tests.fixtures import Town


def cancel_line(town: Town, line: OrderLine, *, by: User | None = None) -> Order:
    return cancel_rest_of_line(
        order_id=line.order_id,
        line_id=line.pk,
        reason=CancelReason.WRONG_ARTICLE,
        by=by or town.lina,
        at=town.now(),
    )


def claim(town: Town, order: Order) -> None:
    order.lines.update(claimed_by=town.hakan, claimed_at=town.now())


def test_only_that_line_is_canceled(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    town.devices(town.central, town.walker, 2)
    order = town.register("bestallning", {town.chair: 3, town.walker: 2})
    cancel_line(town, town.line(order, town.chair))
    order.refresh_from_db()
    line, other = town.line(order, town.chair), town.line(order, town.walker)
    assert (line.reserved, line.canceled, line.remaining) == (0, 3, 0)
    assert (other.reserved, other.canceled) == (2, 0)
    assert (order.state, order.canceled_at, order.cancel_reason) == (OrderState.REGISTERED, None, "")
    assert town.level(town.central, town.chair) == (5, 0, 0)
    event = order.events.latest("at")
    assert (event.kind, event.actor) == (EventKind.LINE_CANCELED, town.lina)
    assert event.detail == "3 st 14710 Duschpall: Fel artikel"


def test_the_next_who_waits_gets_what_it_held(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    first, second = (town.register("bestallning", {town.chair: 3}) for _ in range(2))
    cancel_line(town, town.line(first))
    assert town.line(second).reserved == 3
    assert town.level(town.central, town.chair) == (3, 3, 0)


def test_what_has_been_delivered_of_the_line_stays(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("lagerflytt", {town.chair: 5})
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    order = cancel_line(town, town.line(order))
    line = town.line(order)
    assert (line.delivered, line.reserved, line.canceled, order.state) == (1, 0, 4, OrderState.IN_TRANSIT)
    assert order.canceled_at is None


def test_the_last_line_cancels_the_order(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 3, town.walker: 2})
    cancel_line(town, town.line(order, town.chair))
    order = cancel_line(town, town.line(order, town.walker))
    assert (order.state, order.cancel_reason, order.canceled_at) == ("CANCELED", "WRONG_ARTICLE", town.clock)


def test_nobody_picks_what_is_canceled(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("bestallning", {town.chair: 3, town.walker: 2})
    claim(town, order)
    cancel_line(town, town.line(order, town.chair))
    assert town.line(order, town.chair).claimed_by is None
    assert town.line(order, town.walker).claimed_by == town.hakan
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    assert town.line(order, town.walker).claimed_by is None


def test_who_ordered_and_who_was_picking_are_told_what_somebody_else_did(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 3, town.walker: 2})
    claim(town, order)
    cancel_line(town, town.line(order, town.chair), by=town.per)
    assert {notice.user for notice in Notice.objects.all()} == {town.lina, town.hakan}
    cancel_order(order_id=order.pk, reason=CancelReason.NOT_AVAILABLE, by=town.hakan, at=town.now())
    told = Notice.objects.filter(event__kind=EventKind.CANCELED)
    assert [notice.user for notice in told] == [town.lina]


def test_nothing_left_is_refused(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("bestallning", {town.chair: 3, town.walker: 2})
    cancel_line(town, town.line(order, town.chair))
    with pytest.raises(OrderCannotBeCanceled, match="14710 Duschpall: det finns inget kvar"):
        cancel_line(town, town.line(order, town.chair))
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    with pytest.raises(OrderCannotBeCanceled, match="redan makulerad: Dubblett"):
        cancel_line(town, town.line(order, town.walker))
    assert order.events.count() == 3


def test_a_line_of_another_order_is_not_canceled(town: Town) -> None:
    order, other = (town.register("bestallning", {town.chair: 3}) for _ in range(2))
    with pytest.raises(OrderLine.DoesNotExist):
        cancel_rest_of_line(
            order_id=order.pk,
            line_id=town.line(other).pk,
            reason=CancelReason.DUPLICATE,
            by=town.lina,
            at=town.now(),
        )
    assert town.line(other).canceled == 0


def test_the_same_page_sent_twice_is_one_act(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 3, town.walker: 2})
    line, other = town.line(order, town.chair), town.line(order, town.walker)
    act = partial(cancel_rest_of_line, order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina)
    for _ in range(2):
        act(line_id=line.pk, at=town.now(), version=order.version)
    with pytest.raises(OrderHasChanged):
        act(line_id=other.pk, at=town.now(), version=order.version)
    assert (town.line(order, town.chair).canceled, town.line(order, town.walker).canceled) == (3, 0)
    assert order.events.count() == 2


def statements(town: Town, lines: int) -> int:
    order = town.register("bestallning", {ArticleFactory.create(): 2 for _ in range(lines)})
    with CaptureQueriesContext(connection) as queries:
        cancel_line(town, order.lines.all()[0])
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town) -> None:
    assert statements(town, 5) == statements(town, 15)
