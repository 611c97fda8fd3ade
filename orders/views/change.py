from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.models import Warehouse
from orders.access import may_change
from orders.changes import STARTED, why_closed, why_not_more
from orders.devices import free_devices_by_article
from orders.forms.changing import ChangeForm, change_of, refuse, rows_of
from orders.functions import act_functions
from orders.looks import note_orders
from orders.models import Order
from orders.operations.changing import OrderCannotBeChanged, change_order
from orders.operations.editing import LineRefused
from orders.operations.locking import OrderHasChanged
from orders.reading import WITH_CUSTOMER, read_lines
from orders.recipients import places_for
from orders.views.head import head_of, order_or_404
from parties.looks import Act
from parties.models import Party
from parties.requests import UserRequest

MOST_OPTIONS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def order_change(request: UserRequest, pk: int) -> HttpResponse:
    """*Ändra order*: quantities, devices, recipient and flags of a registered order. The tick only looks up."""
    order = changeable(request, pk)
    if order.is_draft:
        return redirect(order)
    why_not = why_closed(order)
    if request.method != "POST":
        if why_not:
            messages.info(request, why_not)
            return redirect(order)
        return ChangePage(request, order).answer()
    page = ChangePage(request, order, request.POST)
    if why_not or page.form.is_from_before_picking:
        return ChangePage(request, order).answer(refusal=why_not or STARTED, status=409)
    if request.POST.get("verify") == "recipient" and "recipient" in page.form.fields:
        part = "#recipient" if request.htmx else ""
        return page.answer(part=part, status=422 if "recipient" in page.form.errors else 200)
    if not page.is_valid():
        return page.answer(status=422)
    change = change_of(page.form, page.rows)
    version = page.form.cleaned_data["version"]
    try:
        changed = change_order(order_id=order.pk, version=version, change=change, by=request.user, at=timezone.now())
    except LineRefused as error:
        refuse(page.form, page.rows, error)
        return page.answer(status=422)
    except (OrderHasChanged, OrderCannotBeChanged) as error:
        return ChangePage(request, changeable(request, pk)).answer(refusal=str(error), status=409)
    note_orders(request, order, Act.SAVE)
    messages.success(request, "Ändringen är sparad." if changed.version != version else "Inget var ändrat.")
    return redirect(order)


def changeable(request: UserRequest, pk: int) -> Order:
    """The order, where the user may see it (else 404) and change it (else 403). A draft has its own pages."""
    order = order_or_404(request, pk, WITH_CUSTOMER)
    if not order.is_draft and not may_change(request.user, order):
        raise PermissionDenied
    return order


class ChangePage:
    """The page, with what was typed where there is `data`."""

    def __init__(self, request: UserRequest, order: Order, data: QueryDict | None = None) -> None:
        self.request, self.order = request, order
        self.lines = read_lines(order)
        devices = free_devices_by_article(order.sender, [line.article for line in self.lines])
        self.form = ChangeForm(data, order=order, lines=self.lines, by=request.user)
        self.rows = rows_of(data, order=order, lines=self.lines, devices=devices, by=request.user)

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *[row.is_valid() for row in self.rows]])

    def offered(self) -> QuerySet[Warehouse] | QuerySet[Party]:
        """The first recipients that can be chosen, for a browser without scripts."""
        assert self.order.customer is not None
        self.form.fields["recipient"].widget.attrs["list"] = "recipient-options"
        return places_for(self.order, self.order.customer)[:MOST_OPTIONS]

    def answer(self, *, refusal: str = "", part: str = "", status: int = 200) -> HttpResponse:
        why_not = why_closed(self.order)
        recipient = self.form.cleaned_data.get("recipient") if self.form.is_bound else self.order.recipient
        context = head_of(self.request, self.order) | {
            "form": self.form,
            "rows": [] if why_not else self.rows,
            "refusal": refusal,
            "recipient_name": recipient.name if recipient else "",
            "recipients": self.offered() if "recipient" in self.form.fields else [],
            "has_devices": any("device" in row.fields or row.line.device_id for row in self.rows),
            "has_delivered": any(row.line.delivered for row in self.rows),
            "why_not_more": why_not or why_not_more(self.order, self.lines, by=self.request.user),
            "functions": act_functions(
                "Spara ändringen",
                form="change",
                back=self.order.get_absolute_url(),
                next_text="Mer reserveras om det finns, annars restnoteras det. Mindre blir ledigt för andra.",
                why_not=why_not,
            ),
        }
        return render(self.request, f"orders/change.html{part}", context, status=status)
