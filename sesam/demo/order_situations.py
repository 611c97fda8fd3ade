"""Orders that somebody changed, canceled or has begun to pick: what the start page and the order page tell."""

from datetime import datetime, timedelta

from orders.changes import Change
from orders.models import CancelReason
from orders.operations.canceling import cancel_order, cancel_rest_of_line
from orders.operations.changing import change_order
from orders.operations.claiming import claim_orders

from .order_steps import draft, party, register, store, user

HOUR = timedelta(hours=1)


def changed_requisition(at: datetime) -> None:
    """Raised by who ordered; then the central service canceled the rest of a line, which is news."""
    by = user("lini01")
    order = register("bestallning", by=by, recipient=party("01-05"), articles={"15514": 2, "15714": 4}, at=at)
    raised, canceled = order.lines.order_by("position")
    change_order(
        order_id=order.pk,
        version=order.version,
        change=Change(quantities={raised.pk: 3}, is_urgent=True),
        by=by,
        at=at + HOUR,
    )
    cancel_rest_of_line(
        order_id=order.pk,
        line_id=canceled.pk,
        reason=CancelReason.NOT_AVAILABLE,
        by=user("hmor01"),
        at=at + 2 * HOUR,
    )


def requisition_canceled_by_the_central_service(at: datetime) -> None:
    order = register("bestallning", by=user("anbe01"), recipient=party("01-05"), articles={"14830": 1}, at=at)
    cancel_order(order_id=order.pk, reason=CancelReason.NOT_AVAILABLE, by=user("hmor01"), at=at + HOUR)


def claimed_pick(at: datetime) -> None:
    articles = {"15010": 2, "15110": 1}
    order = register("bestallning", by=user("lini01"), recipient=party("01-05"), articles=articles, at=at)
    claim_orders(order_ids=[order.pk], by=user("hmla01"), at=at + 3 * HOUR)


def requisition_that_goes_only_complete(at: datetime) -> None:
    """Two are on the shelf and the third is not, so none of it can be picked."""
    by = user("saek01")
    order = register("bestallning", by=by, recipient=party("50801"), articles={"14811": 2, "15512": 3}, at=at)
    change = Change(only_complete=True)
    change_order(order_id=order.pk, version=order.version, change=change, by=by, at=at + HOUR / 60)


def begun_transfer(at: datetime) -> None:
    draft("lagerflytt", by=user("pene01"), recipient=store("50101"), articles={"15020": 10}, at=at)
