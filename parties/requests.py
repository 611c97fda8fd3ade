from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .models import User


class UserRequest(HttpRequest):
    """A request of somebody who is logged in, as every view has that does not say otherwise."""

    user: User  # LoginRequiredMiddleware stands before the views
    htmx: HtmxDetails


def page_of(request: HttpRequest) -> str | None:
    """The page of this site that asked, by htmx or by the form on it, as the browser names it.

    None for another site's, and for what is no address at all: a header holds what its sender likes.
    """
    htmx = HtmxDetails(request)
    try:
        if htmx:
            return htmx.current_url_abs_path
        url = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    if (url.scheme, url.netloc) != (request.scheme, request.get_host()):
        return None
    return url._replace(scheme="", netloc="").geturl()


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: the last hop that the proxy in front has seen, or the peer where there is none."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
