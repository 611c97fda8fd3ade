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

from parties.prepared import prepared

from .models import StockLevel
from .models.stock_level import BLOCKED
from .writing import write_rows

type LevelKey = tuple[int, int]
"""(warehouse pk, article pk)"""

LOCK = """
    WITH wanted AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS keys (warehouse_id, article_id))
    SELECT inventory_stocklevel.*, (SELECT is_numbered FROM inventory_article WHERE id = article_id) AS has_devices
    FROM inventory_stocklevel JOIN wanted USING (warehouse_id, article_id)
    WHERE (SELECT count(*) FROM wanted) =
        (SELECT count(*) FROM inventory_stocklevel AS known JOIN wanted USING (warehouse_id, article_id))
    ORDER BY inventory_stocklevel.warehouse_id, inventory_stocklevel.article_id
    FOR NO KEY UPDATE OF inventory_stocklevel"""
"""None where one is missing. Of a row that it waited for PostgreSQL reads that row anew, and nothing else: what a
sub-select finds in other tables is as old as the statement. (Whether an article that has moved is numbered is fixed.)

Written out, for it is asked in every act, and Django takes 2 ms to build it: ten times what PostgreSQL needs.
"""

COUNT = f"SELECT id, {BLOCKED} FROM inventory_stocklevel AS level WHERE id = ANY(%s)"  # noqa: S608  # of the condition
"""Of balances that are locked, so a statement of its own: it sees what was blocked by whoever held them before."""


def lock_levels(keys: Iterable[LevelKey]) -> dict[LevelKey, StockLevel]:
    """Lock the balances of (warehouse, article) pairs in key order, and return them; missing ones are made.

    Each knows how many of its units are blocked, as `StockLevelQuerySet.with_blocked` says. The caller looks at the
    balances after the lock, changes them and writes them with `save_levels`.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    columns = [list(column) for column in zip(*wanted, strict=True)]
    rows = list(StockLevel.objects.raw(LOCK, columns))
    if not rows:
        # Before the locks: who holds a balance never waits for a new row of somebody who wants that balance.
        StockLevel.objects.bulk_create(
            [StockLevel(warehouse_id=warehouse, article_id=article) for warehouse, article in wanted],
            ignore_conflicts=True,
        )
        rows = list(StockLevel.objects.raw(LOCK, columns))
    _count_blocked([row for row in rows if row.has_devices])
    return {(row.warehouse_id, row.article_id): row for row in rows}


def _count_blocked(locked: list[StockLevel]) -> None:
    if not locked:
        return
    with prepared() as cursor:
        cursor.execute(COUNT, [[row.pk for row in locked]])
        blocked = dict(cursor.fetchall())
    for row in locked:
        row.blocked = blocked[row.pk]


def save_levels(levels: Iterable[StockLevel]) -> None:
    """Write locked balances back in one statement; the database refuses one that is negative or over-reserved."""
    write_rows(levels, ["on_hand", "reserved", "incoming"])
