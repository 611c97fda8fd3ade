"""The keys of what waits for a person, for the sections of the start page: all in one statement, none but one's own.

As many keys as are counted: those of the rows and how many there are. Django took longer to build the six statements
than PostgreSQL to answer them. A test keeps them together with the querysets of the pages that the sections lead to.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from parties.models import User
from parties.prepared import prepared

from .conditions import (
    IS_AWAITED,
    IS_ON_THE_WAY,
    NEVER,
    from_their_store,
    seen_by,
    to_hand_out,
    to_pick,
    to_their_store,
    values_of,
)
from .receipts import overdue_since, watches_receipts

OLDEST_ORDER = "o.registered_at, o.id, delivery.id"
"""As `by_age_of_order`."""
FIRST_TO_PICK = "o.precedence DESC, o.is_urgent DESC, o.registered_at, o.id"
"""As `work_list.ORDER_KEYS`."""
NONE = "ARRAY[]::bigint[]"
DIFFERENCES = """ARRAY(
    SELECT line.id FROM orders_receiptline AS line
    JOIN orders_receipt AS receipt ON receipt.id = line.receipt_id
    JOIN orders_delivery AS delivery ON delivery.id = receipt.delivery_id
    JOIN orders_order AS o ON o.id = delivery.order_id
    WHERE line.unsettled > 0 AND o.state <> 'DRAFT' AND {seen} ORDER BY receipt.at, line.id LIMIT {most:d}
)"""
"""As `unsettled_for`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Primary keys of orders, of `receive` and `overdue` of deliveries, of `differences` of lines of receipts; first
    what comes first in the section. Of what most people have none, whether there is any.
    """

    hand_out: list[int]
    receive: list[int]
    drafts: list[int]
    overdue: list[int]
    differences: list[int]
    pick: list[int]
    latest: list[int]
    has_news: bool
    has_picks: bool


def waiting_for(user: User, *, at: datetime, most: int, latest: int) -> Waiting:
    """At most `most` of each, and so many of the latest orders that the user sees."""
    seen = seen_by(user)
    watches = watches_receipts(user)
    overdue = f"{from_their_store(user)} AND delivery.at <= %(late)s" if watches else NEVER
    parts = {
        "hand_out": _orders(seen, to_hand_out(user), by="o.registered_at, o.id", most=most),
        "receive": _deliveries(to_their_store(user), by="delivery.at, delivery.id", most=most),
        "drafts": _orders("o.state = 'DRAFT'", "o.registrar_id = %(user)s", by="o.created_at DESC", most=most),
        "overdue": _deliveries(overdue, by=OLDEST_ORDER, most=most),
        "differences": DIFFERENCES.format(seen=seen, most=most) if watches else NONE,
        "pick": _orders(seen, to_pick(user), by=FIRST_TO_PICK, most=most),
        "latest": _orders(seen, "o.state <> 'DRAFT'", by="o.registered_at DESC, o.id DESC", most=latest),
        "has_news": "EXISTS (SELECT FROM orders_notice WHERE user_id = %(user)s AND read_at IS NULL)",
        "has_picks": "EXISTS (SELECT FROM orders_orderline WHERE claimed_by_id = %(user)s)",
    }
    late = overdue_since(timezone.localdate(at))
    values: dict[str, int | datetime] = {**values_of(user), "late": late}
    with prepared() as cursor:
        cursor.execute(f"SELECT {', '.join(parts.values())}", values)
        return Waiting(**dict(zip(parts, cursor.fetchone(), strict=True)))


def _orders(*conditions: str, by: str, most: int) -> str:
    if NEVER in conditions:
        return NONE
    condition = " AND ".join(conditions)
    return f"ARRAY(SELECT o.id FROM orders_order AS o WHERE {condition} ORDER BY {by} LIMIT {most:d})"  # noqa: S608  # of conditions


def _deliveries(condition: str, *, by: str, most: int) -> str:
    if condition == NEVER:
        return NONE
    return f"""ARRAY(
        SELECT delivery.id FROM orders_delivery AS delivery JOIN orders_order AS o ON o.id = delivery.order_id
        WHERE {IS_ON_THE_WAY} AND {IS_AWAITED} AND {condition} ORDER BY {by} LIMIT {most:d}
    )"""  # noqa: S608  # of conditions
