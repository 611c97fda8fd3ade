from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import CancelReason, EventKind, Order, OrderState
from orders.operations.canceling import OrderCannotBeCanceled, cancel_order
from orders.operations.delivering import Pick
from orders.operations.locking import OrderHasChanged
from tests.factories import ArticleFactory
from tests.fixtures import Town


def cancel(town: Town, order: Order, reason: CancelReason = CancelReason.NOT_NEEDED) -> Order:
    cancel_order(order_id=order.pk, reason=reason, by=town.lina, at=town.now())
    order.refresh_from_db()
    return order


def test_the_reservation_is_released(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = cancel(town, town.register("bestallning", {town.chair: 3}), CancelReason.WRONG_ARTICLE)
    assert town.level(town.central, town.chair) == (5, 0, 0)
    line = town.line(order)
    assert (line.reserved, line.canceled, line.remaining) == (0, 3, 0)
    assert (order.state, order.cancel_reason, order.canceled_at) == ("CANCELED", "WRONG_ARTICLE", town.clock)
    event = order.events.latest("at")
    assert (event.kind, event.actor, event.detail) == (EventKind.CANCELED, town.lina, "Fel artikel")


def test_the_next_who_waits_gets_it(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    first = town.register("bestallning", {town.chair: 3})
    second, third = (town.register("bestallning", {town.chair: 2}) for _ in range(2))
    cancel(town, first)
    assert [town.line(order).reserved for order in (second, third)] == [2, 1]
    assert town.level(town.central, town.chair) == (3, 3, 0)


def test_what_has_been_delivered_stays(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("bestallning", {town.chair: 3})
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    cancel(town, order)
    line = town.line(order)
    assert (line.delivered, line.canceled, order.state) == (1, 2, OrderState.DELIVERED)
    assert town.level(town.central, town.chair) == (2, 0, 0)


def test_a_transfer_whose_rest_is_canceled_is_still_on_its_way(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    order = town.register("lagerflytt", {town.chair: 3})
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    assert cancel(town, order).state == OrderState.IN_TRANSIT


def test_a_held_device_is_free_again(town: Town) -> None:
    (device,) = town.devices(town.store, town.walker, 1)
    cancel(town, town.register("direktforskrivning", [(town.walker, 1, device)]))
    assert town.line(town.register("direktforskrivning", [(town.walker, 1, device)])).reserved == 1


def test_nothing_left_is_refused(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    delivered = town.register("bestallning", {town.chair: 1})
    town.deliver(delivered)
    canceled = cancel(town, town.register("bestallning", {town.chair: 1}))
    for order in (delivered, town.draft("bestallning", {town.chair: 1})):
        with pytest.raises(OrderCannotBeCanceled, match="inget kvar att makulera"):
            cancel(town, order)
    with pytest.raises(OrderCannotBeCanceled, match="redan makulerad: Behovet finns inte längre"):
        cancel(town, canceled)
    assert canceled.events.count() == 2


def test_only_what_the_page_showed_is_canceled(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("bestallning", {town.chair: 3})
    act = partial(cancel_order, order_id=order.pk, reason=CancelReason.DUPLICATE, version=order.version)
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    with pytest.raises(OrderHasChanged):
        act(by=town.lina, at=town.now())
    assert town.line(order).canceled == 0


def test_the_same_page_sent_twice_is_one_act(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 3})
    act = partial(cancel_order, order_id=order.pk, reason=CancelReason.DUPLICATE, version=order.version)
    first, again = (act(by=town.lina, at=town.now()) for _ in range(2))
    assert (again.state, again.canceled_at) == (OrderState.CANCELED, first.canceled_at)
    assert order.events.count() == 2
    with pytest.raises(OrderCannotBeCanceled, match="redan makulerad"):
        act(by=town.per, at=town.now())


def statements(town: Town, lines: int) -> int:
    articles = [ArticleFactory.create() for _ in range(lines)]
    for article in articles:
        town.stock(town.central, article, 2)
    first, _ = (town.register("bestallning", dict.fromkeys(articles, 2)) for _ in range(2))
    with CaptureQueriesContext(connection) as queries:
        cancel(town, first)
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town) -> None:
    assert statements(town, 5) == statements(town, 15)
