"""The unit that a person acts for right now: chosen after the log-in, kept in the session, looked at each request.

It decides the municipality whose orders, stores and patients are seen, which of the person's roles hold, which
customer an order is made for, and what the access log names as the unit.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, SimpleLazyObject

from .models import Party, User, UserCustomer

SESSION_KEY = "acting_unit"
OPENED_PATIENTS = "opened_patients"
"""The session's key for patients opened with a reason (see `openings.py`): the reason was the other unit's."""
KEPT_SEARCHES = "patient_searches"
"""The session's key for what was typed to look for patients (see `kept_searches.py`): it was the other unit's work."""


def acting_unit(request: HttpRequest) -> Party | None:
    """The unit (kund) that the logged-in person acts for; None without a unit or without a log-in."""
    return request.user.unit if isinstance(request.user, User) else None


def choose_unit(request: HttpRequest, link: UserCustomer) -> None:
    """Keep the choice for the rest of the session, and let the rest of this request see it."""
    assert isinstance(request.user, User)
    request.session[SESSION_KEY] = link.customer_id
    for key in (OPENED_PATIENTS, KEPT_SEARCHES):
        request.session.pop(key, None)
    request.user.act_for(link)


class ActingUnitMiddleware:
    """Let `request.user` act for the session's choice, or for the default unit before one is made.

    A choice that the person no longer works for is forgotten: the memberships are what counts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        who = request.user
        request.user = SimpleLazyObject(lambda: _with_unit(request, who))  # type: ignore[assignment]  # lazy, as Django
        return self.get_response(request)


def _with_unit(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if isinstance(user, User) and user.memberships:
        chosen = request.session.get(SESSION_KEY)
        user.act_for(next((link for link in user.memberships if link.customer_id == chosen), user.memberships[0]))
    return _itself(user)


def _itself(user: User | AnonymousUser) -> User | AnonymousUser:
    """Without the proxies of the middlewares before: a list asks fifty times what the user may, each through all."""
    while isinstance(user, LazyObject):
        user = user._wrapped
    return user
