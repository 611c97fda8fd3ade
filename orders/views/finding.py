"""The search of the page head: its hits while one types, and the page of results behind Enter."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orders.finding import exact_order, find_everywhere, may_find
from orders.forms.finding import FindForm
from parties.limits import TooManySearches
from parties.looks import Act, note_access
from parties.requests import UserRequest
from parties.responses import too_many

MOST_ON_PAGE = 20
MOST_IN_BOX = 5


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: UserRequest) -> HttpResponse:
    """By POST, since the text may be an identity number; the whole number of an order leads straight there."""
    user, in_box = request.user, bool(request.htmx)
    if not may_find(user):
        raise PermissionDenied
    form = FindForm(request.POST if request.method == "POST" else None)
    text = form.cleaned_data["sokord"] if form.is_valid() else ""
    if not in_box and (order := exact_order(text, user=user)):
        return redirect(order)
    limit = MOST_IN_BOX if in_box else MOST_ON_PAGE
    try:
        findings = find_everywhere(text, user=user, at=timezone.now(), whole=not in_box, limit=limit)
    except TooManySearches as error:
        return too_many(request, str(error))
    note_access(request, findings.patients, Act.SEARCH_HIT)
    context = {"find": form, "text": text, "groups": findings.groups, "advice": findings.advice}
    status = 422 if form.errors else 200
    return render(request, "orders/find_hits.html" if in_box else "orders/find.html", context, status=status)
