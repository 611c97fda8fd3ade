"""Who changes master data, rights and users: told to the database's triggers in the transaction that changes them.

A page that only reads, or writes other tables, pays nothing: no statement is added for it.
"""

import re
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest

from parties.models import User

TRACKED = [
    "auth_group",
    "auth_group_permissions",
    "inventory_article",
    "inventory_device",
    "inventory_stocklevel",
    "inventory_training",
    "inventory_usertraining",
    "inventory_warehouse",
    "orders_ordersubtype",
    "parties_carerelation",
    "parties_party",
    "parties_patient",
    "parties_prescribingright",
    "parties_user",
    "parties_user_groups",
    "parties_user_user_permissions",
    "parties_usercustomer",
    "parties_usercustomer_roles",
]
"""The tables with a trigger `change_history`; a test compares."""

# Of devices and levels only what the ledger does not write; of users not that they logged in.
_PARTLY = {
    "inventory_device": "number|serial_number|state",
    "inventory_stocklevel": "reorder_point|max_level|shelf",
    "parties_carerelation": "since|until",
}
_WHOLLY = "|".join(table for table in TRACKED if table not in _PARTLY)
_WRITES = re.compile(
    "|".join(
        [
            rf'\s*(INSERT INTO|UPDATE|DELETE FROM) "({_WHOLLY})"(?! SET "last_login" = \S+ WHERE)',
            *(rf'\s*UPDATE "{table}" SET .*"({columns})" = ' for table, columns in _PARTLY.items()),  # noqa: S608  # a pattern
        ]
    )
)


class ChangesBy:
    """Wraps the statements of one request: before one that changes a tracked table the actor is named."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not _WRITES.match(str(sql)) or not isinstance(self.request.user, User):
            return execute(sql, params, many, context)
        connection: BaseDatabaseWrapper = context["connection"]
        begun = nullcontext() if connection.in_atomic_block else transaction.atomic(using=connection.alias)
        with begun:
            name_actor(connection, self.request.user)
            return execute(sql, params, many, context)


def name_actor(connection: BaseDatabaseWrapper, actor: User) -> None:
    """Until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sesam.actor', %s, true)", [str(actor.pk)])
