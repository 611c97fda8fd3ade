from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders import roles
from orders.access import may_receive
from orders.forms.receiving import ReceiptForms
from orders.functions import act_functions
from orders.looks import note_orders, shown_route
from orders.models import Delivery, Order, Receipt
from orders.operations.receiving import DeliveryCannotBeReceived, receive_delivery
from orders.reading import WITH_RECEIVER, read_orders
from orders.statuses import status_of
from orders.views.receipt import finished_receipt
from parties.looks import Act
from parties.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def delivery_receive(request: UserRequest, pk: int) -> HttpResponse:
    """*Kvittera mottagning*: what came of one delivery. `everything` in the form says that all of it did.

    A receipt that has been made is shown as it was made, with 409 to whoever comes with another.
    """
    user = request.user
    delivery = get_object_or_404(Delivery.objects.visible_to(user).select_related("failure"), pk=pk)
    (order,) = read_orders([delivery.order_id], WITH_RECEIVER)
    if earlier := Receipt.objects.select_related("actor").filter(delivery=delivery).first():
        return already_received(request, order, earlier)
    if not may_receive(user, order):
        raise PermissionDenied
    if hasattr(delivery, "failure"):
        messages.info(request, f"Utleverans {delivery.number} har kommit tillbaka till avsändaren.")
        return redirect(order)
    lines = delivery.lines.select_related("order_line__article", "device").order_by("order_line__position", "pk")
    everything = bool(request.POST.get("everything"))
    forms = ReceiptForms(request.POST if request.method == "POST" and not everything else None, list(lines))
    if request.method != "POST" or forms.wants_rows:
        return receipt_page(request, order, delivery, forms)
    if forms.is_bound and not forms.is_valid():
        return receipt_page(request, order, delivery, forms, status=422)
    return received(request, order, delivery, forms)


def received(request: UserRequest, order: Order, delivery: Delivery, forms: ReceiptForms) -> HttpResponse:
    now, counted, unsent = timezone.now(), forms.counted(), forms.unsent()
    try:
        receipt = receive_delivery(delivery_id=delivery.pk, by=request.user, at=now, counted=counted, unsent=unsent)
    except DeliveryCannotBeReceived as error:
        refusal = "" if forms.refuse(error) else str(error)
        return receipt_page(request, order, delivery, forms, refusal=refusal, status=422)
    if (receipt.actor_id, receipt.at) != (request.user.pk, now):  # somebody was quicker
        return already_received(request, order, receipt)
    note_orders(request, order, Act.RECEIPT)
    if unsent or any(line.differs for line in counted.values()):
        messages.success(request, f"Utleverans {delivery.number} är kvitterad. Avvikelserna syns för avsändaren.")
    else:
        messages.success(request, f"Utleverans {delivery.number} är kvitterad.")
    return redirect("receipt_list" if request.POST.get("list") else order)


def already_received(request: UserRequest, order: Order, receipt: Receipt) -> HttpResponse:
    """The finished receipt. Pressing twice is harmless; another's counts are refused: they may differ."""
    if request.method != "POST":
        return finished_receipt(request, order, receipt)
    if receipt.actor_id == request.user.pk:
        messages.info(request, f"Utleverans {receipt.delivery.number} är redan kvitterad.")
        return redirect(order)
    if not may_receive(request.user, order):
        raise PermissionDenied
    return finished_receipt(request, order, receipt, status=409)


def receipt_page(
    request: UserRequest,
    order: Order,
    delivery: Delivery,
    forms: ReceiptForms,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    assert order.recipient_warehouse is not None
    context = {
        "order": order,
        "delivery": delivery,
        "status": status_of(order),
        "route": shown_route(request, order),
        "forms": forms,
        "refusal": refusal,
        "functions": act_functions(
            "Kvittera mottagning",
            form="receipt",
            back=order.get_absolute_url(),
            next_text=f"Saldot i lager {order.recipient_warehouse.number} ökar med det som är helt. "
            "Det som skiljer sig syns för avsändaren tills det är reglerat.",
        ),
    }
    return render(request, "orders/receive.html", context, status=status)
