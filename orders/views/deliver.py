from collections.abc import Sequence
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders.access import may_deliver
from orders.availability import LineStock, as_before, stock_of
from orders.forms.delivering import DeliveryForm, LineForm, check_devices
from orders.functions import act_functions, why_nothing_goes
from orders.looks import note_orders
from orders.models import Delivery, Order
from orders.operations.delivering import DeliveryNotPossible, Pick, deliver_order
from orders.reading import CLAIMED_LINES, read_lines
from orders.views.head import head_of, order_or_404
from parties.looks import Act
from parties.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def order_deliver(request: UserRequest, pk: int) -> HttpResponse:
    """*Skapa utleverans*: which lines, how many, which devices. `everything` takes all that remains."""
    order = order_or_404(request, pk)
    if order.is_draft:
        return redirect(order)
    if not may_deliver(request.user, order):
        raise PermissionDenied
    lines = read_lines(order, CLAIMED_LINES)
    failed = failed_delivery(order, request.GET.get("efter", ""))
    named = [sent.device_id for sent in failed.lines.all()] if failed else []
    stock = [row for row in stock_of(order, lines, named=named) if row.line.remaining]
    if request.method == "POST":
        return deliver(request, order, stock)
    if not order.is_open:
        messages.info(request, "Allt som kan levereras är redan levererat.")
        return redirect(order)
    rows = unbound(request, as_before(stock, failed) if failed else stock)
    return delivery_page(request, order, DeliveryForm(order=order, initial={"key": uuid4()}), rows)


def failed_delivery(order: Order, pk: str) -> Delivery | None:
    """*Boka ny leverans* names the delivery that came back."""
    failed = order.deliveries.filter(failure__isnull=False).prefetch_related("lines")
    return failed.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None


def deliver(request: UserRequest, order: Order, stock: Sequence[LineStock]) -> HttpResponse:
    """Deliver what the form says; or, when a number was added (`add`), show the form again with it among the chosen."""
    assert order.sender is not None
    form = DeliveryForm(request.POST, order=order)
    if form.is_valid() and (earlier := order.deliveries.filter(key=form.cleaned_data["key"]).first()):
        return created(request, earlier)  # pressed twice: what the first press left may no longer fit this form
    everything = form.is_valid() and form.cleaned_data["everything"]
    rows = unbound(request, stock) if everything else [LineForm(request.POST, stock=row) for row in stock]
    check_devices(rows, order.sender)
    if not (form.is_valid() and (everything or all(row.is_valid() for row in rows))):
        return delivery_page(request, order, form, rows, status=422)
    if "add" in request.POST:
        return delivery_page(request, order, form, [row.again() for row in rows])
    picks: list[Pick] | None = None if everything else [pick for row in rows if (pick := row.pick())]
    try:
        delivery = deliver_order(
            order_id=order.pk, key=form.cleaned_data["key"], by=request.user, at=timezone.now(), picks=picks
        )
    except DeliveryNotPossible as error:
        refuse(form, rows, error)
        return delivery_page(request, order, form, rows, status=422)
    note_orders(request, order, Act.DELIVERY, about=f"Utleverans {delivery.number}")
    return created(request, delivery)


def created(request: UserRequest, delivery: Delivery) -> HttpResponse:
    messages.success(request, f"Utleverans {delivery.number} är skapad.")
    return redirect(delivery.order)


def unbound(request: UserRequest, stock: Sequence[LineStock]) -> list[LineForm]:
    """A form for each line; nothing is proposed of what somebody else is picking."""
    return [LineForm(stock=row, is_taken=row.line.claimed_by_id not in (None, request.user.pk)) for row in stock]


def refuse(form: DeliveryForm, rows: Sequence[LineForm], error: DeliveryNotPossible) -> None:
    """Put the refusal at the line it concerns, or above them all."""
    row = next((row for row in rows if row.is_bound and row.stock.line.pk == error.line_id), None)
    if row:
        row.refuse(str(error))
    else:
        form.add_error(None, str(error))


def delivery_page(
    request: UserRequest, order: Order, form: DeliveryForm, rows: Sequence[LineForm], status: int = 200
) -> HttpResponse:
    assert order.sender is not None
    why_not = why_nothing_goes(order, [row.stock for row in rows])
    context = head_of(request, order) | {
        "form": form,
        "rows": rows,
        "scan": scanned_last(request, rows),
        "why_not": why_not,
        "functions": act_functions(
            "Skapa utleverans",
            form="delivery",
            back=order.get_absolute_url(),
            next_text=f"Resten levereras när varorna har kommit till lager {order.sender.number}."
            if why_not
            else f"Saldot i lager {order.sender.number} dras när utleveransen skapas.",
            why_not=why_not,
        ),
    }
    is_part = request.htmx and "add" in request.POST
    return render(request, f"orders/deliver.html{'#delivery' if is_part else ''}", context, status=status)


def scanned_last(request: UserRequest, rows: Sequence[LineForm]) -> str:
    """The id of the field where the next number is scanned: where one was added, else at the first numbered line."""
    fields = [row["numbers"] for row in rows if "numbers" in row.fields]
    added = [field for field in fields if request.POST.get(field.html_name)]
    return next((field.auto_id for field in [*added[::-1], *fields]), "")
