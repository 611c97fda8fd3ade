from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from parties.forms.units import UnitForm
from parties.models import SecurityEventKind
from parties.requests import UserRequest
from parties.security import note_event
from parties.units import choose_unit


@require_http_methods(["GET", "HEAD", "POST"])
def unit_choice(request: UserRequest) -> HttpResponse:
    """*Välj enhet*: after the log-in of a person with several units, and from the page's head later."""
    target = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    if len(request.user.memberships) < 2:
        return redirect(target)
    form = UnitForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        choose_unit(request, form.chosen())
        note_event(request, SecurityEventKind.UNIT, user=request.user)
        return redirect(target)
    return render(
        request, "parties/unit_choice.html", {"form": form, "next": target}, status=422 if form.is_bound else 200
    )


def _safe(request: UserRequest, target: str) -> str:
    """Where to go on: a page of this site, else the start page."""
    is_ours = url_has_allowed_host_and_scheme(target, request.get_host(), require_https=request.is_secure())
    return target if is_ours and target.startswith("/") else resolve_url("home")  # a word alone would be a view's name
