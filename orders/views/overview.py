from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from listing import MOST_COUNTED, MOST_FOUND
from orders import roles
from orders.access import may_see_patients
from orders.chips import COUNTED, FORMAT, OF_A_PAGE, chips
from orders.counts import counts_for
from orders.filters import OPEN, narrow, registered_orders
from orders.forms.overview import OverviewForm
from orders.looks import log_exported_orders, shown_rows
from orders.models import Order
from orders.models.order import OrderQuerySet
from orders.order_columns import NEWEST_FIRST, orders_listing
from orders.typed_search import PATIENT, TEXT, may_stand_in_address, said_in_address
from parties.kept_searches import PARAMETER, is_search_gone, kept_search
from parties.limits import TooManySearches, count_patient_search
from parties.looks import Act, note_access
from parties.models import User
from parties.requests import UserRequest
from parties.responses import too_many

DETAILS = ("undertyp", "status", "lager", "fran", "till")
NOT_FILTERS = ("csrfmiddlewaretoken", TEXT, PARAMETER, *OF_A_PAGE)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def order_list(request: UserRequest) -> HttpResponseBase:
    """*Orderöversikt*: the filters stand in the address, so a filtered list can be bookmarked and shared.

    They are posted, since among them may be what says who a patient is, and answered with the address that has them.
    """
    try:
        if request.method == "POST":
            return to_address(request, request.POST)
        text = request.GET.get(TEXT, "")
        if text and not may_stand_in_address(text, request.user):
            return to_address(request, request.GET)
        if may_see_patients(request.user) and any(request.GET.get(name) for name in (TEXT, PARAMETER, PATIENT)):
            count_patient_search(by=request.user, at=timezone.now())
    except TooManySearches as error:
        return too_many(request, str(error))
    query = request.GET.copy()
    if kept := kept_search(request):
        query[TEXT] = kept
    form = OverviewForm(query, user=request.user)
    form.is_valid()  # what is not valid is said at its field and filters nothing
    return listed(request, form)


def to_address(request: UserRequest, typed: QueryDict) -> HttpResponse:
    """Lead to the address that says what was typed, or say that it is nothing to search for. Raises TooManySearches."""
    form = OverviewForm(typed, user=request.user)
    form.is_valid()
    if TEXT in form.errors:
        status = 422 if request.method == "POST" else 200
        return overview_page(request, form, found_orders(form, request.user), status=status)
    address = typed.copy()
    if address.get("ordning") == NEWEST_FIRST:
        del address["ordning"]
    for name in list(address):
        if name in NOT_FILTERS or not address[name]:
            del address[name]
    if text := form.cleaned_data[TEXT]:
        address.pop(PATIENT, None)
        address.update(said_in_address(request, text))
    return redirect(f"{reverse('order_list')}?{address.urlencode()}".removesuffix("?"))


def listed(request: UserRequest, form: OverviewForm) -> HttpResponseBase:
    """The file that the address asks for, or the page."""
    found = found_orders(form, request.user)
    if FORMAT not in request.GET:
        return overview_page(request, form, found)
    leaving = log_exported_orders(request)
    listing = orders_listing(request.user, view=form.cleaned_data.get("visa", ""))
    file = listing.export(found, request.GET, on=timezone.localdate(), before_leaving=leaving)
    return file or overview_page(request, form, found)


def found_orders(form: OverviewForm, user: User) -> OrderQuerySet:
    found = narrow(registered_orders(user), form.cleaned_data, user)
    return found.none() if PATIENT in form.errors else found


def overview_page(request: UserRequest, form: OverviewForm, found: OrderQuerySet, *, status: int = 200) -> HttpResponse:
    user, values = request.user, form.cleaned_data
    # What a text finds or what is open is looked for order by order.
    is_found = bool(values.get(TEXT)) or values.get("visa") in OPEN
    known = Order.objects.visible_to(user) if any(name in request.GET for name in OF_A_PAGE) else None
    is_filtered = any(values.values())
    page = orders_listing(user, view=values.get("visa", "")).page(
        found,
        request.GET,
        known=known,
        most_counted=MOST_FOUND if is_found else MOST_COUNTED,
        is_whole=not is_filtered,
    )
    is_search = bool(values.get(TEXT) or values.get(PATIENT))
    act = Act.SEARCH_HIT if is_search else Act.LIST
    note_access(request, values.get(PATIENT), act)  # named above the list, also where the list is empty
    counts = counts_for(user, most=COUNTED + 1, with_missing=not request.htmx)
    context = {
        "form": form,
        "details": [form[name] for name in DETAILS],
        "has_details": any(form[name].value() for name in DETAILS),
        "page": page,
        "rows": shown_rows(request, page, act=act),
        "chips": chips(counts, request.GET, values),
        "is_filtered": is_filtered,
        "is_gone": is_search_gone(request),
    }
    if request.htmx:
        return render(request, "orders/overview.html#answer", context, status=status)
    missing = {
        "missing_count": sum(counts.missing.values()),
        "missing_warehouses": " och ".join(counts.missing),
    }
    return render(request, "orders/overview.html", context | missing, status=status)
