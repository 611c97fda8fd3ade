from datetime import datetime

from django.db import transaction

from inventory.locks import lock_levels, save_levels
from inventory.operations.reserving import release
from orders.models import CancelReason, EventKind, Order, OrderEvent, OrderLine
from orders.statuses import state_of
from parties.models import User

from .allocating import share_out
from .locking import lock_order


class OrderCannotBeCanceled(Exception):
    """Nothing is left to cancel; the message says so in Swedish."""


@transaction.atomic
def cancel_order(*, order_id: int, reason: CancelReason, by: User, at: datetime) -> Order:
    """Cancel (makulera) what has not been delivered; its reservations go to the next who waits.

    What has been delivered stays: it is undone by a return, never by an edit. Raises OrderCannotBeCanceled.
    """
    order = lock_order(order_id)
    if not order.is_open:
        raise OrderCannotBeCanceled("Det finns inget kvar att makulera på ordern.")
    assert order.sender_id is not None
    articles = list(order.lines.values_list("article_id", flat=True))
    levels = lock_levels((order.sender_id, article) for article in articles)
    lines = list(order.lines.order_by("position", "pk"))  # looked at after the lock
    for line in lines:
        release(levels[order.sender_id, line.article_id], line.reserved)
        line.canceled += line.remaining
        line.reserved = 0
    OrderLine.objects.bulk_update(lines, ["reserved", "canceled"])
    order.state = state_of(order, lines, awaits_receipt=order.deliveries.filter(receipt__isnull=True).exists())
    order.canceled_at, order.cancel_reason = at, reason
    order.version += 1
    order.save(update_fields=["state", "canceled_at", "cancel_reason", "version"])
    share_out(levels, by=by, at=at)
    save_levels(levels.values())
    OrderEvent.objects.create(order=order, kind=EventKind.CANCELED, actor=by, at=at, detail=reason.label)
    return order
