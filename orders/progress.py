"""How far orders have come, summed by the database: asked for once a page, for exactly the orders shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery, Sum

from .models import Delivery, Order, OrderEvent, OrderLine


@dataclass(frozen=True, slots=True)
class Progress:
    """Quantities over all lines of one order, in units; when something last happened to it; the pk of who picks it.

    Where several pick it, `picker` is one of them.
    """

    quantity: int = 0
    delivered: int = 0
    reserved: int = 0
    canceled: int = 0
    awaits_receipt: bool = False
    last_event_at: datetime | None = None
    picker: int | None = None

    @property
    def remaining(self) -> int:
        return self.quantity - self.delivered - self.canceled

    @property
    def backordered(self) -> int:
        """What remains and could not be reserved (restnoterat)."""
        return self.remaining - self.reserved


def progress_of(orders: Iterable[Order]) -> dict[int, Progress]:
    """The progress of each order by its pk; one statement whatever the number of orders."""
    rows = (
        Order.objects.filter(pk__in=[order.pk for order in orders])
        .order_by()
        .annotate(
            sum_quantity=Sum("lines__quantity", default=0),
            sum_delivered=Sum("lines__delivered", default=0),
            sum_reserved=Sum("lines__reserved", default=0),
            sum_canceled=Sum("lines__canceled", default=0),
            is_awaited=Exists(unreceived_deliveries()),
            last_event=Subquery(OrderEvent.objects.filter(order=OuterRef("pk")).order_by("-at").values("at")[:1]),
            picker=Min("lines__claimed_by"),
        )
    )
    names = ("sum_quantity", "sum_delivered", "sum_reserved", "sum_canceled", "is_awaited", "last_event", "picker")
    return {pk: Progress(*values) for pk, *values in rows.values_list("pk", *names)}


def line_words(line: OrderLine) -> str:
    """How far a line has come: `2 av 5 levererade, 3 restnoterade`; empty while nothing has happened to it."""
    parts = []
    if line.delivered:
        parts.append(f"{line.delivered} av {line.quantity} levererade")
    if line.backordered:
        parts.append(f"{line.backordered} restnoterade")
    if line.canceled:
        parts.append(f"{line.canceled} makulerade")
    return ", ".join(parts)


def unreceived_deliveries() -> QuerySet[Delivery]:
    """For an outer query over orders: their deliveries that the receiving store has not confirmed."""
    return Delivery.objects.awaiting_receipt().filter(order=OuterRef("pk"))
