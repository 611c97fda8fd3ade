"""The queues of a warehouse as the page *Restorder* lists them: one row an article that somebody waits for."""

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum

from inventory.models import StockLevel, Warehouse
from parties.models import Party

from .models import OrderLine
from .models.line import OrderLineQuerySet


def queues_in(
    warehouse: Warehouse | None, *, text: str = "", municipality: Party | None = None
) -> QuerySet[StockLevel]:
    """Balances with a queue, in article order, each with how many wait (`orders`, `units`) and since when (`since`).

    Every word of the text is in the article's number or name; with a municipality, only what it waits for.
    """
    lines = OrderLine.objects.waiting().filter(order__sender=OuterRef("warehouse"), article=OuterRef("article"))
    if municipality:
        lines = lines.filter(order__municipality=municipality)
    levels = (
        StockLevel.objects.with_blocked()
        .filter(Exists(lines), warehouse=warehouse)
        .select_related("article", "warehouse")
    )
    for word in text.split():
        levels = levels.filter(Q(article__number__istartswith=word) | Q(article__name__icontains=word))
    return levels.annotate(
        orders=_over(lines, Count("order", distinct=True)),
        units=_over(lines, Sum("backordered")),
        since=_over(lines, Min("order__registered_at")),
    ).order_by("article__number")


def _over(lines: OrderLineQuerySet, aggregate: Count | Sum | Min) -> Subquery:
    return Subquery(lines.order_by().values("article").annotate(value=aggregate).values("value"))


def municipalities_waiting_in(warehouse: Warehouse | None) -> QuerySet[Party]:
    """Who has something in the warehouse's queues: the choices of the filter."""
    lines = OrderLine.objects.waiting().filter(order__sender=warehouse)
    return Party.objects.filter(pk__in=lines.values("order__municipality")).order_by("name")
