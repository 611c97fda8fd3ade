"""How many orders the quick filters hold: all in one statement, and none further than the page says.

`filters.show` lists the orders; a test keeps the two together.
"""

from dataclasses import dataclass

from django.db import connection

from parties.models import User

from .conditions import BACK_ORDERED, IS_OPEN, NEVER, is_theirs, joined, seen_by, to_hand_out, to_pick, to_receive

MISSING = """(
    SELECT json_object_agg(number, missing ORDER BY number) FROM (
        SELECT (SELECT number FROM inventory_warehouse WHERE id = o.sender_id) AS number, count(*) AS missing
        FROM {joined} WHERE {condition} GROUP BY o.sender_id
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
    seen, theirs = seen_by(user), is_theirs(user)
    waits = " OR ".join(f"({way})" for way in (to_hand_out(user), to_pick(user), to_receive(user)) if way != NEVER)
    missing = f"{seen} AND {IS_OPEN} AND subtype.is_direct"
    parts = [
        _count(f"{seen} AND ({waits or NEVER})"),
        _count(f"{seen} AND o.state <> 'DRAFT' AND {theirs}"),
        _count(f"{seen} AND {IS_OPEN} AND {BACK_ORDERED}"),
        _count(f"o.state = 'DRAFT' AND o.registrar_id = {user.pk}"),
        MISSING.format(joined=joined(missing), condition=missing) if with_missing and not user.is_central else "NULL",
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", {"most": most})
        todo, mine, backorders, drafts, missing = cursor.fetchone()
    return Counts(todo=todo, mine=mine, backorders=backorders, drafts=drafts, missing=missing or {})


def _count(condition: str) -> str:
    return f"(SELECT count(*) FROM (SELECT FROM {joined(condition)} WHERE {condition} LIMIT %(most)s) AS counted)"  # noqa: S608  # of conditions
