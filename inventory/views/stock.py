from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inventory.forms.stock import StockForm
from inventory.models import StockLevel, Warehouse
from parties.models import User
from parties.requests import UserRequest

PAGE_SIZE = 50


@require_safe
@permission_required("inventory.view_stocklevel", raise_exception=True)
def stock_list(request: UserRequest) -> HttpResponse:
    """The balances of one warehouse: on hand, reserved, available, incoming, reorder point."""
    form = StockForm(request.GET, user=request.user)
    form.is_valid()  # what is not valid is said at its field and filters nothing
    warehouse = form.cleaned_data.get("lager") or default_warehouse(request.user)
    text = form.cleaned_data.get("sok", "")
    levels = balances(warehouse, text=text, only_low=form.cleaned_data.get("fyll_pa", False))
    context = {
        "form": form,
        "warehouse": warehouse,
        "warehouses": Warehouse.objects.visible_to(request.user).order_by("number"),
        "page": Paginator(levels, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_count": warehouse is not None and may_count(request.user, warehouse),
        "is_filtered": bool(text or form.cleaned_data.get("fyll_pa")),
    }
    if request.htmx:
        return render(request, "inventory/stock.html#levels", context)
    return render(request, "inventory/stock.html", context)


def may_count(user: User, warehouse: Warehouse) -> bool:
    """Whoever works at the warehouse and has the right to count there."""
    return user.has_perm("inventory.count_stock") and (
        user.is_central if warehouse.is_central else Warehouse.objects.owned_by_units_of(user).contains(warehouse)
    )


def balances(warehouse: Warehouse | None, *, text: str, only_low: bool) -> QuerySet[StockLevel]:
    """Balances in article order; every word of the text is in the article's number, name, synonyms or ISO code."""
    levels = StockLevel.objects.with_blocked().filter(warehouse=warehouse).select_related("article")
    levels = levels.order_by("article__number")
    for word in text.split():
        levels = levels.filter(
            Q(article__number__istartswith=word)
            | Q(article__name__icontains=word)
            | Q(article__synonyms__icontains=word)
            | Q(article__iso_code__startswith=word)
        )
    if only_low:
        levels = levels.filter(reorder_point__gt=0, reorder_point__gte=F("available") + F("incoming"))
    return levels


def default_warehouse(user: User) -> Warehouse | None:
    """The store of the user's own unit; else the first that the user may see, own municipality before the central."""
    own = Warehouse.objects.owned_by_units_of(user).order_by("number").first()
    return own or Warehouse.objects.visible_to(user).order_by("-kind", "number").first()
