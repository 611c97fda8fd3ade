"""Make the books agree again after something outside the operations has changed them; nothing that was written goes."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from inventory.locks import lock_levels
from inventory.models import Article, LocationKind, MovementReason, Warehouse
from inventory.operations.locating import outside_location, warehouse_location
from inventory.operations.moving import Move, level_keys, post_movements
from orders import reconciling
from parties.models import User

DIFFERING = """
    SELECT warehouse_id, article_id, level.on_hand - coalesce(ledger.on_hand, 0)
    FROM inventory_stocklevel AS level
    LEFT JOIN ledger USING (warehouse_id, article_id)
    JOIN inventory_article AS article ON article.id = article_id
    WHERE NOT is_numbered AND level.on_hand <> coalesce(ledger.on_hand, 0)
    ORDER BY warehouse_id, article_id
"""
# What no movement is made for: reservations are the lines', incoming the deliveries', devices stand where they stand.
RECOUNT = """
    INSERT INTO inventory_stocklevel AS level (warehouse_id, article_id, on_hand, reserved, incoming)
    SELECT warehouse_id, article_id, coalesce(ledger.on_hand, 0), coalesce(held.reserved, 0),
           coalesce(ledger.incoming, 0)
    FROM known LEFT JOIN ledger USING (warehouse_id, article_id) LEFT JOIN held USING (warehouse_id, article_id)
    WHERE coalesce(held.reserved, 0) <= coalesce(ledger.on_hand, 0) AND coalesce(ledger.incoming, 0) >= 0
    ON CONFLICT (warehouse_id, article_id) DO UPDATE
    SET on_hand = excluded.on_hand, reserved = excluded.reserved, incoming = excluded.incoming
    WHERE (level.on_hand, level.reserved, level.incoming) <> (excluded.on_hand, excluded.reserved, excluded.incoming)
"""


@transaction.atomic
def correct_balances(*, key: UUID, by: User | None, at: datetime) -> list[str]:
    """Post a correcting movement where the balance of a quantity article is not its ledger's; says what it did.

    The command cannot know which of the two is right. The balance is what people have worked with, so the ledger gets
    the difference as a visible entry, from *found* or to *loss*, and a count is asked for. Counters that no movement
    is made for (reserved, incoming, the number of devices) are counted again. Waits for everybody who holds a
    balance, and holds off the others meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE inventory_stocklevel IN EXCLUSIVE MODE")
        cursor.execute(_with_views(["placed", "ledger"], DIFFERING))
        differing = cursor.fetchall()
    said = _post(differing, key=key, by=by, at=at)
    if counted := recount_balances():
        said.append(f"Räknade om {counted} saldon efter orderrader och lagerrörelser.")
    return said


def recount_balances() -> int:
    """Write every balance that is not what order lines and movements say; returns how many. Left: the impossible."""
    with connection.cursor() as cursor:
        cursor.execute(_with_views(["placed", "ledger", "known", "held"], RECOUNT))
        counted: int = cursor.rowcount
    return counted


def _with_views(names: list[str], query: str) -> str:
    return f"WITH {', '.join(f'{name} AS ({reconciling.VIEWS[name]})' for name in names)} {query}"


def _post(differing: list[tuple[int, int, int]], *, key: UUID, by: User | None, at: datetime) -> list[str]:
    warehouses = Warehouse.objects.in_bulk({warehouse for warehouse, _, _ in differing})
    articles = Article.objects.in_bulk({article for _, article, _ in differing})
    moves, said = [], []
    for warehouse_id, article_id, difference in differing:
        warehouse, article = warehouses[warehouse_id], articles[article_id]
        shelf = warehouse_location(warehouse)
        outside = outside_location(LocationKind.FOUND if difference > 0 else LocationKind.LOSS)
        moves.append(
            Move(
                key=f"correction:{key}:{warehouse_id}:{article_id}",
                article_id=article_id,
                quantity=abs(difference),
                source=outside if difference > 0 else shelf,
                target=shelf if difference > 0 else outside,
            )
        )
        said.append(
            f"Lager {warehouse.number}, artikel {article.number}: rättade {difference:+} st. Inventera artikeln."
        )
    # The balances already hold the difference: they are changed in memory only, and not saved.
    levels = lock_levels(level_keys(moves))
    post_movements(moves, levels=levels, reason=MovementReason.CORRECTION, by=by, at=at, note="Avstämning av lager")
    return said
