from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders.access import may_cancel
from orders.forms.canceling import CancelForm
from orders.functions import act_functions
from orders.looks import note_orders, shown_route
from orders.models import CancelReason, Order
from orders.operations.canceling import OrderCannotBeCanceled, cancel_order
from orders.statuses import status_of
from orders.views.detail import steps_of
from parties.looks import Act
from parties.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def order_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """*Makulera* what has not been delivered, with a reason from the list."""
    user = request.user
    order = get_object_or_404(Order.objects.visible_to(user).with_parties(), pk=pk)
    if order.is_draft:
        return redirect(order)
    if not may_cancel(user, order):
        raise PermissionDenied
    if request.method != "POST":
        if not order.is_open:
            messages.info(request, "Det finns inget kvar att makulera på ordern.")
            return redirect(order)
        return cancel_page(request, order, CancelForm())
    form = CancelForm(request.POST)
    if not form.is_valid():
        return cancel_page(request, order, form, status=422)
    reason = CancelReason(form.cleaned_data["reason"])
    try:
        cancel_order(order_id=order.pk, reason=reason, by=user, at=timezone.now())
    except OrderCannotBeCanceled as error:
        form.add_error(None, str(error))
        return cancel_page(request, order, form, status=422)
    note_orders(request, order, Act.CANCEL)
    messages.success(request, f"{order.number} är makulerad.")
    return redirect(order)


def cancel_page(request: UserRequest, order: Order, form: CancelForm, status: int = 200) -> HttpResponse:
    context = {
        "order": order,
        "status": status_of(order),
        "steps": steps_of(order),
        "route": shown_route(request, order),
        "form": form,
        "lines": order.lines.for_order_page().filter(remaining__gt=0),
        "functions": act_functions(
            "Makulera",
            form="cancel",
            back=order.get_absolute_url(),
            next_text="Det som är reserverat blir ledigt för andra. Det som är levererat ligger kvar.",
        ),
    }
    return render(request, "orders/cancel.html", context, status=status)
