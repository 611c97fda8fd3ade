"""*Returer*: goods come back to a return shelf, are looked at, and go into the stock or are scrapped."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from orders import roles
from orders.forms.goods_receipt import receiving_warehouses
from orders.forms.returning import ReturnCheckForm, ReturnForm, ReturnSearchForm
from orders.models import GoodsReturn, Holding, ReturnOutcome
from orders.operations.returning import GoodsCannotBeReturned, check_return, receive_return
from parties.looks import Act, note_access
from parties.requests import UserRequest

MOST_SHOWN = 50


@require_safe
@permission_required(roles.RETURN, raise_exception=True)
def return_list(request: UserRequest) -> HttpResponse:
    """What waits on the return shelves of one's own warehouses, and a box that finds who has what came back."""
    return _page(request)


@require_POST
@permission_required(roles.RETURN, raise_exception=True)
def return_receive(request: UserRequest, pk: int) -> HttpResponse:
    """Take back a holding, or a part of it."""
    holdings = Holding.objects.visible_to(request.user).select_related("location__patient", "delivery_line__delivery")
    holding = get_object_or_404(holdings, pk=pk)
    form = ReturnForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, failed=(holding, form), status=422)
    try:
        goods = receive_return(holding_id=holding.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
    except GoodsCannotBeReturned as error:
        form.add_error("quantity", str(error))
        return _page(request, failed=(holding, form), status=422)
    note_access(request, holding.location.patient, Act.RETURN, about=f"Retur, {holding.delivery_line.delivery}")
    messages.success(request, f"Returen ligger på returhyllan i {goods.warehouse}. Kontrollera den nedan.")
    return redirect("return_list")


@require_POST
@permission_required(roles.RETURN, raise_exception=True)
def return_check(request: UserRequest, pk: int) -> HttpResponse:
    """Say what returned goods are good for."""
    mine = GoodsReturn.objects.filter(warehouse__in=receiving_warehouses(request.user))
    goods = get_object_or_404(mine.select_related("holding__article"), pk=pk)
    form = ReturnCheckForm(request.POST)
    if not form.is_valid():
        return _page(request, refusal="Välj om varan går till lager eller kasseras.", status=422)
    outcome = ReturnOutcome(form.cleaned_data["outcome"])
    try:
        check_return(return_id=goods.pk, outcome=outcome, by=request.user, at=timezone.now())
    except GoodsCannotBeReturned as error:
        return _page(request, refusal=str(error), status=409)
    messages.success(request, f"{goods.holding.article}: {outcome.label.lower()}.")
    return redirect("return_list")


def _page(
    request: UserRequest, *, failed: tuple[Holding, ReturnForm] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    search = ReturnSearchForm(request.GET)
    text = search.cleaned_data["sok"].strip() if search.is_valid() else ""
    held = (
        Holding.objects.visible_to(request.user)
        .open()
        .select_related("article", "device", "location__party", "location__patient", "delivery_line__delivery__order")
    )
    found = list(held.matching(text).order_by("opened_at", "pk")[:MOST_SHOWN]) if text else []
    if failed:
        found = list(held.filter(pk=failed[0].pk))
    for holding in found:
        note_access(request, holding.location.patient, Act.SEARCH_HIT, about=f"Retur, {holding.delivery_line.delivery}")
    context = {
        "search": search,
        "text": text,
        "rows": [
            (
                holding,
                failed[1]
                if failed
                else ReturnForm(user=request.user, initial={"quantity": holding.left}, auto_id=f"id_{holding.pk}_%s"),
            )
            for holding in found
        ],
        "shelf": GoodsReturn.objects.filter(checked_at=None, warehouse__in=receiving_warehouses(request.user))
        .select_related("warehouse", "actor", "holding__article", "holding__device")
        .order_by("at", "pk")[:MOST_SHOWN],
        "refusal": refusal,
    }
    return render(request, "orders/returns.html", context, status=status)
