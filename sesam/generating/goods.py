"""What can be ordered: articles composed of words, so that they can be searched as real ones are."""

from dataclasses import dataclass
from random import Random

from .copying import Copier
from .people import People
from .sizes import Size
from .words import COLORS, FEATURES, MODELS, PRODUCTS, SIZES

SCARCE_SHARE = len(PRODUCTS)
SCARCE_PLACE = 5
"""One kind of product is scarce: what is ordered of it waits."""


@dataclass
class Goods:
    """Articles by primary key: those counted by quantity (`scarce` are never in stock), and the numbered ones."""

    counted: list[int]
    scarce: list[int]
    numbered: list[int]


def make_goods(copier: Copier, size: Size, people: People, chance: Random) -> Goods:
    articles = copier.into(
        "inventory_article",
        "id, number, name, description, unit, iso_code, iso_edition, kind, is_numbered, is_orderable, in_assortment,"
        " charging, supplier_id, supplier_number, gtin, synonyms, price, substitution_group",
    )
    goods = Goods([], [], [])
    for n in range(size.articles):
        key = n + 1
        name, iso, synonyms, is_numbered = PRODUCTS[n % len(PRODUCTS)]
        variant = n // len(PRODUCTS)
        full = " ".join(
            [name, MODELS[variant % len(MODELS)], chance.choice(FEATURES), chance.choice(SIZES), chance.choice(COLORS)]
        )
        supplier = people.suppliers[n % len(people.suppliers)]
        articles.add(
            key,
            f"{100_000 + n}",
            full,
            "",
            "st",
            iso,
            2022,
            "MAIN" if is_numbered or n % 3 else "ACCESSORY",
            "t" if is_numbered else "f",
            "t" if n % 40 else "f",
            "t" if n % 8 else "f",
            "HIRE" if is_numbered else "PURCHASE",
            supplier,
            f"{supplier}-{variant:04}-{n % len(PRODUCTS)}",
            gtin(n) if n % 2 else "",
            synonyms,
            f"{chance.randrange(50, 20_000)}.00",
            f"{name} {variant // 20}"[:40] if n % 4 == 0 else "",
        )
        if n % 40 == 0 or n % 8 == 0:
            continue  # cannot be ordered, or is outside the assortment
        if is_numbered:
            goods.numbered.append(key)
        else:
            (goods.scarce if n % SCARCE_SHARE == SCARCE_PLACE else goods.counted).append(key)
    return goods


def gtin(n: int) -> str:
    """A GTIN-13 of the range 200–299, which shops use inside themselves and no manufacturer is given."""
    digits = f"2{n:011}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
