"""How well the search answers what people type: among the 76 articles, and with ten thousand others around them.

In both the sender has the 76, as a store has its usual articles; the others are in nobody's stock. Misses are printed.
"""

from pathlib import Path

import pytest
from django.db import connection

from inventory.models import Article, StockLevel, Warehouse
from inventory.search import search_articles
from parties.models import Party
from sesam.demo.goods import add_articles
from tests.fixtures import Town

QUERIES = Path(__file__).with_name("search_queries.txt")
OTHERS = """
    INSERT INTO inventory_article (number, name, iso_code, kind, charging, synonyms)
    SELECT (300000 + n)::text,
        (ARRAY['Rollator', 'Rullstol', 'Duschstol', 'Toaförhöjning', 'Käpp', 'Bord', 'Sittdyna', 'Madrass', 'Lyftsele',
            'Vårdsäng', 'Ramp', 'Glidlakan', 'Arbetsstol', 'Personlyft', 'Klocka', 'Badbräda', 'Benstöd'])[1 + n % 17]
        || ' ' || (ARRAY['Nord', 'Björk', 'Fjäll', 'Vide', 'Lärka', 'Sund', 'Tärna'])[1 + n % 7]
        || ' ' || (ARRAY['h/s', 'fällbar', 'smal', 'bred', 'låg', 'hög', 'barn', 'lätt', 'inne'])[1 + n / 17 % 9]
        || ' b' || 30 + n % 45,
        (ARRAY['120606', '122203', '093307', '091218', '120303', '120612', '043303', '043306', '123621', '181210',
            '183015', '123103', '180921', '123603', '222809', '093304', '122515'])[1 + n % 17],
        (ARRAY['MAIN', 'MAIN', 'ACCESSORY', 'SPARE'])[1 + n % 4], 'PURCHASE',
        (ARRAY['', 'hjälpmedel', 'tillbehör', 'reservdel'])[1 + n % 4]
    FROM generate_series(1, 10000) AS n
"""


@pytest.fixture
def store(town: Town) -> Warehouse:
    """A store that has the 76 articles, and nothing else is known."""
    Article.objects.all().delete()
    for number in ("900001", "900002", "900003"):
        Party.objects.get_or_create(number=number, defaults={"name": f"Leverantör {number}", "is_supplier": True})
    add_articles()
    StockLevel.objects.bulk_create(
        StockLevel(warehouse=town.store, article=article, on_hand=5) for article in Article.objects.all()
    )
    return town.store


@pytest.mark.parametrize("has_sender", [True, False], ids=["from a store", "without a sender"])
@pytest.mark.parametrize("others", [False, True], ids=["76", "among 10,000"])
def test_the_right_article_comes_first(store: Warehouse, others: bool, has_sender: bool) -> None:
    if others:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
    sender = store if has_sender else None
    places = {query: _place(query, right, sender) for query, right in _queries().items()}
    assert len(places) >= 120
    for query, place in places.items():
        if place != 1:
            print(f"{query}: {place or 'not among the first five'}")
    first = sum(place == 1 for place in places.values()) / len(places)
    in_five = sum(place > 0 for place in places.values()) / len(places)
    assert (first >= 0.95, in_five >= 0.99) == (True, True), f"first {first:.1%}, in the first five {in_five:.1%}"


def _queries() -> dict[str, list[str]]:
    lines = (line for line in QUERIES.read_text().splitlines() if line and not line.startswith("#"))
    return {query.rstrip(): right.split() for query, right in (line.rsplit("|", 1) for line in lines)}


def _place(query: str, right: list[str], sender: Warehouse | None) -> int:
    """The place of the best right answer, from 1; 0 if it is not among the first five."""
    found = [article.number for article in search_articles(query, sender=sender, limit=5)]
    return next((place for place, number in enumerate(found, 1) if number in right), 0)
