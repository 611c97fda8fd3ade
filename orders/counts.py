"""How many orders the quick filters hold: all in one statement, and none further than the page says.

`filters.show` lists the orders by the same conditions.
"""

from dataclasses import dataclass

from parties.models import User
from parties.prepared import prepared

from .conditions import (
    BACK_ORDERED,
    IS_DIRECT,
    IS_OPEN,
    IS_THEIRS,
    seen_by,
    values_of,
    waits_for,
)

MISSING = """(
    SELECT json_object_agg(number, missing ORDER BY number) FROM (
        SELECT (SELECT number FROM inventory_warehouse WHERE id = o.sender_id) AS number, count(*) AS missing
        FROM orders_order AS o WHERE {condition} GROUP BY o.sender_id
    ) AS by_store
)"""


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
    seen = seen_by(user)
    missing = MISSING.format(condition=f"{seen} AND {IS_OPEN} AND {IS_DIRECT}")
    parts = [
        _count(most, f"{seen} AND {waits_for(user)}"),
        _count(most, f"{seen} AND o.state <> 'DRAFT' AND {IS_THEIRS}"),
        _count(most, f"{seen} AND {IS_OPEN} AND {BACK_ORDERED}"),
        _count(most, "o.state = 'DRAFT' AND o.registrar_id = %(user)s"),
        missing if with_missing and not user.is_central else "NULL",
    ]
    with prepared() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values_of(user))
        todo, mine, backorders, drafts, missing = cursor.fetchone()
    return Counts(todo=todo, mine=mine, backorders=backorders, drafts=drafts, missing=missing or {})


def _count(most: int, condition: str) -> str:
    return f"(SELECT count(*) FROM (SELECT FROM orders_order AS o WHERE {condition} LIMIT {most:d}) AS counted)"  # noqa: S608  # of conditions
