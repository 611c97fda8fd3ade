from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders import roles
from orders.forms.goods_receipt import ArrivalForm, ArrivalFormSet, GoodsReceiptForm
from orders.operations.replenishing import GoodsCannotBeReceived, replenish
from parties.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.RECEIVE_GOODS, raise_exception=True)
def goods_receipt(request: UserRequest) -> HttpResponse:
    """*Inleverans*: goods from a supplier into a warehouse; waiting orders get their share at once."""
    if request.method != "POST":
        return _page(request, GoodsReceiptForm(user=request.user), ArrivalFormSet(prefix="rad"))
    form, rows = GoodsReceiptForm(request.POST, user=request.user), ArrivalFormSet(request.POST, prefix="rad")
    if not (form.is_valid() and rows.is_valid()):
        return _page(request, form, rows, status=422)
    filled = [(row, row.arrival) for row in rows if row.arrival]
    if not filled:
        form.add_error(None, "Ange minst en artikel.")
        return _page(request, form, rows, status=422)
    try:
        receipt = replenish(
            **form.cleaned_data, arrivals=[arrival for _, arrival in filled], by=request.user, at=timezone.now()
        )
    except GoodsCannotBeReceived as error:
        filled[error.row][0].add_error("devices", str(error))
        return _page(request, form, rows, status=422)
    messages.success(request, f"Inleveransen till {receipt.warehouse} är bokförd.")
    return redirect(f"{reverse('stock_list')}?lager={receipt.warehouse.number}")


def _page(
    request: UserRequest, form: GoodsReceiptForm, rows: "BaseFormSet[ArrivalForm]", *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "rows": rows}
    return render(request, "orders/goods_receipt.html", context, status=status)
