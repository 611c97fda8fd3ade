from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from orders.access import may_pick
from orders.chips import Chip, toggled
from orders.forms.work_list import WorkListForm
from orders.functions import Entry, Functions
from orders.looks import note_orders
from orders.models import OrderLine
from orders.pick_rows import article_groups, order_groups
from orders.reading import ORDERS_TO_PICK, read_orders
from orders.work_list import lines_after, lines_to_pick, order_keys
from parties.looks import Act
from parties.models import User
from parties.requests import UserRequest

PAGE_SIZE = 25
NEXT = "Kryssa för det du plockar. Kollegorna ser ditt namn tills du levererar eller lämnar tillbaka."


@require_safe
def work_list(request: UserRequest) -> HttpResponse:
    """*Att plocka*: what waits in one's own warehouse, by order or by article; the filters stand in the address."""
    if not may_pick(request.user):
        raise PermissionDenied
    return work_list_page(request)


def work_list_page(request: UserRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    user = request.user
    form = WorkListForm(request.GET, user=user)
    form.is_valid()  # what is not valid is said at its field and filters nothing
    values = form.cleaned_data
    context = {
        "form": form,
        "selects": [form[name] for name in ("kommun", "lager") if form.has_choice(name)],
        "refusal": refusal,
        "chips": chips(user, request.GET, values),
        "is_filtered": any(values.get(name) for name in ("artikel", "typ", "kommun", "lager", "visa")),
        "functions": pick_functions(request.GET),
        "query": request.GET.urlencode(),
        **(by_article(request, values) if values.get("per") == "artikel" else by_order(request, values)),
    }
    name = "orders/work_list.html#answer" if request.htmx and request.method == "GET" else "orders/work_list.html"
    return render(request, name, context, status=status)


def by_order(request: UserRequest, values: Mapping[str, Any]) -> dict[str, object]:
    keys = order_keys(request.user, values, PAGE_SIZE + 1)
    shown = read_orders(keys[:PAGE_SIZE], ORDERS_TO_PICK)
    note_orders(request, shown, Act.LIST)
    groups = order_groups(shown, viewer=request.user, only_mine=values.get("visa") == "mina")
    return {"orders": groups, "next_key": keys[PAGE_SIZE - 1] if len(keys) > PAGE_SIZE else None}


def by_article(request: UserRequest, values: Mapping[str, Any]) -> dict[str, object]:
    found = lines_after(lines_to_pick(request.user, values), values.get("efter"), request.user)
    page = list(found.values_list("pk", "order")[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    orders = read_orders(dict.fromkeys(order for _, order in shown), ORDERS_TO_PICK)
    note_orders(request, orders, Act.LIST)
    groups = article_groups([line for line, _ in shown], orders, viewer=request.user)
    return {"articles": groups, "next_key": shown[-1][0] if len(page) > PAGE_SIZE else None}


def chips(user: User, query: QueryDict, values: Mapping[str, Any]) -> list[Chip]:
    mine = OrderLine.objects.filter(claimed_by=user).count()
    choices = [
        ("visa", "mina", "Mina plock", mine),
        ("visa", "vantar", "Väntar på varor", None),
        ("per", "artikel", "Per artikel", None),
    ]
    return [
        Chip(label, toggled(query, name, value, is_on=values.get(name) == value), values.get(name) == value, count)
        for name, value, label, count in choices
    ]


def pick_functions(query: QueryDict) -> Functions:
    """The menu beside the list: what is done with the ticked orders or lines. The filters are kept."""

    def entry(label: str, name: str) -> Entry:
        return Entry(label=label, form="picks", url=f"{reverse(name)}?{query.urlencode()}")

    return Functions(
        main=entry("Ta plock och skriv plocklista", "pick_claim_and_print"),
        items=[entry("Ta plock", "pick_claim"), entry("Lämna tillbaka", "pick_give_back")],
        next_text=NEXT,
    )
