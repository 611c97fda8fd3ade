"""What lists ask of orders, in plain SQL: `o` is the order, `subtype` its kundordertyp, `delivery` a delivery of it.

Django takes longer to build a count or a list of keys than PostgreSQL to answer it. The same conditions stand in
`filters.show`, `todo` and `receipts`, which list what is counted here; tests keep the two together.
"""

from collections.abc import Collection

from inventory.queries import warehouses_of
from parties.models import User

from .access import may_pick
from .todo import ESCALATED_AFTER, hands_out_own, is_store_staff, stores_received_for

IS_OPEN = "o.state IN ('REGISTERED', 'PARTLY')"
SOME_LINE = """(
    SELECT line.order_id FROM orders_orderline AS line WHERE line.order_id = o.id AND line.{} > 0 LIMIT 1
) IS NOT NULL"""
"""Asked of each order: an EXISTS is joined, for which all such lines of all orders are read."""
BACK_ORDERED, RESERVED = SOME_LINE.format("backordered"), SOME_LINE.format("reserved")
IS_ON_THE_WAY = "o.type = 'L' AND o.state IN ('IN_TRANSIT', 'PARTLY')"
IS_AWAITED = """NOT EXISTS (SELECT FROM orders_receipt WHERE delivery_id = delivery.id)
    AND NOT EXISTS (SELECT FROM orders_deliveryfailure WHERE delivery_id = delivery.id)"""
HAS_AWAITED = f"EXISTS (SELECT FROM orders_delivery AS delivery WHERE delivery.order_id = o.id AND {IS_AWAITED})"
NEVER = "FALSE"


def seen_by(user: User) -> str:
    """As `OrderQuerySet.registered_visible_to`, but for drafts."""
    if user.is_central:
        central = warehouses_of(user)
        return f"({one_of('o.sender_id', central)} OR {one_of('o.recipient_warehouse_id', central)})"
    return one_of("o.municipality_id", user.municipality_ids)


def is_theirs(user: User) -> str:
    return f"(o.registrar_id = {user.pk} OR o.orderer_id = {user.pk})"


def from_their_store(user: User) -> str:
    """A municipality's orders are found by the municipality: of a sum no index tells, or all that ever left its stores
    would be read to be compared with the few that are open.
    """
    return one_of("o.sender_id" if user.is_central else "o.sender_id + 0", warehouses_of(user))


def to_their_store(user: User) -> str:
    return one_of("o.recipient_warehouse_id", stores_received_for(user))


def to_hand_out(user: User) -> str:
    """As `todo.to_hand_out`; NEVER where there is nothing of that kind for the person, so that nothing is planned."""
    if not hands_out_own(user):
        return NEVER
    theirs = is_theirs(user)
    if is_store_staff(user):
        waited = f"interval '{ESCALATED_AFTER.total_seconds()} seconds'"
        theirs = f"({theirs} OR o.registered_at <= statement_timestamp() - {waited})"
    return f"{IS_OPEN} AND subtype.is_direct AND {from_their_store(user)} AND {theirs}"


def to_pick(user: User) -> str:
    if not may_pick(user):
        return NEVER
    is_complete = f"(NOT o.only_complete OR NOT {BACK_ORDERED})"
    return f"{IS_OPEN} AND NOT subtype.is_direct AND {from_their_store(user)} AND {RESERVED} AND {is_complete}"


def to_receive(user: User) -> str:
    return f"{IS_ON_THE_WAY} AND {to_their_store(user)} AND {HAS_AWAITED}" if stores_received_for(user) else NEVER


def one_of(column: str, keys: Collection[int]) -> str:
    """Written out: PostgreSQL reads `IN (1)` as `= 1` and follows an index in its order, which it does of no array."""
    return f"{column} IN ({', '.join(str(int(key)) for key in keys)})" if keys else NEVER


def joined(condition: str) -> str:
    """The orders, and their kundordertyp where the condition asks for it."""
    join = "JOIN orders_ordersubtype AS subtype ON subtype.id = o.subtype_id"
    return f"orders_order AS o {join}" if "subtype." in condition else "orders_order AS o"
