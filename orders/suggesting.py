"""The first that can be chosen at each field of the step *Parter*, for a browser without scripts.

With scripts the fields search while one types (`orders/choosing.py`).
"""

from collections.abc import Iterable
from typing import Any

from inventory.models import Warehouse
from parties.models import Party, User
from parties.prepared import prepared

from .models import Order, OrderType
from .operations.verifying import customers_of
from .recipients import places_for, senders_of

MOST = 50

HERE = "(id = ANY(%(here)s) OR parent_id = ANY(%(here)s))"
PAYERS_AND_HANDLERS = """
    (
        SELECT 'payer', number, name FROM parties_party
        WHERE is_active AND (is_customer OR is_municipality)
            AND {visible}
        ORDER BY number LIMIT {most}
    ) UNION ALL (
        SELECT 'handler', username, name FROM parties_user
        WHERE is_active AND id IN (
            SELECT user_id FROM parties_usercustomer WHERE customer_id IN (SELECT id FROM parties_party WHERE is_region)
        )
        ORDER BY username LIMIT {most}
    )
"""
"""As `payers_for` and `handlers` (a test compares), in one statement."""

type Code = tuple[str, str]
"""What is written in the field, and whose it is."""


def suggestions(order: Order, *, user: User) -> dict[str, list[Code]]:
    """By field; of a draft as it would be with what is in the form."""
    customer, type = order.customer, OrderType(order.type)
    payers, handlers = _payers_and_handlers(user)
    found: dict[str, list[Code]] = {}
    if order.orderer:
        found["customer"] = _numbered(customers_of(order.orderer, type=type, by=user))
    if customer:
        found |= {"sender": _numbered(senders_of(customer, order.subtype)), "payer": payers}
    if customer and type != OrderType.PRESCRIPTION:
        found["recipient"] = _numbered(places_for(order, customer)[:MOST])
    return found | {"handler": handlers}


def _numbered(rows: Iterable[Party | Warehouse]) -> list[Code]:
    return [(row.number, row.name) for row in rows][:MOST]


def _payers_and_handlers(user: User) -> tuple[list[Code], list[Code]]:
    params: dict[str, Any] = {"here": list(user.municipality_ids)}
    statement = PAYERS_AND_HANDLERS.format(visible="true" if user.is_central else HERE, most=MOST)
    found: dict[str, list[Code]] = {"payer": [], "handler": []}
    with prepared() as cursor:
        cursor.execute(statement, params)
        for field, number, name in cursor.fetchall():
            found[field].append((number, name))
    return found["payer"], found["handler"]
