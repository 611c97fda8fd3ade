"""Some orders in every state, made by the same operations that the pages use, at times before the demo starts."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from inventory.models import Article, StockLevel
from inventory.operations.receiving import Arrival
from orders.models import CancelReason
from orders.operations.canceling import cancel_order
from orders.operations.delivering import deliver_order
from orders.operations.picking import Pick
from orders.operations.queueing import move_forward, set_expected_date
from orders.operations.receiving import receive_delivery
from orders.operations.replenishing import replenish

from .deliveries import requisition_that_came_back, transfer_nobody_confirms, transfer_that_differs
from .order_situations import (
    begun_transfer,
    changed_requisition,
    claimed_pick,
    requisition_canceled_by_the_central_service,
    requisition_that_goes_only_complete,
)
from .order_steps import deliver, draft, party, patient, register, store, user


def add_orders(at: datetime) -> None:
    """Oldest first, so that the running numbers follow the time; `at` is now."""
    transfer_nobody_confirms(at - timedelta(days=21))
    _received_transfer(at - timedelta(days=9))
    transfer_that_differs(at - timedelta(days=7))
    _canceled_requisition(at - timedelta(days=6))
    _handed_out_prescription(at - timedelta(days=5))
    _backordered_prescription(at - timedelta(days=4))
    _queue(at - timedelta(days=3, hours=12))
    _transfer_in_transit(at - timedelta(days=3))
    requisition_that_came_back(at - timedelta(days=2, hours=6))
    _prescription_to_protected_patient(at - timedelta(days=2))
    _requisition_without_delivery(at - timedelta(hours=26))
    _goods_receipt(at - timedelta(hours=22))
    _registered_transfer(at - timedelta(hours=20))
    changed_requisition(at - timedelta(hours=12))
    requisition_canceled_by_the_central_service(at - timedelta(hours=9))
    claimed_pick(at - timedelta(hours=6))
    _registered_requisition(at - timedelta(hours=5))
    requisition_that_goes_only_complete(at - timedelta(hours=3))
    _prescription_without_delivery(at - timedelta(minutes=40))
    begun_transfer(at - timedelta(minutes=35))
    draft(
        "forskrivning",
        by=user("anbe01"),
        recipient=patient("201404082388"),
        articles={"15140": 1},
        at=at - timedelta(minutes=25),
    )


def _received_transfer(at: datetime) -> None:
    by = user("pene01")
    order = register("lagerflytt", by=by, recipient=store("50101"), articles={"14540": 6, "15020": 10}, at=at)
    delivery = deliver(order, by=user("hmla01"), at=at + timedelta(days=1))
    receive_delivery(delivery_id=delivery.pk, by=by, at=at + timedelta(days=2))


def _canceled_requisition(at: datetime) -> None:
    by = user("lini01")
    order = register("bestallning", by=by, recipient=party("01-05"), articles={"15423": 2}, at=at)
    cancel_order(order_id=order.pk, reason=CancelReason.WRONG_ARTICLE, by=by, at=at + timedelta(hours=2))


def _handed_out_prescription(at: datetime) -> None:
    by = user("anbe01")
    order = register(
        "direktforskrivning", by=by, recipient=patient("193111049809"), articles={"15121": 1, "15123": 1}, at=at
    )
    deliver(order, by=by, at=at + timedelta(minutes=1))


def _backordered_prescription(at: datetime) -> None:
    order = register(
        "forskrivning",
        by=user("masv01"),
        customer="51501",
        recipient=patient("195208179837"),
        articles={"15510": 1, "15511": 1, "15321": 1},
        at=at,
    )
    deliver(order, by=user("hmla01"), at=at + timedelta(days=1), only={"15511", "15321"})


def _queue(at: datetime) -> None:
    """Three wait for the bath seat: one got a part, one was moved forward, and a day has been set."""
    staff, rows = user("hmla01"), [("evho02", "03-05", 3), ("lini01", "01-05", 2), ("saek01", "50801", 1)]
    orders = [
        register(
            "bestallning",
            by=user(name),
            recipient=party(unit),
            articles={"14731": quantity},
            at=at + timedelta(hours=n),
        )
        for n, (name, unit, quantity) in enumerate(rows)
    ]
    first, _, last = (order.lines.get() for order in orders)
    deliver_order(
        order_id=first.order_id,
        key=uuid.uuid4(),
        by=staff,
        at=at + timedelta(hours=20),
        picks=[Pick(line_id=first.pk, quantity=1)],
    )
    move_forward(line_id=last.pk, reason="Utskrivning från sjukhus", by=staff, at=at + timedelta(hours=21))
    level = StockLevel.objects.get(warehouse=store("10"), article=first.article)
    later = at + timedelta(hours=22)
    set_expected_date(level_id=level.pk, day=timezone.localdate(at) + timedelta(days=12), by=staff, at=later)


def _transfer_in_transit(at: datetime) -> None:
    order = register(
        "lagerflytt", by=user("pene01"), recipient=store("50101"), articles={"14541": 4, "15121": 4}, at=at
    )
    deliver(order, by=user("hmla01"), at=at + timedelta(days=2))


def _prescription_to_protected_patient(at: datetime) -> None:
    register("forskrivning", by=user("saek01"), recipient=patient("194712249863"), articles={"14711": 1}, at=at)


def _requisition_without_delivery(at: datetime) -> None:
    articles = {"14540": 2, "14710": 1}
    register("direktbestallning", by=user("evho02"), recipient=party("03-05"), articles=articles, at=at)


def _goods_receipt(at: datetime) -> None:
    replenish(
        key=uuid.uuid4(),
        warehouse=store("10"),
        supplier=party("900002"),
        reference="Följesedel 88213",
        arrivals=[Arrival(article=Article.objects.get(number=number), quantity=20) for number in ("15020", "15021")],
        by=user("hmla01"),
        at=at,
    )


def _registered_transfer(at: datetime) -> None:
    articles = {"14540": 10, "15020": 20}
    register("lagerflytt", by=user("likr03"), recipient=store("50801"), articles=articles, at=at)


def _registered_requisition(at: datetime) -> None:
    articles = {"15410": 4, "15424": 2}
    register("bestallning", by=user("evho02"), recipient=party("03-05"), articles=articles, at=at)


def _prescription_without_delivery(at: datetime) -> None:
    register("direktforskrivning", by=user("anbe01"), recipient=patient("196005129850"), articles={"14710": 1}, at=at)
