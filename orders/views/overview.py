from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders import roles
from orders.access import may_see_patients
from orders.filters import after, narrow, own_drafts, registered_orders, show
from orders.forms.overview import OverviewForm
from orders.looks import shown_rows
from orders.models import OrderType
from orders.rows import for_rows
from parties.limits import TooManySearches, count_patient_search
from parties.looks import Act
from parties.models import User
from parties.requests import UserRequest
from parties.responses import too_many

PAGE_SIZE = 25
DETAILS = ("undertyp", "status", "lager", "fran", "till")


@require_safe
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def order_list(request: UserRequest) -> HttpResponse:
    """*Orderöversikt*: the filters stand in the address, so a filtered list can be bookmarked and shared."""
    user = request.user
    form = OverviewForm(request.GET, user=user)
    form.is_valid()  # what is not valid is said at its field and filters nothing
    if form.cleaned_data.get("sok") and may_see_patients(user):  # the text may be a patient's
        try:
            count_patient_search(by=user, at=timezone.now())
        except TooManySearches as error:
            return too_many(request, str(error))
    found = narrow(registered_orders(user), form.cleaned_data, user)
    page = list(for_rows(after(found, form.cleaned_data.get("efter"), user))[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    context = {
        "form": form,
        "details": [form[name] for name in DETAILS],
        "has_details": any(request.GET.get(name) for name in DETAILS),
        "rows": shown_rows(request, shown, act=Act.SEARCH_HIT if form.cleaned_data.get("sok") else Act.LIST),
        "next_key": shown[-1].pk if len(page) > PAGE_SIZE else None,
        "chips": chips(user, request.GET, form.cleaned_data),
        "is_filtered": any(value for name, value in form.cleaned_data.items() if name != "efter"),
    }
    if request.htmx:
        return render(request, "orders/overview.html#answer", context)
    return render(request, "orders/overview.html", context | missing_delivery(user))


@dataclass(frozen=True, slots=True)
class Chip:
    """A quick filter: a link that adds it to the address, or takes it away when it is on."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


def chips(user: User, query: QueryDict, values: Mapping[str, object]) -> list[Chip]:
    """The quick filters, with how many orders each holds where that helps."""
    orders = registered_orders(user)
    todo, mine, backorders = (show(orders, what, user).count() for what in ("att-gora", "mina", "restorder"))
    all_of_them = [
        ("visa", "att-gora", "Att göra", todo),
        ("visa", "mina", "Mina", mine),
        ("typ", OrderType.PRESCRIPTION.value, "Förskrivning", None),
        ("typ", OrderType.REQUISITION.value, "Beställning", None),
        ("typ", OrderType.TRANSFER.value, "Lagerflytt", None),
        ("visa", "restorder", "Restorder", backorders),
        ("visa", "utkast", "Utkast", own_drafts(user).count()),
    ]
    return [
        Chip(label, toggled(query, name, value, is_on=values.get(name) == value), values.get(name) == value, count)
        for name, value, label, count in all_of_them
    ]


def toggled(query: QueryDict, name: str, value: str, *, is_on: bool) -> str:
    """The address with one filter added or taken away, from the first page; the other filters are kept."""
    changed = query.copy()
    for other in list(changed):
        if other in ("efter", name) or not changed[other]:
            del changed[other]
    if not is_on:
        changed[name] = value
    return f"?{changed.urlencode()}"


def missing_delivery(user: User) -> dict[str, object]:
    """The notice above the list: direct orders that have not been handed out, and from which stores."""
    missing = registered_orders(user).missing_delivery()
    if user.is_central or not (count := missing.count()):
        return {"missing_count": 0}
    numbers = missing.order_by("sender__number").values_list("sender__number", flat=True).distinct()
    return {"missing_count": count, "missing_warehouses": " och ".join(filter(None, numbers))}
