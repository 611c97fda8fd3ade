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
FROM_THEIR_STORE = f"{IS_OPEN} AND o.sender_id = ANY(%(warehouses)s)"
BACK_ORDERED = "EXISTS (SELECT FROM orders_orderline AS line WHERE line.order_id = o.id AND line.backordered > 0)"
RESERVED = """(
    SELECT line.order_id FROM orders_orderline AS line WHERE line.order_id = o.id AND line.reserved > 0 LIMIT 1
) IS NOT NULL"""
AWAITED = """EXISTS (
    SELECT FROM orders_delivery AS delivery WHERE delivery.order_id = o.id
        AND NOT EXISTS (SELECT FROM orders_receipt WHERE delivery_id = delivery.id)
        AND NOT EXISTS (SELECT FROM orders_deliveryfailure WHERE delivery_id = delivery.id)
)"""

TO_HAND_OUT = f"subtype.is_direct AND {FROM_THEIR_STORE} AND {IS_THEIRS}"
TO_HAND_OUT_IN_STORE = f"""subtype.is_direct AND {FROM_THEIR_STORE}
    AND ({IS_THEIRS} OR o.registered_at <= statement_timestamp() - %(escalated_after)s)"""
TO_PICK = f"""NOT subtype.is_direct AND {FROM_THEIR_STORE}
    AND {RESERVED} AND (NOT o.only_complete OR NOT {BACK_ORDERED})"""
TO_RECEIVE = f"""o.type = 'L' AND o.state IN ('IN_TRANSIT', 'PARTLY')
    AND o.recipient_warehouse_id = ANY(%(stores)s) AND {AWAITED}"""

MISSING = f"""(
    SELECT json_object_agg(number, missing ORDER BY number) FROM (
        SELECT sender.number, count(*) AS missing FROM orders_order AS o
        JOIN orders_ordersubtype AS subtype ON subtype.id = o.subtype_id
        JOIN inventory_warehouse AS sender ON sender.id = o.sender_id
        WHERE {SEEN_BY_MUNICIPALITY} AND {IS_OPEN} AND subtype.is_direct
        GROUP BY sender.number
    ) AS by_store
)"""  # noqa: S608  # of the conditions above


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of registered orders that the user sees, and of the user's own drafts."""

    todo: int
    mine: int
    backorders: int
    drafts: int
    missing: dict[str, int]
    """By the number of the store: the municipality's direct orders that have not been handed out, if they were asked
    for; the central service has none."""


def counts_for(user: User, *, most: int, with_missing: bool = False) -> Counts:
    """Each counted up to `most`, what is missing to its end."""
    seen = SEEN_BY_CENTRAL if user.is_central else SEEN_BY_MUNICIPALITY
    parts = [
        _count(f"{seen} AND ({' OR '.join(f'({way})' for way in ways_to_wait(user)) or 'FALSE'})"),
        _count(f"{seen} AND o.state <> 'DRAFT' AND {IS_THEIRS}"),
        _count(f"{seen} AND {IS_OPEN} AND {BACK_ORDERED}"),
        _count("o.state = 'DRAFT' AND o.registrar_id = %(user)s"),
        MISSING if with_missing and not user.is_central else "NULL",
    ]
    values: dict[str, Any] = {
        "most": most,
        "user": user.pk,
        "municipalities": list(user.municipality_ids),
        "warehouses": list(warehouses_of(user)),
        "stores": list(stores_received_for(user)),
        "escalated_after": ESCALATED_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        todo, mine, backorders, drafts, missing = cursor.fetchone()
    return Counts(todo=todo, mine=mine, backorders=backorders, drafts=drafts, missing=missing or {})


def ways_to_wait(user: User) -> list[str]:
    """How an order can wait for the person, as `todo.waits_for`: what is never so is not planned for."""
    ways = []
    if hands_out_own(user):
        ways.append(TO_HAND_OUT_IN_STORE if is_store_staff(user) else TO_HAND_OUT)
    if may_pick(user):
        ways.append(TO_PICK)
    if stores_received_for(user):
        ways.append(TO_RECEIVE)
    return ways


def _count(condition: str) -> str:
    joined = " JOIN orders_ordersubtype AS subtype ON subtype.id = o.subtype_id" if "subtype." in condition else ""
    return f"(SELECT count(*) FROM (SELECT FROM orders_order AS o{joined} WHERE {condition} LIMIT %(most)s) AS counted)"  # noqa: S608  # as above
