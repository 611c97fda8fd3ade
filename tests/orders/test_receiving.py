import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import LocationKind, MovementReason, StockMovement
from orders.models import Delivery, EventKind, OrderState, Receipt
from orders.operations.delivering import Pick
from orders.operations.receiving import DeliveryCannotBeReceived, Shortage, receive_delivery
from tests.factories import ArticleFactory
from tests.fixtures import Town


def sent(town: Town, quantity: int = 3) -> Delivery:
    town.stock(town.central, town.chair, quantity)
    return town.deliver(town.register("lagerflytt", {town.chair: quantity}))


def receive(town: Town, delivery: Delivery, **shortages: Shortage) -> Receipt:
    """With `chair=Shortage(…)` for the delivery's only line."""
    of_line = {delivery.lines.get().pk: shortage for shortage in shortages.values()}
    return receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), shortages=of_line)


def test_what_was_on_its_way_is_in_the_store(town: Town) -> None:
    delivery = sent(town)
    receipt = receive(town, delivery)
    assert town.level(town.store, town.chair) == (3, 0, 0)
    order = delivery.order
    order.refresh_from_db()
    assert (order.state, town.line(order).received) == (OrderState.RECEIVED, 3)
    movement = StockMovement.objects.get(reason=MovementReason.RECEIPT)
    assert (movement.from_location.kind, movement.to_location.kind) == (LocationKind.TRANSIT, LocationKind.WAREHOUSE)
    assert (receipt.actor, order.events.latest("at").kind) == (town.per, EventKind.RECEIVED)


def test_a_device_comes_along(town: Town) -> None:
    device, other = town.devices(town.central, town.walker, 2)
    order = town.register("lagerflytt", {town.walker: 2})
    picks = [Pick(line_id=town.line(order).pk, quantity=2, device_ids=(device.pk, other.pk))]
    delivery = town.deliver(order, picks)
    device.refresh_from_db()
    assert device.location.kind == LocationKind.TRANSIT
    receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now())
    device.refresh_from_db()
    assert (device.location.kind, device.location.warehouse) == (LocationKind.WAREHOUSE, town.store)
    assert town.line(order).received == 2


def test_what_is_missing_stays_in_transit_with_its_reason(town: Town) -> None:
    delivery = sent(town)
    receipt = receive(town, delivery, chair=Shortage(received=1, reason=" Skadad i frakten "))
    assert town.level(town.store, town.chair) == (1, 0, 2)
    line = receipt.lines.get()
    assert (line.received, line.missing, line.reason) == (1, 2, "Skadad i frakten")
    assert town.line(delivery.order).received == 1


def test_nothing_came_at_all(town: Town) -> None:
    delivery = sent(town)
    receive(town, delivery, chair=Shortage(received=0, reason="Kom aldrig"))
    assert town.level(town.store, town.chair) == (0, 0, 3)
    assert not StockMovement.objects.filter(reason=MovementReason.RECEIPT).exists()


@pytest.mark.parametrize(
    ("received", "reason", "words"),
    [(4, "Fler kom", "3 skickades"), (-1, "Fel", "3 skickades"), (1, " ", "skriv varför det saknas")],
)
def test_an_untrue_receipt_is_refused(town: Town, received: int, reason: str, words: str) -> None:
    delivery = sent(town)
    with pytest.raises(DeliveryCannotBeReceived, match=words) as refusal:
        receive(town, delivery, chair=Shortage(received=received, reason=reason))
    assert refusal.value.line_id == delivery.lines.get().pk
    assert town.level(town.store, town.chair) == (0, 0, 3)
    assert not Receipt.objects.exists()


def test_a_second_receipt_is_the_first(town: Town) -> None:
    delivery = sent(town)
    first = receive(town, delivery)
    assert receive(town, delivery, chair=Shortage(received=0, reason="Igen")) == first
    assert town.level(town.store, town.chair) == (3, 0, 0)


def test_only_a_transfer_is_received(town: Town) -> None:
    town.stock(town.central, town.chair, 1)
    delivery = town.deliver(town.register("bestallning", {town.chair: 1}))
    with pytest.raises(DeliveryCannotBeReceived, match="Bara en lagerflytt"):
        receive(town, delivery)


def test_the_order_is_received_when_every_delivery_is(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    order = town.register("lagerflytt", {town.chair: 3})
    first = town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    second = town.deliver(order)
    states = []
    for delivery in (first, second):
        receive(town, delivery)
        order.refresh_from_db()
        states.append(order.state)
    assert states == [OrderState.IN_TRANSIT, OrderState.RECEIVED]


def test_what_comes_goes_to_the_lines_that_wait(town: Town) -> None:
    delivery = sent(town)
    waiting = town.register("direktbestallning", {town.chair: 2})
    receive(town, delivery)
    assert town.line(waiting).reserved == 2
    assert town.level(town.store, town.chair) == (3, 2, 0)


def statements(town: Town, lines: int) -> int:
    articles = [ArticleFactory.create() for _ in range(lines)]
    for article in articles:
        town.stock(town.central, article, 2)
    delivery = town.deliver(town.register("lagerflytt", dict.fromkeys(articles, 2)))
    with CaptureQueriesContext(connection) as queries:
        receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now())
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town) -> None:
    statements(town, 1)  # makes the places
    assert statements(town, 5) == statements(town, 15)
