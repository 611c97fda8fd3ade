"""What the pages of the stock show of balances, devices and articles, by statements whose text is made once."""

from parties.reading import HERE, Reader

from .models import Article, Device, StockLevel
from .models.stock_level import blocked

PARTY = ("id", "number", "name")
WAREHOUSE = ("id", "number", "name", "kind")
BLOCKED = {"blocked": blocked(HERE)}

LEVELS = Reader(
    StockLevel,
    "article",
    only={"article": ("id", "number", "name", "unit", "iso_code")},
    computed=BLOCKED,
    is_sealed=True,
)
"""Balances of one warehouse."""
LEVELS_OF_ARTICLE = Reader(StockLevel, "warehouse", only={"warehouse": WAREHOUSE}, computed=BLOCKED, is_sealed=True)
WHOLE_ARTICLES = Reader(Article, "supplier", "required_training", only={"supplier": PARTY})
DEVICES = Reader(
    Device,
    *("article", "location", "location__warehouse", "location__party"),
    only={"article": ("id", "number", "name"), "location__warehouse": WAREHOUSE, "location__party": PARTY},
    is_sealed=True,
)
ARTICLES = Reader(
    Article,
    "supplier",
    only={
        HERE: (
            *("id", "number", "name", "unit", "iso_code", "kind", "is_numbered", "is_orderable", "in_assortment"),
            *("charging", "supplier_id", "supplier_number", "gtin", "synonyms"),
        ),
        "supplier": PARTY,
    },
    is_sealed=True,
)
"""Without the description and what they are searched by."""
