"""What the warehouse does with a queue: moves somebody forward, and says when the next goods are expected."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from inventory.locks import lock_levels
from inventory.models import StockLevel
from orders.models import EventKind, Order, OrderEvent, OrderLine
from orders.queue import day_in_words
from parties.models import User

from .locking import lock_order
from .notifying import notify

LONGEST_WAIT = timedelta(days=730)
"""A day further off than two years is a slip of the finger."""


class QueueHasChanged(Exception):
    """The queue is not what the page showed; the message is in Swedish."""


class DayRefused(Exception):
    """Goods cannot be expected on that day; the message is in Swedish."""


@transaction.atomic
def move_forward(*, line_id: int, reason: str, by: User, at: datetime) -> OrderLine:
    """Put a waiting line first in its queue. Whoever ordered is told why.

    The queue is locked with its balance: of two who move at once, the last one's line stands first. A line that is
    first already stays so, and nothing is said. Raises QueueHasChanged when the line no longer waits.
    """
    order_id, sender, article = OrderLine.objects.values_list("order_id", "order__sender_id", "article_id").get(
        pk=line_id
    )
    order = lock_order(order_id)  # its precedence follows the line's
    key = (sender, article)
    lock_levels([key])
    queue = OrderLine.objects.waiting_at([key])  # looked at after the lock
    line = queue.select_related("order", "article").filter(pk=line_id).first()
    if line is None:
        raise QueueHasChanged("Raden väntar inte längre. Kön visas som den är nu.")
    if queue.in_queue_order().values_list("pk", flat=True)[0] == line.pk:
        return line
    line.priority = queue.aggregate(highest=Max("priority"))["highest"] + 1
    line.save(update_fields=["priority"])
    if line.priority > order.precedence:
        Order.objects.filter(pk=order.pk).update(precedence=line.priority)
    detail = f"{reason} ({line.article})"[:200]
    event = OrderEvent(order=line.order, kind=EventKind.MOVED_FORWARD, actor=by, at=at, detail=detail)
    event.save()
    notify([event])
    return line


@transaction.atomic
def set_expected_date(*, level_id: int, day: date | None, by: User, at: datetime) -> StockLevel:
    """Say when the next goods of an article are expected in a warehouse; None takes the date away.

    The history of every order in the queue says so, and its people are told; the same day again is no news.
    Raises DayRefused for a day that has passed or lies more than two years off, QueueHasChanged when nobody waits.
    """
    today = timezone.localdate(at)
    if day and not today <= day <= today + LONGEST_WAIT:
        raise DayRefused("Välj en dag från och med i dag och högst två år fram.")
    key = StockLevel.objects.values_list("warehouse_id", "article_id").get(pk=level_id)
    level = lock_levels([key])[key]
    orders = list(Order.objects.filter(pk__in=OrderLine.objects.waiting_at([key]).values("order")).order_by("pk"))
    if not orders:
        raise QueueHasChanged("Ingen väntar längre på artikeln.")
    if level.expected_on == day:
        return level
    level.expected_on = day
    level.save(update_fields=["expected_on"])
    words = f"väntas {day_in_words(day, today=today)}" if day else "har inget väntat datum längre"
    detail = f"{level.article} {words}"[:200]
    notify(
        OrderEvent.objects.bulk_create(
            OrderEvent(order=order, kind=EventKind.EXPECTED, actor=by, at=at, detail=detail) for order in orders
        )
    )
    return level
