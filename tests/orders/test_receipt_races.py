"""Receipts, failed deliveries, returns and settlements at the same moment: one of them, and nothing is lost."""

from functools import partial
from uuid import uuid4

import pytest

from orders.models import (
    Delivery,
    DeliveryFailure,
    DifferenceKind,
    FailureReason,
    Holding,
    Receipt,
    ReceiptLine,
    ReceiptSettlement,
    SettlementOutcome,
)
from orders.operations.delivering import DeliveryNotPossible
from orders.operations.failing import DeliveryCannotFail, fail_delivery
from orders.operations.receiving import Counted, DeliveryCannotBeReceived, receive_delivery
from orders.operations.returning import GoodsCannotBeReturned, receive_return
from orders.operations.settling import DifferenceIsSettled, settle_difference
from orders.reconciling import differences
from tests.fixtures import Town
from tests.orders.racers import Act, canceling, delivering
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_ten_receive_the_same_delivery(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    delivery = town.deliver(town.register("lagerflytt", {town.chair: 3}))
    act = partial(receive_delivery, delivery_id=delivery.pk, by=town.per, at=town.now())
    won, _ = split(race([act] * 10), DeliveryNotPossible)
    assert len({receipt.pk for receipt in won}) == Receipt.objects.count() == 1
    assert town.level(town.store, town.chair) == (3, 0, 0)


def failing(town: Town, delivery: Delivery) -> "partial[DeliveryFailure]":
    return partial(
        fail_delivery,
        delivery_id=delivery.pk,
        reason=FailureReason.NOBODY_HOME,
        note="",
        by=town.hakan,
        at=town.now(),
    )


def test_ten_say_that_the_same_delivery_failed(town: Town) -> None:
    town.stock(town.central, town.chair, 3)
    delivery = town.deliver(town.register("bestallning", {town.chair: 3}))
    won, _ = split(race([failing(town, delivery)] * 10), DeliveryCannotFail)
    assert len({failure.pk for failure in won}) == DeliveryFailure.objects.count() == 1
    assert town.level(town.central, town.chair) == (3, 3, 0)


def test_receive_against_fail(town: Town) -> None:
    for _ in range(5):
        town.stock(town.central, town.chair, 2)
        delivery = town.deliver(town.register("lagerflytt", {town.chair: 2}))
        receive = partial(receive_delivery, delivery_id=delivery.pk, by=town.per, at=town.now())
        acts: list[Act] = [receive, failing(town, delivery)]
        _, refused = split(race(acts), DeliveryCannotBeReceived, DeliveryCannotFail)
        assert len(refused) == 1
        assert differences() == []


def test_return_against_fail(town: Town) -> None:
    for _ in range(5):
        town.stock(town.central, town.chair, 2)
        delivery = town.deliver(town.register("bestallning", {town.chair: 2}))
        holding = Holding.objects.get(delivery_line__delivery=delivery)
        give_back = partial(
            receive_return,
            key=uuid4(),
            holding_id=holding.pk,
            warehouse=town.central,
            quantity=1,
            by=town.hakan,
            at=town.now(),
        )
        acts: list[Act] = [give_back, failing(town, delivery)]
        _, refused = split(race(acts), GoodsCannotBeReturned, DeliveryCannotFail)
        assert len(refused) == 1
        assert differences() == []


def settling(town: Town, line: ReceiptLine, outcome: SettlementOutcome) -> "partial[ReceiptSettlement]":
    return partial(
        settle_difference,
        key=uuid4(),
        receipt_line_id=line.pk,
        kind=DifferenceKind.MISSING,
        outcome=outcome,
        quantity=1,
        by=town.hakan,
        at=town.now(),
    )


def test_ten_settle_the_same_difference(town: Town) -> None:
    """Each from a page of its own, to the store, back to the sender or as lost."""
    town.stock(town.central, town.chair, 3)
    delivery = town.deliver(town.register("lagerflytt", {town.chair: 3}))
    counted = {delivery.lines.get().pk: Counted(received=2, missing=1, reason="Saknas")}
    receive_delivery(delivery_id=delivery.pk, by=town.per, at=town.now(), counted=counted)
    line, ways = ReceiptLine.objects.get(), [SettlementOutcome.ARRIVED, SettlementOutcome.WITH_SENDER]
    acts = [settling(town, line, (*ways, SettlementOutcome.LOST)[n % 3]) for n in range(10)]
    won, refused = split(race(acts), DifferenceIsSettled)
    assert (len(won), len(refused)) == (1, 9)
    assert differences() == []


def test_settle_against_deliver_and_receive(town: Town) -> None:
    """Goods come to both warehouses of the difference while others take from them and wait for them."""
    for _ in range(5):
        town.stock(town.central, town.chair, 6)
        first, second = (town.deliver(town.register("lagerflytt", {town.chair: 2})) for _ in range(2))
        counted = {first.lines.get().pk: Counted(received=0, missing=2, reason="Saknas")}
        receive_delivery(delivery_id=first.pk, by=town.per, at=town.now(), counted=counted)
        line = ReceiptLine.objects.get(receipt__delivery=first)
        waiting = town.register("direktbestallning", {town.chair: 2})
        order = town.register("bestallning", {town.chair: 2})
        acts: list[Act] = [
            settling(town, line, SettlementOutcome.ARRIVED),
            settling(town, line, SettlementOutcome.WITH_SENDER),
            partial(receive_delivery, delivery_id=second.pk, by=town.per, at=town.now()),
            delivering(town, order),
            canceling(town, waiting),
        ]
        won, refused = split(race(acts))
        assert (len(won), refused) == (5, [])
        assert differences() == []
