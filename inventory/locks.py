"""The one order in which rows are locked, whatever the business act:

1. orders, by pk           (`orders.operations.locking.lock_order`); new locations are made here, before the balances
   and after them holdings and returns, by pk (`orders.operations.returning`)
2. stock levels, by (warehouse, article)   (`lock_levels`, here)
3. devices, by pk          (by the movement trigger; movements are written sorted by device)
4. the order number series (last, so that it is held the shortest time)

An order line's quantities and a device's reservation are changed only under the lock of their stock level.
Orders are locked FOR NO KEY UPDATE, so an event may point at an order that another transaction holds.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from .models import StockLevel
from .writing import write_rows

type LevelKey = tuple[int, int]
"""(warehouse pk, article pk)"""


KNOWN = (
    f"SELECT count(*) FROM {StockLevel._meta.db_table} "  # noqa: S608  # a table's name
    "JOIN unnest(%s::bigint[], %s::bigint[]) AS wanted (warehouse_id, article_id) USING (warehouse_id, article_id)"
)


def lock_levels(keys: Iterable[LevelKey]) -> dict[LevelKey, StockLevel]:
    """Lock the balances of (warehouse, article) pairs in key order, and return them; missing ones are made.

    The caller looks at the balances after the lock, changes them and writes them with `save_levels`.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(column) for column in zip(*wanted, strict=True)])
        (known,) = cursor.fetchone()
    if known < len(wanted):
        # Before the locks: who holds a balance never waits for a new row of somebody who wants that balance.
        StockLevel.objects.bulk_create(
            [StockLevel(warehouse_id=warehouse, article_id=article) for warehouse, article in wanted],
            ignore_conflicts=True,
        )
    rows = StockLevel.objects.with_blocked().filter(_any_of(wanted)).order_by("warehouse_id", "article_id")
    return {(row.warehouse_id, row.article_id): row for row in rows.select_for_update(of=["self"], no_key=True)}


def save_levels(levels: Iterable[StockLevel]) -> None:
    """Write locked balances back in one statement; the database refuses one that is negative or over-reserved."""
    write_rows(levels, ["on_hand", "reserved", "incoming"])


def _any_of(keys: list[LevelKey]) -> Q:
    by_warehouse: dict[int, list[int]] = {}
    for warehouse, article in keys:
        by_warehouse.setdefault(warehouse, []).append(article)
    return reduce(or_, (Q(warehouse=warehouse, article__in=articles) for warehouse, articles in by_warehouse.items()))
