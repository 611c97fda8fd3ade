"""What lists ask of orders, in plain SQL: `o` is the order, `delivery` a delivery of it.

The person's own municipalities and stores are bound to the names that `values_of` gives, so that the text is the same
for all who do the same work, and PostgreSQL plans it once. The central warehouses stand in it as numbers: half of all
orders are theirs, which a plan for any warehouse would not reckon with. So do limits.

Django takes longer to build a count or a list of keys than PostgreSQL to answer it. A list narrows its queryset by the
same text (`as_filter`), so that what is counted and what is listed are one. Who waits for what, `orders.next_actor`
says about one order in words; a test keeps the two together.
"""

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Final

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from inventory.queries import warehouses_of
from parties.models import User

from .access import hands_out_own, is_store_staff, may_pick, stores_received_for

ESCALATED_AFTER: Final = timedelta(hours=24)
"""When *Utleverans saknas* becomes a matter for the store's responsible: those who work in the store."""
IS_OPEN = "o.state IN ('REGISTERED', 'PARTLY')"
IS_DIRECT = "o.subtype_id IN (SELECT id FROM orders_ordersubtype WHERE is_direct)"
SOME_LINE = """(
    SELECT line.order_id FROM orders_orderline AS line WHERE line.order_id = o.id AND line.{} > 0 LIMIT 1
) IS NOT NULL"""
"""Asked of each order: an EXISTS is joined, for which all such lines of all orders are read."""
BACK_ORDERED, RESERVED = SOME_LINE.format("backordered"), SOME_LINE.format("reserved")
IS_ON_THE_WAY = "o.type = 'L' AND o.state IN ('IN_TRANSIT', 'PARTLY')"
IS_AWAITED = """NOT EXISTS (SELECT FROM orders_receipt WHERE delivery_id = delivery.id)
    AND NOT EXISTS (SELECT FROM orders_deliveryfailure WHERE delivery_id = delivery.id)"""
HAS_AWAITED = f"EXISTS (SELECT FROM orders_delivery AS delivery WHERE delivery.order_id = o.id AND {IS_AWAITED})"
IS_THEIRS = "(o.registrar_id = %(user)s OR o.orderer_id = %(user)s)"
FITS = "(starts_with(upper(article.number), {word}) OR strpos(upper(article.name), {word}) > 0)"
"""A word in capitals is in the article's name, or its number begins so."""
NEVER = "FALSE"

OWN: dict[str, Callable[[User], Collection[int]]] = {
    "municipality": lambda user: user.municipality_ids,
    "warehouse": warehouses_of,
    "store": stores_received_for,
}
"""Where the person sees orders, picks and receives: primary keys."""


def seen_by(user: User) -> str:
    """As `OrderQuerySet.registered_visible_to`, but for drafts."""
    if user.is_central:
        return f"({from_their_store(user)} OR {_one_of('o.recipient_warehouse_id', user, 'warehouse')})"
    return _one_of("o.municipality_id", user, "municipality")


def from_their_store(user: User) -> str:
    """A municipality's orders are found by the municipality: of a sum no index tells, or all that ever left its stores
    would be read to be compared with the few that are open.
    """
    return _one_of("o.sender_id" if user.is_central else "o.sender_id + 0", user, "warehouse")


def to_their_store(user: User) -> str:
    return _one_of("o.recipient_warehouse_id", user, "store")


def to_hand_out(user: User) -> str:
    """Saved direct orders (*Utleverans saknas*): one's own; for store staff after a day all from their store.

    NEVER, as in those below, where there is nothing of that kind for the person, so that nothing is planned.
    """
    if not hands_out_own(user):
        return NEVER
    theirs = IS_THEIRS
    if is_store_staff(user):
        waited = f"interval '{ESCALATED_AFTER.total_seconds()} seconds'"
        theirs = f"({theirs} OR o.registered_at <= statement_timestamp() - {waited})"
    return f"{IS_OPEN} AND {IS_DIRECT} AND {from_their_store(user)} AND {theirs}"


def to_pick(user: User) -> str:
    """What can go from the user's warehouse to others: HMS picks in warehouse 10, store staff in theirs.

    Something is reserved; for an order that goes only complete, everything.
    """
    if not may_pick(user):
        return NEVER
    is_complete = f"(NOT o.only_complete OR NOT {BACK_ORDERED})"
    return f"{IS_OPEN} AND NOT {IS_DIRECT} AND {from_their_store(user)} AND {RESERVED} AND {is_complete}"


def to_receive(user: User) -> str:
    """Transfers with a delivery that the user's store has not confirmed."""
    return f"{IS_ON_THE_WAY} AND {to_their_store(user)} AND {HAS_AWAITED}" if stores_received_for(user) else NEVER


def waits_for(user: User) -> str:
    """*Att göra*."""
    ways = [way for way in (to_hand_out(user), to_pick(user), to_receive(user)) if way != NEVER]
    return f"({' OR '.join(f'({way})' for way in ways) or NEVER})"


def as_filter(condition: str, user: User) -> RawSQL:
    """The condition for a queryset of orders, in which Django calls them by the name of their table."""
    values, bound = values_of(user), list[int]()

    def bind(name: re.Match[str]) -> str:
        bound.append(values[name[1]])
        return "%s"

    sql = re.sub(r"%\((\w+)\)s", bind, re.sub(r"\bo\.", "orders_order.", condition))
    return RawSQL(sql, bound, output_field=BooleanField())  # noqa: S611  # of conditions


def values_of(user: User) -> dict[str, int]:
    """What the conditions bind: `user`, and the keys of `_own`, numbered."""
    own = {f"{name}{place}": key for name in OWN for place, key in enumerate(_own(user, name))}
    return {"user": user.pk} | own


def _one_of(column: str, user: User, name: str) -> str:
    """Written out: PostgreSQL reads `IN (1)` as `= 1` and follows an index in its order, which it does of no array."""
    keys = _own(user, name)
    written = [str(key) if user.is_central else f"%({name}{place})s" for place, key in enumerate(keys)]
    return f"{column} IN ({', '.join(written)})" if keys else NEVER


def _own(user: User, name: str) -> list[int]:
    return sorted(OWN[name](user))
