from collections.abc import Sequence
from datetime import date

import pytest

from inventory.models import Article, StockLevel, Warehouse
from tests import factories

NAMES = ["Ångbad", "älg", "Ärm", "ost", "Öra", "zon", "apa", "Apa", "band", "Åre"]

type Filling = Sequence[tuple[int, date | None]]
"""Of each level the reorder point (which may be the same) and when goods are expected (which may be missing)."""


@pytest.fixture
def warehouse(db: None) -> Warehouse:
    """With an article for each of the names."""
    for number, name in enumerate(NAMES):
        factories.ArticleFactory.create(number=f"9{number:02}", name=name)
    return factories.WarehouseFactory.create()


def fill(warehouse: Warehouse, filling: Filling) -> list[StockLevel]:
    StockLevel.objects.filter(warehouse=warehouse).delete()
    articles = Article.objects.filter(number__startswith="9").order_by("-number")[: len(filling)]
    return StockLevel.objects.bulk_create(
        StockLevel(warehouse=warehouse, article=article, reorder_point=point, expected_on=day)
        for article, (point, day) in zip(articles, filling, strict=True)
    )
