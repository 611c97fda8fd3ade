"""What whoever ordered can do about a line that waits: wait, the own store, an equivalent article, cancel the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inventory.models import Article, Warehouse
from inventory.queries import available_in

from .models import Order, OrderLine
from .operations.own_store import own_source
from .operations.substituting import equivalents_of
from .queue import Wait, waits_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    article: Article
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOut:
    """`store` is the own store, where it is another than the sender; `equivalents` are those that the sender has."""

    line: OrderLine
    wait: Wait
    store: Warehouse | None
    in_store: int
    equivalents: Sequence[Equivalent]


def ways_out_of(order: Order, line: OrderLine, *, on: date) -> WaysOut | None:
    """How a line waits and what can be done; None when it no longer waits. A page's guess, read without locks."""
    wait = waits_of(order, [line], on=on).get(line.pk)
    if wait is None:
        return None
    assert order.sender is not None
    source = own_source(order)
    store = source[0] if source else None
    articles = list(equivalents_of(line.article))
    available = available_in([order.sender, *([store] if store else [])], [line.article, *articles])
    here = [
        Equivalent(article=article, available=available.get((order.sender.pk, article.pk), 0)) for article in articles
    ]
    return WaysOut(
        line=line,
        wait=wait,
        store=store,
        in_store=max(available.get((store.pk, line.article_id), 0), 0) if store else 0,
        equivalents=[equivalent for equivalent in here if equivalent.available > 0],
    )
