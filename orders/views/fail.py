from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders.access import may_fail
from orders.forms.failing import FailureForm
from orders.functions import act_functions
from orders.looks import note_orders
from orders.models import Delivery, DeliveryFailure, Order
from orders.operations.failing import DeliveryCannotFail, fail_delivery
from orders.reading import WITH_HEAD, read_orders
from orders.views.head import head_of
from parties.looks import Act
from parties.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def delivery_fail(request: UserRequest, pk: int) -> HttpResponse:
    """*Leverans misslyckad*: the goods of one delivery are back with the sender."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user).select_related("receipt__actor"), pk=pk)
    (order,) = read_orders([delivery.order_id], WITH_HEAD)
    if not may_fail(request.user, order):
        raise PermissionDenied
    if request.method != "POST":
        if refusal := why_not(delivery):
            messages.info(request, refusal)
            return redirect(order)
        return failure_page(request, order, delivery, FailureForm())
    form = FailureForm(request.POST)
    if not form.is_valid():
        return failure_page(request, order, delivery, form, status=422)
    now = timezone.now()
    try:
        failure = fail_delivery(delivery_id=delivery.pk, **form.cleaned_data, by=request.user, at=now)
    except DeliveryCannotFail as error:
        return failure_page(request, order, delivery, form, refusal=str(error), status=409)
    if failure.actor_id != request.user.pk:
        return failure_page(request, order, delivery, form, refusal=said_by(delivery, failure), status=409)
    note_orders(request, order, Act.DELIVERY)
    messages.success(request, f"Utleverans {delivery.number} är markerad som misslyckad. Varorna är kvar till ordern.")
    return redirect(order)


def why_not(delivery: Delivery) -> str:
    """A sentence when the delivery has ended already; otherwise empty."""
    failure = DeliveryFailure.objects.filter(delivery=delivery).select_related("actor").first()
    if failure:
        return said_by(delivery, failure)
    return f"Utleverans {delivery.number} är kvitterad." if hasattr(delivery, "receipt") else ""


def said_by(delivery: Delivery, failure: DeliveryFailure) -> str:
    return f"{failure.actor.name} har redan markerat utleverans {delivery.number} som misslyckad."


def failure_page(
    request: UserRequest, order: Order, delivery: Delivery, form: FailureForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    assert order.sender is not None
    context = head_of(request, order) | {
        "delivery": delivery,
        "lines": delivery.lines.select_related("order_line__article", "device").order_by("order_line__position", "pk"),
        "form": form,
        "refusal": refusal,
        "functions": act_functions(
            "Leverans misslyckad",
            form="failure",
            back=order.get_absolute_url(),
            next_text=f"Varorna är tillbaka i lager {order.sender.number}, reserverade för ordern. "
            "Sedan bokar du en ny leverans på samma order.",
        ),
    }
    return render(request, "orders/fail.html", context, status=status)
