"""*Mottagning*: what is on its way to one's own stores, and a box for the number on the delivery note."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders import roles
from orders.forms.scanning import DeliveryScanForm
from orders.receipts import deliveries_to_receive, deliveries_to_stores_of, overdue_since
from parties.requests import UserRequest


@require_safe
@permission_required(roles.RECEIVE, raise_exception=True)
def receipt_list(request: UserRequest) -> HttpResponse:
    """The deliveries to confirm, the oldest first. A scanned number leads to its delivery."""
    user = request.user
    waiting = deliveries_to_receive(user)
    is_scan = "kod" in request.GET
    form = DeliveryScanForm(request.GET if is_scan else None, deliveries=deliveries_to_stores_of(user), waiting=waiting)
    if is_scan and form.is_valid():
        return redirect("delivery_receive", form.cleaned_data["kod"].pk)
    context = {
        "form": form,
        "deliveries": waiting.for_list(),
        "late_since": overdue_since(timezone.localdate()),
        "may_receive": True,
    }
    return render(request, "orders/receipts.html", context, status=422 if is_scan else 200)
