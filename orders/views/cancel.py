from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders.access import may_cancel
from orders.forms.canceling import CancelForm
from orders.functions import act_functions
from orders.looks import note_orders
from orders.models import CancelReason, Order, OrderLine
from orders.operations.canceling import OrderCannotBeCanceled, cancel_order, cancel_rest_of_line
from orders.operations.locking import OrderHasChanged
from orders.reading import read_lines
from orders.views.head import head_of, order_or_404
from parties.looks import Act
from parties.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def order_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """*Makulera* what has not been delivered, with a reason from the list."""
    order = cancelable(request, pk)
    return redirect(order) if order.is_draft else answer(request, order)


@require_http_methods(["GET", "HEAD", "POST"])
def order_line_cancel(request: UserRequest, pk: int, line_pk: int) -> HttpResponse:
    """*Makulera resten* of one line."""
    order = cancelable(request, pk)
    line = get_object_or_404(order.lines.select_related("article", "device"), pk=line_pk)
    return redirect(order) if order.is_draft else answer(request, order, line)


def cancelable(request: UserRequest, pk: int) -> Order:
    """The order, where the user may see it (else 404) and cancel it (else 403). A draft is thrown away instead."""
    order = order_or_404(request, pk)
    if not order.is_draft and not may_cancel(request.user, order):
        raise PermissionDenied
    return order


def answer(request: UserRequest, order: Order, line: OrderLine | None = None) -> HttpResponse:
    if request.method != "POST":
        if not order.is_open or (line and not line.remaining):
            messages.info(request, f"Det finns inget kvar att makulera på {'raden' if line else 'ordern'}.")
            return redirect(order)
        return cancel_page(request, order, CancelForm(initial={"version": order.version}, order=order), line)
    form = CancelForm(request.POST, order=order)
    if not form.is_valid():
        return cancel_page(request, order, form, line, status=422)
    try:
        cancel(request, order, form, line)
    except (OrderCannotBeCanceled, OrderHasChanged) as error:
        fresh = order_or_404(request, order.pk)
        form = CancelForm(initial=form.cleaned_data | {"version": fresh.version}, order=fresh)
        return cancel_page(request, fresh, form, line, refusal=str(error), status=409)
    note_orders(request, order, Act.CANCEL)
    messages.success(request, f"Resten av {line.article} är makulerad." if line else f"{order.number} är makulerad.")
    return redirect(order)


def cancel(request: UserRequest, order: Order, form: CancelForm, line: OrderLine | None) -> None:
    reason, version = CancelReason(form.cleaned_data["reason"]), form.cleaned_data["version"]
    by, at = request.user, timezone.now()
    if line:
        cancel_rest_of_line(order_id=order.pk, line_id=line.pk, reason=reason, by=by, at=at, version=version)
    else:
        cancel_order(order_id=order.pk, reason=reason, by=by, at=at, version=version)


def cancel_page(
    request: UserRequest,
    order: Order,
    form: CancelForm,
    line: OrderLine | None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    lines = [each for each in read_lines(order) if each.remaining and line in (None, each)]
    context = head_of(request, order) | {
        "form": form,
        "line": line,
        "lines": lines,
        "refusal": refusal,
        "functions": act_functions(
            "Makulera",
            form="cancel",
            back=order.get_absolute_url(),
            next_text="Det som är reserverat blir ledigt för andra. Det som är levererat ligger kvar.",
            why_not="" if lines else "Det finns inget kvar att makulera.",
        ),
    }
    return render(request, "orders/cancel.html", context, status=status)
