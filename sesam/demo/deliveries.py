"""Deliveries that did not end as they should: a receipt that is late, one that differs, a delivery that came back."""

from datetime import datetime, timedelta

from orders.models import FailureReason
from orders.operations.failing import fail_delivery
from orders.operations.receiving import Counted, receive_delivery

from .order_steps import deliver, party, register, store, user


def transfer_nobody_confirms(at: datetime) -> None:
    """On its way to Karlstad for more than five working days."""
    articles = {"15410": 4, "15021": 10}
    order = register("lagerflytt", by=user("likr03"), recipient=store("50801"), articles=articles, at=at)
    deliver(order, by=user("hmla01"), at=at + timedelta(hours=3))


def transfer_that_differs(at: datetime) -> None:
    """One piece short and one damaged, both open."""
    by = user("pene01")
    order = register("lagerflytt", by=by, recipient=store("50101"), articles={"15410": 6, "15423": 2}, at=at)
    delivery = deliver(order, by=user("hmla01"), at=at + timedelta(hours=4))
    short, damaged = delivery.lines.order_by("order_line__position")
    counted = {
        short.pk: Counted(received=5, missing=1, reason="Fem i kartongen, följesedeln säger sex"),
        damaged.pk: Counted(received=1, damaged=1, reason="Sömmen har gått upp"),
    }
    receive_delivery(delivery_id=delivery.pk, by=by, at=at + timedelta(days=1), counted=counted)


def requisition_that_came_back(at: datetime) -> None:
    order = register("bestallning", by=user("lini01"), recipient=party("01-05"), articles={"15424": 2}, at=at)
    delivery = deliver(order, by=user("hmla01"), at=at + timedelta(hours=5))
    fail_delivery(
        delivery_id=delivery.pk,
        reason=FailureReason.NOBODY_HOME,
        note="Låst efter klockan 15. Ring enheten före",
        by=user("hmla01"),
        at=at + timedelta(hours=9),
    )
