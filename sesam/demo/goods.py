"""The articles, and what each store has of them at the start; taken in through the ledger like everything else."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import count

from inventory.locks import lock_levels
from inventory.models import Article, MovementReason, StockLevel, Warehouse
from inventory.operations.receiving import Arrival, receive_goods
from parties.models import Party, User

from .tables import rows

# Opening quantities that the demo orders and the guide rely on; all others follow from the table.
OPENING = {
    ("10", "14540"): 228,  # 212 available when the demo orders have taken theirs
    ("10", "14541"): 42,
    ("10", "14731"): 1,  # the bath seat that three orders wait for
    ("10", "15510"): 0,  # the hospital bed that a patient waits for
    ("50101", "14540"): 1,  # 7 when the received transfer is in
    ("50101", "14541"): 0,  # on its way in a transfer
    ("50101", "15121"): 4,  # 3 when one has been handed out
    ("50101", "14731"): 4,
    ("50301", "14540"): 6,
    ("51501", "15510"): 0,
}


def add_articles() -> None:
    suppliers = {party.number: party for party in Party.objects.filter(is_supplier=True)}
    Article.objects.bulk_create(
        Article(
            number=row["number"],
            name=row["name"],
            iso_code=row["iso_code"],
            kind=row["kind"],
            is_numbered=row["is_numbered"] == "1",
            charging=row["charging"],
            price=Decimal(row["price"]),
            gtin=row["gtin"],
            supplier=suppliers[row["supplier"]],
            supplier_number=row["supplier_number"],
            synonyms=row["synonyms"],
            substitution_group=row["substitution_group"],
        )
        for row in rows("articles")
    )


def add_stock(at: datetime) -> None:
    """The opening balance and the reorder points of lager 10 and every municipal store, in order of their numbers."""
    by = User.objects.get(username="hmla01")
    articles = {article.number: article for article in Article.objects.all()}
    table = list(rows("articles"))
    device_numbers = (f"HV{number:06d}" for number in count(1))
    for ordinal, warehouse in enumerate(Warehouse.objects.select_related("owner").order_by("number")):
        arrivals = [
            _arrival(articles[row["number"]], _opening(row, warehouse, ordinal), device_numbers) for row in table
        ]
        receive_goods(
            warehouse=warehouse,
            arrivals=arrivals,
            by=by,
            at=at,
            key=f"opening:{warehouse.number}",
            reason=MovementReason.OPENING,
        )
        _set_reorder_points(warehouse, {articles[row["number"]].pk: _reorder_point(row, warehouse) for row in table})
        if warehouse.is_central:
            _set_shelves(warehouse)


def _arrival(article: Article, quantity: int, device_numbers: Iterator[str]) -> Arrival:
    if not article.is_numbered:
        return Arrival(article=article, quantity=quantity)
    return Arrival(article=article, device_numbers=tuple(next(device_numbers) for _ in range(quantity)))


def _opening(row: dict[str, str], warehouse: Warehouse, ordinal: int) -> int:
    """Units at the start: plenty in lager 10; in a municipal store around its reorder point, some below it."""
    if (known := OPENING.get((warehouse.number, row["number"]))) is not None:
        return known
    minimum = int(row["store_minimum"])
    is_numbered = row["is_numbered"] == "1"
    if warehouse.is_central:
        if row["is_stocked"] != "1":
            return 2
        return 4 + 2 * minimum if is_numbered else 40 + 10 * minimum
    spread = (ordinal + int(row["number"])) % 4  # 0 to 3, the same every time
    return max(0, minimum + spread - 1) if minimum and not is_numbered else max(0, minimum - spread // 2)


def _reorder_point(row: dict[str, str], warehouse: Warehouse) -> int:
    return int(row["store_minimum"]) * (4 if warehouse.is_central and row["is_numbered"] != "1" else 1)


def _set_reorder_points(warehouse: Warehouse, points: dict[int, int]) -> None:
    """By article pk; the max level is twice the reorder point. An article that the store does not keep is left out."""
    levels = lock_levels((warehouse.pk, article) for article, point in points.items() if point)
    for (_, article), level in levels.items():
        level.reorder_point = points[article]
        level.max_level = 2 * points[article]
    StockLevel.objects.bulk_update(levels.values(), ["reorder_point", "max_level"])


def _set_shelves(warehouse: Warehouse) -> None:
    """`A-01`, `A-02`, … by article number, twenty in each row of shelves."""
    levels = list(StockLevel.objects.filter(warehouse=warehouse).order_by("article__number"))
    for place, level in enumerate(levels):
        level.shelf = f"{'ABCDEFGHIJ'[place // 20]}-{place % 20 + 1:02}"
    StockLevel.objects.bulk_update(levels, ["shelf"])
