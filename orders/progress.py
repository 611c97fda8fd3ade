"""How far orders have come, summed by the database: asked for once a page, for exactly the orders shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from parties.prepared import prepared

from .conditions import HAS_AWAITED
from .models import Order, OrderLine

PROGRESS = f"""
    SELECT o.id,
        coalesce(sum(line.quantity), 0), coalesce(sum(line.delivered), 0),
        coalesce(sum(line.reserved), 0), coalesce(sum(line.canceled), 0),
        o.type = 'L' AND {HAS_AWAITED},
        (SELECT max(at) FROM orders_orderevent WHERE order_id = o.id),
        min(line.claimed_by_id)
    FROM orders_order AS o LEFT JOIN orders_orderline AS line ON line.order_id = o.id
    WHERE o.id = ANY(%s) GROUP BY o.id
"""  # noqa: S608  # of a constant
"""What `Progress` holds, by order."""


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
    """The progress of each order by its pk; one statement whatever the number of orders.

    In plain SQL, since every list of orders asks: Django takes longer to build it than PostgreSQL to answer it.
    """
    with prepared() as cursor:
        cursor.execute(PROGRESS, [[order.pk for order in orders]])
        return {pk: Progress(*values) for pk, *values in cursor.fetchall()}


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
