from django.http import HttpResponse
from django.shortcuts import render

from orders.functions import Entry, Functions
from orders.models import Order, Receipt
from orders.views.head import head_of
from parties.requests import UserRequest


def finished_receipt(request: UserRequest, order: Order, receipt: Receipt, *, status: int = 200) -> HttpResponse:
    """*Kvittens*: what was received of one delivery, by whom, and what is left to settle."""
    lines = list(
        receipt.lines.select_related("delivery_line__order_line__article", "delivery_line__device", "other_article")
        .prefetch_related("extra_devices", "settlements__actor", "settlements__device")
        .order_by("delivery_line__order_line__position", "pk")
    )
    context = head_of(request, order) | {
        "receipt": receipt,
        "lines": lines,
        "is_refused": status == 409,
        "functions": Functions(
            items=[Entry(label="Tillbaka till ordern", url=order.get_absolute_url())],
            next_text="Det som skiljer sig regleras av avsändaren." if any(line.unsettled for line in lines) else "",
        ),
    }
    return render(request, "orders/receipt.html", context, status=status)
