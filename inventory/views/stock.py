"""*Saldo*: what one warehouse has of each article, as a page and as a file."""

from operator import attrgetter

from django.contrib.auth.decorators import permission_required
from django.db.models import F, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import reading
from inventory.forms.stock import StockForm
from inventory.models import Article, StockLevel, Warehouse
from inventory.queries import of_articles
from listing import MOST_COUNTED, MOST_FOUND, Column, Listing
from parties.models import User
from parties.requests import UserRequest
from parties.sorting import swedish_order


def _number(key: str, label: str, field: str) -> Column[StockLevel]:
    return Column(key=key, label=label, order_by=[field], value=attrgetter(field), is_number=True)


LEVELS: Listing[StockLevel] = Listing(
    name="saldo",
    default="artikel",
    read=reading.LEVELS.in_order,
    columns=[
        Column(key="artikel", label="Artikel", order_by=["article__number"], value=lambda level: level.article.number),
        Column(
            key="benamning",
            label="Benämning",
            order_by=[swedish_order("article__name")],
            value=lambda level: level.article.name,
        ),
        Column(key="iso", label="ISO-kod", value=lambda level: level.article.formatted_iso, on_page=False),
        Column(key="enhet", label="Enhet", value=lambda level: level.article.unit, on_page=False),
        Column(key="hylla", label="Hyllplats", value=lambda level: level.shelf, on_page=False),
        _number("i-lager", "I lager", "on_hand"),
        _number("reserverat", "Reserverat", "reserved"),
        _number("disponibelt", "Disponibelt", "available"),
        Column(key="sparrade", label="Varav spärrade", value=lambda level: level.blocked, on_page=False),
        _number("vantat-in", "Väntat in", "incoming"),
        Column(key="vantas", label="Väntas in", value=lambda level: level.expected_on, on_page=False),
        _number("bestallningspunkt", "Beställningspunkt", "reorder_point"),
        Column(key="maxniva", label="Maxnivå", value=lambda level: level.max_level, on_page=False),
    ],
)


@require_safe
@permission_required("inventory.view_stocklevel", raise_exception=True)
def stock_list(request: UserRequest) -> HttpResponseBase:
    """The balances of one warehouse: on hand, reserved, available, incoming, reorder point."""
    form = StockForm(request.GET, user=request.user)
    form.is_valid()  # what is not valid is said at its field and filters nothing
    own = Warehouse.objects.owned_by_units_of(request.user).order_by("number")  # read at most once
    warehouse = form.cleaned_data.get("lager") or default_warehouse(request.user, own)
    text = form.cleaned_data.get("sok", "")
    known = StockLevel.objects.filter(warehouse=warehouse)
    only_low = form.cleaned_data.get("fyll_pa", False)
    levels = narrow(known, text=text, only_low=only_low)
    about = warehouse.number if warehouse else ""
    if file := LEVELS.export(levels, request.GET, on=timezone.localdate(), about=about):
        return file
    page = LEVELS.page(
        levels,
        request.GET,
        known=known,
        most_counted=MOST_FOUND if text else MOST_COUNTED,
        is_whole=not (text or only_low),
    )
    counts_here = warehouse is not None and may_count(request.user, warehouse, own)
    context = {
        "form": form,
        "warehouse": warehouse,
        "warehouse_choice": form.choice_of(warehouse),
        "page": page,
        "count_in": count_in(warehouse) if warehouse and counts_here else "",
        "not_here": without_balance(text, warehouse) if counts_here and not page.rows else None,
        "is_filtered": bool(text or only_low),
    }
    if request.htmx:
        return render(request, "inventory/stock.html#levels", context)
    return render(request, "inventory/stock.html", context)


def count_in(warehouse: Warehouse) -> str:
    """Where the articles of the warehouse are counted, each at its number: made once for all rows."""
    return reverse("stock_count", args=[warehouse.number, "-"]).removesuffix("-/")


def may_count(user: User, warehouse: Warehouse, own: QuerySet[Warehouse]) -> bool:
    """Whoever works at the warehouse and has the right to count there."""
    return user.has_perm("inventory.count_stock") and (user.is_central if warehouse.is_central else warehouse in own)


def without_balance(text: str, warehouse: Warehouse | None) -> Article | None:
    """The article whose whole number or GTIN was typed, where the warehouse has no balance of it: it can be counted."""
    if not any(letter.isdigit() for letter in text):
        return None
    named = Article.objects.filter(Q(number=text) | Q(gtin=text))
    return named.exclude(levels__warehouse=warehouse).first()


def narrow(levels: QuerySet[StockLevel], *, text: str, only_low: bool) -> QuerySet[StockLevel]:
    """Those of the articles that the text finds, and those that have to be filled up."""
    if text:
        levels = of_articles(levels, text, is_seen=True)
    if only_low:
        levels = levels.filter(reorder_point__gt=0, reorder_point__gte=F("available") + F("incoming"))
    return levels


def default_warehouse(user: User, own: QuerySet[Warehouse]) -> Warehouse | None:
    """The store of the user's own unit; else the first that the user may see, own municipality before the central."""
    return next(iter(own), None) or Warehouse.objects.visible_to(user).order_by("-kind", "number").first()
