from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import LocationKind, StockMovement
from orders.models import (
    CancelReason,
    Delivery,
    DeliveryFailure,
    EventKind,
    FailureReason,
    Holding,
    Notice,
    OrderState,
)
from orders.operations.canceling import cancel_order
from orders.operations.delivering import Pick
from orders.operations.failing import DeliveryCannotFail, fail_delivery
from orders.operations.receiving import DeliveryCannotBeReceived, receive_delivery
from orders.operations.returning import receive_return
from orders.reconciling import differences
from tests.factories import ArticleFactory
from tests.fixtures import Town


def fail(town: Town, delivery: Delivery, note: str = "", at: datetime | None = None) -> DeliveryFailure:
    return fail_delivery(
        delivery_id=delivery.pk, reason=FailureReason.NOBODY_HOME, note=note, by=town.hakan, at=at or town.now()
    )


@pytest.mark.parametrize("code", ["bestallning", "forskrivning", "lagerflytt"])
def test_the_goods_are_with_the_sender_again_and_kept_for_the_order(town: Town, code: str) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register(code, {town.chair: 3})
    failure = fail(town, town.deliver(order), note=" Ring före ")
    line = town.line(order)
    assert (line.delivered, line.reserved, line.backordered) == (0, 3, 0)
    assert town.level(town.central, town.chair) == (5, 3, 0)
    assert town.level(town.store, town.chair) == (0, 0, 0)
    order.refresh_from_db()
    assert order.state == OrderState.REGISTERED
    event = order.events.latest("at")
    assert (event.kind, event.detail) == (EventKind.FAILED, f"{order.number}-1: Ingen på plats. Ring före")
    assert (failure.note, failure.actor) == ("Ring före", town.hakan)
    assert Notice.objects.get(event=event).user == order.orderer
    assert differences() == []


def test_a_device_comes_back_and_can_leave_again(town: Town) -> None:
    device, _ = town.devices(town.central, town.walker, 2)
    order = town.register("forskrivning", [(town.walker, 1, device)])
    fail(town, town.deliver(order))
    device.refresh_from_db()
    assert (device.location.kind, device.location.warehouse) == (LocationKind.WAREHOUSE, town.central)
    again = town.deliver(order)
    assert (again.number, again.lines.get().device) == (f"{order.number}-2", device)
    assert differences() == []


def test_what_else_was_delivered_stays(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("lagerflytt", {town.chair: 5})
    first, second = (town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=n)]) for n in (2, 3))
    receive_delivery(delivery_id=first.pk, by=town.per, at=town.now())
    fail(town, second)
    line = town.line(order)
    assert (line.delivered, line.received, line.reserved) == (2, 2, 3)
    order.refresh_from_db()
    assert order.state == OrderState.PARTLY_DELIVERED
    assert differences() == []


def test_the_rest_can_be_canceled_afterwards(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    order = town.register("bestallning", {town.chair: 2})
    fail(town, town.deliver(order))
    cancel_order(order_id=order.pk, reason=CancelReason.NOT_NEEDED, by=town.lina, at=town.now())
    order.refresh_from_db()
    assert (order.state, town.level(town.central, town.chair)) == (OrderState.CANCELED, (2, 0, 0))


def test_what_waits_for_others_is_not_shared_out(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    order = town.register("bestallning", {town.chair: 2})
    delivery = town.deliver(order)
    waiting = town.register("bestallning", {town.chair: 1})
    fail(town, delivery)
    assert (town.line(order).reserved, town.line(waiting).reserved) == (2, 0)


def test_failing_again_is_the_first_failure(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    delivery = town.deliver(town.register("bestallning", {town.chair: 2}))
    first = fail(town, delivery)
    assert fail(town, delivery) == first
    assert town.level(town.central, town.chair) == (2, 2, 0)


def test_a_received_delivery_cannot_fail(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    delivery = town.deliver(town.register("lagerflytt", {town.chair: 2}))
    receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now())
    with pytest.raises(DeliveryCannotFail, match="är kvitterad"):
        fail(town, delivery)
    assert town.level(town.store, town.chair) == (2, 0, 0)
    assert not DeliveryFailure.objects.exists()


def test_a_failed_delivery_cannot_be_received(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    delivery = town.deliver(town.register("lagerflytt", {town.chair: 2}))
    fail(town, delivery)
    with pytest.raises(DeliveryCannotBeReceived, match="Leveransen misslyckades"):
        receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now())
    assert (town.level(town.central, town.chair), town.level(town.store, town.chair)) == ((2, 2, 0), (0, 0, 0))


def test_nobody_holds_what_never_came(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    delivery = town.deliver(town.register("forskrivning", {town.chair: 2}))
    assert Holding.objects.get().quantity == 2
    fail(town, delivery)
    assert not Holding.objects.exists()


def test_what_has_been_returned_did_come(town: Town) -> None:
    town.stock(town.central, town.chair, 2)
    delivery = town.deliver(town.register("forskrivning", {town.chair: 2}))
    holding = Holding.objects.get()
    receive_return(key=uuid4(), holding_id=holding.pk, warehouse=town.central, quantity=1, by=town.hakan, at=town.now())
    with pytest.raises(DeliveryCannotFail, match="är redan återlämnad"):
        fail(town, delivery)
    assert (Holding.objects.get().returned, town.level(town.central, town.chair)) == (1, (0, 0, 0))


def test_a_device_that_has_gone_on_does_not_come_back(town: Town) -> None:
    (device,) = town.devices(town.central, town.walker, 1)
    delivery = town.deliver(town.register("bestallning", [(town.walker, 1, device)]))
    away = StockMovement.objects.filter(device=device).latest("pk").from_location
    device.refresh_from_db()
    StockMovement.objects.create(
        key="test", at=town.now(), reason="RETURN", article=town.walker, device=device, quantity=1,
        from_location=device.location, to_location=away,
    )  # fmt: skip
    with pytest.raises(DeliveryCannotFail, match="Individ HV000001 är inte kvar"):
        fail(town, delivery)
    assert not DeliveryFailure.objects.exists()


def statements(town: Town, lines: int) -> int:
    articles = [ArticleFactory.create() for _ in range(lines)]
    for article in articles:
        town.stock(town.central, article, 2)
    delivery = town.deliver(town.register("lagerflytt", dict.fromkeys(articles, 2)))
    at = town.now()
    with CaptureQueriesContext(connection) as queries:
        fail(town, delivery, at=at)
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town) -> None:
    statements(town, 1)  # makes the places
    few, many = (statements(town, lines) for lines in (5, 15))
    assert few == many <= 27
