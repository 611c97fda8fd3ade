"""Reads that more than one page needs: whose store, which central warehouse, how many are available where."""

from collections.abc import Collection, Iterable

from parties.models import Party, User

from .models import Article, StockLevel, Warehouse, WarehouseKind

type Available = dict[tuple[int, int], int]
"""(warehouse pk, article pk) → units available; a pair that is missing has none."""


def own_store(customer: Party) -> Warehouse | None:
    """The active municipal store that the customer owns, if it has one."""
    return (
        Warehouse.objects.filter(owner=customer, kind=WarehouseKind.MUNICIPAL, is_active=True)
        .select_related("supplied_from")
        .first()
    )


def central_warehouse(store: Warehouse | None = None) -> Warehouse | None:
    """The central warehouse that supplies the store; without a store, or where it does not say, the first one."""
    if store and store.supplied_from and store.supplied_from.is_central and store.supplied_from.is_active:
        return store.supplied_from
    return Warehouse.objects.central().order_by("number").first()


def warehouses_of(user: User) -> frozenset[int]:
    """Where the user picks (`worked_at_by`), as primary keys; looked up once a request.

    Values and no subquery: the planner then knows how much of a table is theirs, which is half of it for lager 10
    and a few rows for a small store.
    """
    if "warehouses" not in user.derived:
        user.derived["warehouses"] = frozenset(Warehouse.objects.worked_at_by(user).values_list("pk", flat=True))
    return user.derived["warehouses"]


def available_in(warehouses: Iterable[Warehouse], articles: Collection[Article]) -> Available:
    """How many units of each article each warehouse can promise now: one statement, read without locks."""
    rows = StockLevel.objects.with_blocked().filter(warehouse__in=list(warehouses), article__in=articles)
    return {(row.warehouse_id, row.article_id): row.available - row.blocked for row in rows}
