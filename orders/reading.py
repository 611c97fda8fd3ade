"""Orders, read by their keys in one statement with what a list or a page shows of them.

In plain SQL and, for lists, with few columns: `select_related` over nine tables takes Django three times as long, a
third of it to build the statement. What was not read of a list's orders cannot be asked for afterwards (FETCH_RAISE),
so no list asks row by row.
"""

from collections.abc import Iterable
from typing import Any

from inventory.queries import warehouses_of
from parties.models import User
from parties.reading import HERE, Reader

from .models import Delivery, Notice, Order, OrderLine

WAREHOUSE = ("id", "number", "name", "kind", "owner_id")
PARTY = ("id", "number", "name", "is_region", "is_municipality", "parent_id")
SHOWN = {
    "subtype": ("id", "code", "name", "is_direct"),
    "orderer": ("id", "name"),
    "recipient_unit": PARTY,
    "recipient_patient": ("id", "name", "identity_number", "protection"),
    "sender": WAREHOUSE,
    "sender__owner": PARTY,
    "recipient_warehouse": WAREHOUSE,
    "recipient_warehouse__owner": PARTY,
}
LISTED = Reader(Order, *SHOWN, only=SHOWN, is_sealed=True)

RECIPIENT = ("recipient_warehouse", "recipient_unit", "recipient_patient")
HEAD = ("subtype", "sender", "sender__owner", "payer", *RECIPIENT)
"""What the top of an order's page shows, and what decides who may do what. Each table more takes longer to plan."""
WITH_HEAD = Reader(Order, *HEAD)
WITH_CUSTOMER = Reader(Order, *HEAD, "customer")
WITH_RECEIVER = Reader(Order, *HEAD, "recipient_warehouse__owner")
WITH_ALL = Reader(Order, *HEAD, "recipient_warehouse__owner", "customer", "orderer", "registrar", "handler")
DRAFT = ("subtype", "sender", "customer")
"""What decides which articles and parties a draft can have."""
FOR_SEARCH = Reader(Order, *DRAFT)
FOR_ACTS = Reader(Order, "subtype", "sender", "orderer")
FOR_TYPE = Reader(Order, *DRAFT, "orderer", "recipient_patient")
FOR_STEP = Reader(Order, *DRAFT, "orderer", "payer", *RECIPIENT, "handler")
LINES = Reader(OrderLine, "article", "device")
CLAIMED_LINES = Reader(OrderLine, "article", "device", "claimed_by")
LINES_IN_FULL = Reader(OrderLine, "article", "device", "claimed_by", "substitutes", "substitutes__article")
ORDERS_TO_PICK = Reader(
    Order,
    *("subtype", "sender", *RECIPIENT, "municipality"),
    only={path: SHOWN[path] for path in ("subtype", "sender", *RECIPIENT)} | {"municipality": PARTY},
    is_sealed=True,
)
"""What the work list shows of an order: also the municipality, for those who work for several."""
LINES_TO_PICK = Reader(
    OrderLine,
    *("article", "device", "claimed_by"),
    only={"article": ("id", "number", "name", "unit"), "device": ("id", "number"), "claimed_by": ("id", "name")},
    is_sealed=True,
)
NOTICES = Reader(
    Notice,
    *("event", "event__order", "event__actor"),
    only={
        "event": ("id", "order_id", "kind", "at", "actor_id", "detail"),
        "event__order": ("id", "number"),
        "event__actor": ("id", "name"),
    },
    is_sealed=True,
)
SENT = Reader(
    Delivery,
    *("order", "order__sender", "order__recipient_warehouse"),
    only={
        HERE: ("id", "number", "order_id", "at"),
        "order": ("id", "number", "sender_id", "recipient_warehouse_id"),
        "order__sender": ("id", "number", "name"),
        "order__recipient_warehouse": ("id", "number", "name"),
    },
    computed={
        "line_count": "(SELECT count(DISTINCT order_line_id) FROM orders_deliveryline WHERE delivery_id = it.id)",
        "unit_count": "(SELECT sum(quantity) FROM orders_deliveryline WHERE delivery_id = it.id)",
    },
    is_sealed=True,
)
"""Deliveries to stores, with how much is in each: order lines, and units."""


def read_orders(keys: Iterable[int], reader: Reader[Order] = LISTED) -> list[Order]:
    """The orders with these keys, in their order; those that are gone are left out."""
    return reader.in_order(keys)


def read_visible(pk: int, user: User, reader: Reader[Order]) -> Order | None:
    """The order, if the user may see it."""
    orders = reader.read(f"it.id = %(pk)s AND {visible()}", {"pk": pk} | visible_values(user))
    return orders[0] if orders else None


def visible(order: str = HERE) -> str:
    """As `OrderQuerySet.visible_to`, of few orders, by what `visible_values` says of the user."""
    return f"""(
        {order}.state = 'DRAFT' AND {order}.registrar_id = %(user)s
            AND ({order}.municipality_id IS NULL OR {order}.municipality_id = ANY(%(here)s))
        OR {order}.state <> 'DRAFT' AND ({order}.municipality_id = ANY(%(municipalities)s)
            OR {order}.sender_id = ANY(%(warehouses)s) OR {order}.recipient_warehouse_id = ANY(%(warehouses)s))
    )"""


def visible_values(user: User) -> dict[str, Any]:
    """What `visible` asks about the user."""
    here = list(user.municipality_ids)
    return {
        "user": user.pk,
        "here": here,
        "municipalities": [] if user.is_central else here,
        "warehouses": list(warehouses_of(user)) if user.is_central else [],
    }


def read_lines(order: Order, reader: Reader[OrderLine] = LINES) -> list[OrderLine]:
    """The lines of an order in their order, each with its article and device."""
    lines = reader.read("it.order_id = %s ORDER BY it.position, it.id", [order.pk])
    for line in lines:
        line.order = order
    return lines


def read_news(user: User, *, most: int) -> list[Notice]:
    """What the person has not read of orders that they see, the latest first, with who did it."""
    condition = f"""it.user_id = %(user)s AND it.read_at IS NULL AND {visible('"event__order"')}
        ORDER BY "event".at DESC, it.id DESC LIMIT {most:d}"""
    return NOTICES.read(condition, visible_values(user))
