"""Reads that more than one page needs: whose store, which central warehouse, how many are available where."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Model, QuerySet

from parties.models import Party, User
from parties.prepared import prepared
from parties.reading import Reader

from .models import Article, Warehouse
from .models.stock_level import BLOCKED
from .search import articles_matching
from .search_rank import TRIGRAM
from .search_words import words_of

type Available = dict[tuple[int, int], int]
"""(warehouse pk, article pk) → units available; a pair that is missing has none."""


STORES = Reader(Warehouse, "supplied_from")


def own_store(customer: Party) -> Warehouse | None:
    """The active municipal store that the customer owns, if it has one."""
    stores = STORES.read("it.owner_id = %s AND it.kind = 'MUNICIPAL' AND it.is_active ORDER BY it.id", [customer.pk])
    return stores[0] if stores else None


def central_warehouse(store: Warehouse | None = None) -> Warehouse | None:
    """The central warehouse that supplies the store; without a store, or where it does not say, the first one."""
    if store and store.supplied_from and store.supplied_from.is_central and store.supplied_from.is_active:
        return store.supplied_from
    stores = STORES.read("it.kind = 'CENTRAL' AND it.is_active ORDER BY it.number LIMIT 1", [])
    return stores[0] if stores else None


CENTRAL_WAREHOUSES = "SELECT id FROM inventory_warehouse WHERE kind = 'CENTRAL'"
OWN_STORES = """
    SELECT id FROM inventory_warehouse WHERE kind = 'MUNICIPAL' AND owner_id = ANY(ARRAY(
        SELECT id FROM parties_party WHERE id = ANY(%(here)s) OR parent_id = ANY(%(here)s)
    ))
"""


def warehouses_of(user: User) -> frozenset[int]:
    """Where the user can pick: the central warehouses for the central service, else own municipality's stores.

    As primary keys, looked up once a request, by plain SQL since nearly every page asks.
    Values and no subquery: the planner then knows how much of a table is theirs, which is half of it for lager 10
    and a few rows for a small store.
    """
    if "warehouses" not in user.derived:
        with prepared() as cursor:
            cursor.execute(CENTRAL_WAREHOUSES if user.is_central else OWN_STORES, {"here": list(user.municipality_ids)})
            user.derived["warehouses"] = frozenset(pk for (pk,) in cursor.fetchall())
    return user.derived["warehouses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How many units of an article one warehouse can promise now, how many are on their way to it, and until when."""

    warehouse: Warehouse
    available: int = 0
    incoming: int = 0
    expected_on: date | None = None


def balances_in(warehouses: Sequence[Warehouse], articles: Collection[Article]) -> dict[int, list[Balance]]:
    """By article pk a balance for each of the warehouses, in their order: one statement, read without locks."""
    if not (warehouses and articles):
        return {}
    by_pk = {warehouse.pk: warehouse for warehouse in warehouses}
    found = {
        (row.warehouse, row.article): Balance(
            warehouse=by_pk[row.warehouse],
            available=max(row.available, 0),
            incoming=row.incoming,
            expected_on=row.expected_on,
        )
        for row in _levels(warehouses, articles)
    }
    return {
        article.pk: [found.get((pk, article.pk)) or Balance(warehouse=by_pk[pk]) for pk in by_pk]
        for article in articles
    }


LEVELS = f"""
    SELECT warehouse_id, article_id, available - {BLOCKED}, incoming, expected_on
    FROM inventory_stocklevel AS level WHERE warehouse_id = ANY (%s) AND article_id = ANY (%s)
"""  # noqa: S608  # of the condition above


class _Level(NamedTuple):
    """One row of `LEVELS`; `available` without what is blocked."""

    warehouse: int
    article: int
    available: int
    incoming: int
    expected_on: date | None


def _levels(warehouses: Iterable[Warehouse], articles: Iterable[Article]) -> list[_Level]:
    """In plain SQL: every page of hits and of a draft's lines asks, and Django took 2 ms to build it."""
    with prepared() as cursor:
        cursor.execute(LEVELS, [[warehouse.pk for warehouse in warehouses], [article.pk for article in articles]])
        return [_Level(*row) for row in cursor.fetchall()]


def of_articles[Row: Model](rows: QuerySet[Row], text: str, *, is_seen: bool = False) -> QuerySet[Row]:
    """Those of the rows whose `article` the text finds; less than three letters have to begin its number.

    `is_seen` is for a list in the order of the articles' numbers, as in `having`.
    """
    if all(len(word) < TRIGRAM for word in words_of(text)):
        return rows.filter(article__number__startswith=text.strip().upper())
    return rows.filter(article__in=articles_matching(text, is_seen=is_seen))


def available_in(warehouses: Iterable[Warehouse], articles: Collection[Article]) -> Available:
    """How many units of each article each warehouse can promise now: one statement, read without locks."""
    return {(row.warehouse, row.article): row.available for row in _levels(warehouses, articles)} if articles else {}


def substitutes_for(articles: Iterable[Article]) -> dict[int, Article]:
    """For those that can no longer be ordered, by pk: the first of the same group that can; one statement or none."""
    groups = {article.pk: article.substitution_group for article in articles if not article.is_orderable}
    if not any(groups.values()):
        return {}
    named = set(groups.values()) - {""}
    others = Article.objects.filter(substitution_group__in=named, is_orderable=True, in_assortment=True)
    first: dict[str, Article] = {}
    for other in others.order_by("number"):
        first.setdefault(other.substitution_group, other)
    return {pk: first[group] for pk, group in groups.items() if group in first}


def nearest_stores(user: User) -> list[Warehouse]:
    """The store of the user's unit and the central warehouse that supplies it, each if there is one."""
    store = own_store(user.unit) if user.unit else None
    return [warehouse for warehouse in (store, central_warehouse(store)) if warehouse]
