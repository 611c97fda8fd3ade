"""*Säkerhetshändelser*: log-ins, refusals, locks, passwords and switches of unit, for the log reviewer to follow up."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.days import span_of
from listing import Column, Listing
from orders import roles
from orders.forms.log_review import SecurityForm
from orders.views.log_review import tabs
from parties.models import SecurityEvent
from parties.models.security_event import SecurityEventQuerySet
from parties.requests import UserRequest

EVENTS: Listing[SecurityEvent] = Listing(
    name="säkerhetshändelser",
    default="-tid",
    columns=[
        Column(key="tid", label="Tid", order_by=["at"], value=attrgetter("at")),
        Column(key="handelse", label="Händelse", value=lambda event: event.get_kind_display()),
        Column(key="vem", label="Vem", value=lambda event: event.user.name if event.user else "Okänd"),
        Column(
            key="anvandare",
            label="Användarnamn",
            value=lambda event: event.user.username if event.user else "",
            on_page=False,
        ),
        Column(key="enhet", label="Enhet", value=lambda event: str(event.unit or "")),
        Column(key="adress", label="Från adress", value=attrgetter("address")),
        Column(key="varfor", label="Varför", value=attrgetter("detail"), on_page=False),
    ],
)


@require_safe
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_security(request: UserRequest) -> HttpResponseBase:
    """The events of the units that the reviewer reviews, as a page and as a file."""
    form = SecurityForm(request.GET, today=timezone.localdate())
    visible = SecurityEvent.objects.visible_to(request.user).for_list()
    events = narrow(visible, form.cleaned_data) if form.is_valid() else visible.none()
    if form.is_valid() and (file := EVENTS.export(events, request.GET, on=timezone.localdate())):
        return file
    context = {
        "tabs": tabs(request, "sakerhet"),
        "form": form,
        "page": EVENTS.page(events, request.GET, known=visible),
    }
    return render(request, "log/security.html", context, status=200 if form.is_valid() else 422)


def narrow(events: SecurityEventQuerySet, values: Mapping[str, Any]) -> SecurityEventQuerySet:
    events = events.between(*span_of(values["fran"], values["till"]))
    whom = {"user": values["anvandare"], "kind": values["handelse"]}
    return events.filter(**{name: value for name, value in whom.items() if value})
