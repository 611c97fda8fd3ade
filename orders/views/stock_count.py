from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.models import Article, Warehouse
from orders import roles
from orders.forms.counting import CountForm
from orders.forms.goods_receipt import receiving_warehouses
from orders.operations.counting import CountNotPossible, count_stock
from parties.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.COUNT, raise_exception=True)
def stock_count(request: UserRequest, warehouse: str, article: str) -> HttpResponse:
    """*Inventera* one article in one of one's own warehouses. The page does not say what should be there."""
    store = get_object_or_404(receiving_warehouses(request.user), number=warehouse)
    goods = get_object_or_404(Article, number=article)
    if request.method != "POST":
        return _page(request, store, goods, CountForm(article=goods))
    form = CountForm(request.POST, article=goods)
    if not form.is_valid():
        return _page(request, store, goods, form, status=422)
    try:
        difference = count_stock(
            warehouse=store, article=goods, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except CountNotPossible as error:
        form.add_error("devices", str(error))
        return _page(request, store, goods, form, status=422)
    said = f"Skillnaden mot saldot är {difference:+} {goods.unit}." if difference else "Saldot stämde."
    messages.success(request, f"{goods} är inventerad i {store}. {said}")
    return redirect(f"{reverse('stock_list')}?lager={store.number}&sok={goods.number}")


def _page(
    request: UserRequest, warehouse: Warehouse, article: Article, form: CountForm, *, status: int = 200
) -> HttpResponse:
    context = {"warehouse": warehouse, "article": article, "form": form}
    return render(request, "orders/stock_count.html", context, status=status)
