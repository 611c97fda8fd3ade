from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders.access import may_receive
from orders.forms.receiving import ReceiptLineForm
from orders.functions import act_functions
from orders.looks import shown_route
from orders.models import Delivery, Order, Receipt
from orders.operations.receiving import DeliveryCannotBeReceived, receive_delivery
from orders.statuses import status_of
from orders.views.detail import steps_of
from parties.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def delivery_receive(request: UserRequest, pk: int) -> HttpResponse:
    """*Kvittera mottagning*: what came of one delivery. `everything` in the form says that all of it did."""
    user = request.user
    delivery = get_object_or_404(Delivery.objects.filter(order__in=Order.objects.visible_to(user)), pk=pk)
    order = Order.objects.with_parties().select_related("recipient_warehouse__owner").get(pk=delivery.order_id)
    if not may_receive(user, order):
        raise PermissionDenied
    if Receipt.objects.filter(delivery=delivery).exists():
        messages.info(request, f"Utleverans {delivery.number} är redan kvitterad.")
        return redirect(order)
    everything = bool(request.POST.get("everything"))
    bound = request.POST if request.method == "POST" and not everything else None
    lines = delivery.lines.select_related("order_line__article", "device").order_by("order_line__position", "pk")
    rows = [ReceiptLineForm(bound, line=line) for line in lines]
    if request.method != "POST":
        return receipt_page(request, order, delivery, rows)
    if not everything and not all(row.is_valid() for row in rows):
        return receipt_page(request, order, delivery, rows, status=422)
    shortages = None if everything else {row.line.pk: row.shortage() for row in rows}
    try:
        receive_delivery(delivery_id=delivery.pk, by=user, at=timezone.now(), shortages=shortages)
    except DeliveryCannotBeReceived as error:
        return receipt_page(request, order, delivery, rows, refusal=str(error), status=422)
    messages.success(request, f"Utleverans {delivery.number} är kvitterad.")
    return redirect(order)


def receipt_page(
    request: UserRequest,
    order: Order,
    delivery: Delivery,
    rows: Sequence[ReceiptLineForm],
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    assert order.recipient_warehouse is not None
    context = {
        "order": order,
        "delivery": delivery,
        "status": status_of(order),
        "steps": steps_of(order),
        "route": shown_route(request, order),
        "rows": rows,
        "refusal": refusal,
        "functions": act_functions(
            "Kvittera mottagning",
            form="receipt",
            back=order.get_absolute_url(),
            next_text=f"Saldot i lager {order.recipient_warehouse.number} ökar med det som kom.",
        ),
    }
    return render(request, "orders/receive.html", context, status=status)
