from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .models import User


class UserRequest(HttpRequest):
    """A request of somebody who is logged in, as every view has that does not say otherwise."""

    user: User  # LoginRequiredMiddleware stands before the views
    htmx: HtmxDetails


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: the last hop that the proxy in front has seen, or the peer where there is none."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
