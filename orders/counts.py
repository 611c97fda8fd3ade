"""How many orders the quick filters hold: all in one statement, and none further than the page says.

In plain SQL, since Django takes longer to build a count than PostgreSQL to count. The same conditions stand in
`filters.show`, which lists the orders; a test keeps the two together.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from inventory.queries import warehouses_of
from parties.models import User

from .access import may_pick
from .todo import ESCALATED_AFTER, hands_out_own, is_store_staff, stores_received_for

SEEN_BY_CENTRAL = "(o.sender_id = ANY(%(warehouses)s) OR o.recipient_warehouse_id = ANY(%(warehouses)s))"
SEEN_BY_MUNICIPALITY = "o.municipality_id = ANY(%(municipalities)s)"

IS_THEIRS = "(o.registrar_id = %(user)s OR o.orderer_id = %(user)s)"
IS_OPEN = "o.state IN ('REGISTERED', 'PARTLY')"
BACK_ORDERED = "EXISTS (SELECT FROM orders_orderline AS line WHERE line.order_id = o.id AND line.backordered > 0)"
RESERVED = """(
    SELECT line.order_id FROM orders_orderline AS line WHERE line.order_id = o.id AND line.reserved > 0 LIMIT 1
) IS NOT NULL"""
AWAITED = """EXISTS (
    SELECT FROM orders_delivery AS delivery WHERE delivery.order_id = o.id
        AND NOT EXISTS (SELECT FROM orders_receipt WHERE delivery_id = delivery.id)
        AND NOT EXISTS (SELECT FROM orders_deliveryfailure WHERE delivery_id = delivery.id)
)"""
WAITS_FOR_THEM = f"""(
    %(hands_out)s AND subtype.is_direct AND {IS_OPEN} AND o.sender_id = ANY(%(warehouses)s)
        AND ({IS_THEIRS} OR %(is_staff)s AND o.registered_at <= statement_timestamp() - %(escalated_after)s)
    OR %(picks)s AND NOT subtype.is_direct AND {IS_OPEN} AND o.sender_id = ANY(%(warehouses)s)
        AND {RESERVED} AND (NOT o.only_complete OR NOT {BACK_ORDERED})
    OR o.type = 'L' AND o.state IN ('IN_TRANSIT', 'PARTLY') AND o.recipient_warehouse_id = ANY(%(stores)s) AND {AWAITED}
)"""

MISSING = f"""
    SELECT sender.number, count(*) FROM orders_order AS o
    JOIN orders_ordersubtype AS subtype ON subtype.id = o.subtype_id
    JOIN inventory_warehouse AS sender ON sender.id = o.sender_id
    WHERE {SEEN_BY_MUNICIPALITY} AND {IS_OPEN} AND subtype.is_direct
    GROUP BY sender.number ORDER BY sender.number
"""  # noqa: S608  # of the conditions above


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of registered orders that the user sees, and of the user's own drafts."""

    todo: int
    mine: int
    backorders: int
    drafts: int


def counts_for(user: User, *, most: int) -> Counts:
    """Each counted up to `most`."""
    conditions = [WAITS_FOR_THEM, IS_THEIRS, f"{IS_OPEN} AND {BACK_ORDERED}"]
    seen = SEEN_BY_CENTRAL if user.is_central else SEEN_BY_MUNICIPALITY
    statement = ", ".join(
        [
            *(_count(f"o.state <> 'DRAFT' AND {seen} AND {condition}") for condition in conditions),
            _count("o.state = 'DRAFT' AND o.registrar_id = %(user)s"),
        ]
    )
    values: dict[str, Any] = {
        "most": most,
        "user": user.pk,
        "municipalities": list(user.municipality_ids),
        "warehouses": list(warehouses_of(user)),
        "stores": list(stores_received_for(user)),
        "hands_out": hands_out_own(user),
        "picks": may_pick(user),
        "is_staff": is_store_staff(user),
        "escalated_after": ESCALATED_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {statement}", values)
        todo, mine, backorders, drafts = cursor.fetchone()
    return Counts(todo=todo, mine=mine, backorders=backorders, drafts=drafts)


def missing_by_store(user: User) -> dict[str, int]:
    """By the number of the store: how many of the municipality's direct orders have not been handed out."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING, {"municipalities": list(user.municipality_ids)})
        return dict(cursor.fetchall())


def _count(condition: str) -> str:
    orders = "orders_order AS o LEFT JOIN orders_ordersubtype AS subtype ON subtype.id = o.subtype_id"
    return f"(SELECT count(*) FROM (SELECT FROM {orders} WHERE {condition} LIMIT %(most)s) AS counted)"  # noqa: S608  # as above
