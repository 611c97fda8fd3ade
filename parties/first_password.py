"""Whoever has logged in with a first password chooses another one before anything else."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from .models import User

BY_PASSWORD = "parties.backends.UnitBackend"  # noqa: S105  # whose sessions these are
OPEN = ("password", "logout", "admin_logout")


def must_choose_password(request: HttpRequest) -> bool:
    """Not of somebody who came by the identity provider: they may never have seen the password."""
    user = request.user
    return (
        isinstance(user, User)
        and user.first_password_until is not None
        and request.session.get(BACKEND_SESSION_KEY) == BY_PASSWORD
    )


class FirstPasswordMiddleware:
    """Lead to *Byt lösenord* from every page that asks for a log-in; nothing that was sent is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if not getattr(view, "login_required", True) or (match and match.view_name in OPEN):
            return None
        if not must_choose_password(request):
            return None
        return HttpResponseClientRedirect(resolve_url("password")) if HtmxDetails(request) else redirect("password")
