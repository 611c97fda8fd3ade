from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from inventory.models import GoodsReceipt, StockMovement
from orders import roles
from orders.access import may_see_queues, queue_warehouses
from orders.forms.article_rows import ArticleRows, with_more_rows
from orders.forms.goods_receipt import PREFIX, ArrivalRows, GoodsReceiptForm
from orders.operations.replenishing import GoodsCannotBeReceived, replenish
from parties.requests import UserRequest

LATEST = 5
SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.RECEIVE_GOODS, raise_exception=True)
def goods_receipt(request: UserRequest) -> HttpResponse:
    """*Inleverans*: goods from a supplier into a warehouse; waiting orders get their share at once."""
    user = request.user
    if request.method != "POST":
        return _page(request, GoodsReceiptForm(user=user), ArrivalRows(prefix=PREFIX))
    if "more" in request.POST:
        data = with_more_rows(request.POST, ArrivalRows, PREFIX)
        return _page(request, GoodsReceiptForm(data, user=user), ArrivalRows(data, prefix=PREFIX))
    form, rows = GoodsReceiptForm(request.POST, user=user), ArrivalRows(request.POST, prefix=PREFIX)
    if not (form.is_valid() and rows.is_valid()):
        return _page(request, form, rows, status=422)
    filled = [(row, arrival) for row in rows if (arrival := row.arrival)]
    if not filled:
        form.add_error(None, "Ange minst en artikel.")
        return _page(request, form, rows, status=422)
    arrivals = [arrival for _, arrival in filled]
    try:
        receipt = replenish(**form.cleaned_data, arrivals=arrivals, by=user, at=timezone.now())
    except GoodsCannotBeReceived as error:
        filled[error.row][0].refuse(str(error), serial=error.serial)
        return _page(request, form, rows, status=422)
    messages.success(request, f"Inleveransen till {receipt.warehouse} är bokförd.")
    return redirect("goods_receipt_detail", receipt.pk)


@require_safe
def goods_receipt_detail(request: UserRequest, receipt_pk: int) -> HttpResponse:
    """What came, and which waiting orders got it."""
    if not may_see_queues(request.user):
        raise PermissionDenied
    receipts = GoodsReceipt.objects.filter(warehouse__in=queue_warehouses(request.user))
    receipt = get_object_or_404(receipts.select_related("warehouse", "supplier", "actor"), pk=receipt_pk)
    moved = StockMovement.objects.filter(key__startswith=f"goods:{receipt.pk}:")
    devices = moved.filter(device__isnull=False).order_by("article__number", "device_id")
    shares = receipt.events.select_related("order__customer").order_by("pk")
    context = {
        "receipt": receipt,
        "articles": moved.values("article__number", "article__name", "article__unit")
        .annotate(quantity=Sum("quantity"))
        .order_by("article__number"),
        "devices": devices.values_list("device__number", flat=True)[:SHOWN],
        "device_count": devices.count(),
        "shares": shares[:SHOWN],
        "share_count": shares.count(),
    }
    return render(request, "orders/goods_receipt_detail.html", context)


def _page(request: UserRequest, form: GoodsReceiptForm, rows: ArticleRows, *, status: int = 200) -> HttpResponse:
    here = list(queue_warehouses(request.user).values_list("pk", flat=True))  # as values: an index has the latest
    latest = GoodsReceipt.objects.filter(warehouse__in=here)
    context = {
        "form": form,
        "rows": rows,
        "latest": latest.select_related("warehouse", "supplier").order_by("-at", "-pk")[:LATEST],
    }
    return render(request, "orders/goods_receipt.html", context, status=status)
