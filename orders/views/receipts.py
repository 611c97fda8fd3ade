"""*Mottagning*: what is on its way to one's own stores, and a box for the number on the delivery note."""

from operator import attrgetter

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from listing import Column, Listing
from orders import roles
from orders.forms.scanning import DeliveryScanForm
from orders.models import Delivery
from orders.reading import SENT
from orders.receipts import deliveries_to_receive, deliveries_to_stores_of, overdue_since
from parties.requests import UserRequest

PAGE_SIZE = 25
DELIVERIES: Listing[Delivery] = Listing(
    name="mottagning",
    default="skickad",
    page_size=PAGE_SIZE,
    read=SENT.in_order,
    columns=[
        Column(key="utleverans", label="Utleverans", value=attrgetter("number")),
        Column(key="fran", label="Från", value=lambda delivery: str(delivery.order.sender)),
        Column(key="till", label="Till", value=lambda delivery: str(delivery.order.recipient_warehouse)),
        Column(key="skickad", label="Skickad", order_by=["at"], value=attrgetter("at")),
        Column(key="rader", label="Rader", value=attrgetter("line_count")),
        Column(key="antal", label="Antal", value=attrgetter("unit_count")),
    ],
)


@require_safe
@permission_required(roles.RECEIVE, raise_exception=True)
def receipt_list(request: UserRequest) -> HttpResponseBase:
    """The deliveries to confirm, the oldest first. A scanned number leads to its delivery."""
    user = request.user
    waiting = deliveries_to_receive(user)
    is_scan = "kod" in request.GET
    form = DeliveryScanForm(request.GET if is_scan else None, deliveries=deliveries_to_stores_of(user), waiting=waiting)
    if is_scan and form.is_valid():
        return redirect("delivery_receive", form.cleaned_data["kod"].pk)
    if file := DELIVERIES.export(waiting, request.GET, on=timezone.localdate()):
        return file
    page = DELIVERIES.page(waiting, request.GET, known=deliveries_to_stores_of(user))
    context = {
        "form": form,
        "page": page,
        "deliveries": page.rows,
        "late_since": overdue_since(timezone.localdate()),
        "may_receive": True,
    }
    return render(request, "orders/receipts.html", context, status=422 if is_scan else 200)
