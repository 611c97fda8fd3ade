"""*Avvikelser*: what came otherwise than it was sent, until HMS has settled it; and receipts that are late."""

from operator import attrgetter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Coalesce
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from listing import Column, Listing
from orders.chips import OF_A_PAGE
from orders.differences import may_see_differences, may_settle, unsettled_for
from orders.forms.settling import SettlementForm
from orders.functions import Entry, Functions
from orders.models import Delivery, ReceiptLine
from orders.models.delivery import DeliveryQuerySet
from orders.operations.settling import DifferenceCannotBeSettled, DifferenceIsSettled, settle_difference
from orders.reading import SENT
from orders.receipts import overdue_receipts
from parties.models import User
from parties.requests import UserRequest

PAGE_SIZE = 25
DIFFERENCES: Listing[ReceiptLine] = Listing(
    name="avvikelser",
    default="kvitterad",
    page_size=PAGE_SIZE,
    columns=[
        Column(
            key="utleverans",
            label="Utleverans",
            order_by=["receipt__delivery__number"],
            value=attrgetter("receipt.delivery.number"),
        ),
        Column(
            key="till",
            label="Till",
            value=lambda line: str(line.receipt.delivery.order.recipient_warehouse),
            on_page=False,
        ),
        Column(
            key="artikel",
            label="Artikel",
            order_by=[Coalesce("other_article__number", "delivery_line__order_line__article__number")],
            value=attrgetter("article.number"),
        ),
        Column(
            key="benamning",
            label="Benämning",
            value=attrgetter("article.name"),
            on_page=False,
        ),
        Column(key="avvikelse", label="Avvikelse", value=attrgetter("difference")),
        Column(key="orsak", label="Orsak", value=attrgetter("reason"), on_page=False),
        Column(key="kvar", label="Kvar att reglera", value=attrgetter("unsettled"), on_page=False),
        Column(key="kvitterad", label="Kvitterad", order_by=["receipt__at"], value=attrgetter("receipt.at")),
        Column(key="av", label="Kvitterad av", value=attrgetter("receipt.actor.name"), on_page=False),
    ],
)


@require_safe
def difference_list(request: UserRequest) -> HttpResponseBase:
    """The open differences, the oldest first, and the receipts that are late."""
    user = request.user
    if not may_see_differences(user):
        raise PermissionDenied
    differences = unsettled_for(user).for_differences()
    if file := DIFFERENCES.export(differences, request.GET, on=timezone.localdate()):
        return file
    late = list(late_after(user, request.GET.get("sen", "")).values_list("pk", flat=True)[: PAGE_SIZE + 1])
    known = ReceiptLine.objects.visible_to(user) if any(name in request.GET for name in OF_A_PAGE) else None
    context = {
        "page": DIFFERENCES.page(differences, request.GET, known=known),
        "late": SENT.in_order(late[:PAGE_SIZE]),
        "next_late": late[PAGE_SIZE - 1] if len(late) > PAGE_SIZE else None,
        "may_settle": user.is_central,
    }
    return render(request, "orders/differences.html", context)


def late_after(user: User, text: str) -> DeliveryQuerySet:
    """The late receipts, the oldest order first, from the one that follows delivery `text`; all when there is none."""
    late = overdue_receipts(user, on=timezone.localdate()).by_age_of_order()
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return late
    last = Delivery.objects.visible_to(user).select_related("order").filter(pk=text).first()
    return late.after(last) if last else late


@require_http_methods(["GET", "HEAD", "POST"])
def difference_settle(request: UserRequest, pk: int) -> HttpResponse:
    """*Reglera* one difference, whole or in part."""
    user = request.user
    line = get_object_or_404(ReceiptLine.objects.visible_to(user).for_differences(), pk=pk)
    if not may_settle(user, line.receipt.delivery.order):
        raise PermissionDenied
    if request.method != "POST":
        if not line.unsettled:
            messages.info(request, "Avvikelsen är redan reglerad.")
            return redirect("delivery_receive", line.receipt.delivery_id)
        return settle_page(request, line, SettlementForm(line=line))
    form = SettlementForm(request.POST, line=line)
    if not form.open:
        return settle_page(request, line, form, refusal="Avvikelsen är redan reglerad.", status=409)
    if not form.is_valid():
        return settle_page(request, line, form, status=422)
    try:
        settlement = settle_difference(receipt_line_id=line.pk, by=user, at=timezone.now(), **form.chosen())
    except DifferenceIsSettled as error:
        fresh = ReceiptLine.objects.for_differences().get(pk=line.pk)
        return settle_page(request, fresh, SettlementForm(line=fresh), refusal=str(error), status=409)
    except DifferenceCannotBeSettled as error:
        form.add_error(error.field, str(error))
        return settle_page(request, line, form, status=422)
    messages.success(request, f"{settlement.get_kind_display()}: {settlement.get_outcome_display()}. Reglerat.")
    return redirect("difference_list")


def settle_page(
    request: UserRequest, line: ReceiptLine, form: SettlementForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    order = line.receipt.delivery.order
    context = {
        "line": line,
        "order": order,
        "form": form,
        "refusal": refusal,
        "functions": Functions(
            main=Entry(label="Reglera", form="settlement", enabled=bool(form.open), reason="Inget är kvar."),
            items=[
                Entry(label="Tillbaka till avvikelserna", url=reverse("difference_list")),
                Entry(label="Visa ordern", url=order.get_absolute_url()),
            ],
            next_text="En rättelse bokförs i lagren. Det som är levererat räknas som levererat: "
            "behövs varan fortfarande gör förrådet en ny order.",
        ),
    }
    return render(request, "orders/difference.html", context, status=status)
