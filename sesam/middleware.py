"""What every request and response owes, in one place."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, DataError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails
from psycopg import errors

from audit.accessing import write_noted
from audit.changing import ChangesBy
from audit.partitions import look_ahead
from parties.models import User
from parties.requests import page_of

from .views import bad_request, busy, not_logged

logger = logging.getLogger(__name__)
security = logging.getLogger("sesam.security")

WAITED_TOO_LONG = (errors.LockNotAvailable, errors.DeadlockDetected)


class BrowserLimitsMiddleware:
    """Tell the browser what no page of ours needs: devices, and being part of another site's page."""

    HEADERS = {
        "Permissions-Policy": ", ".join(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "browsing-topics",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "usb",
            )
        ),
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            response[name] = value
        return response


class DatabaseRefusalMiddleware:
    """Say what the database refused where no view expected it; nothing was saved, each operation is one transaction.

    400 for a value that it cannot read and no form looked at, such as a null byte in an address. 409 where somebody
    else held the same order or balance for longer than `lock_timeout`, or two waited for each other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError):
            return bad_request(request, exception)
        if isinstance(exception, OperationalError) and isinstance(exception.__cause__, WAITED_TOO_LONG):
            return busy(request)
        return None


class HtmxResponseMiddleware:
    """Name `HX-Request` in `Vary`, and make the whole page follow a redirect to the login page.

    A page and its part share one URL, so a cache must keep them apart. And the browser follows a redirect inside
    htmx's own request, so that the login page would land in the part that asked. After logging in, the person comes
    back to the page that was open, not to the address of its part or of a form that only takes a POST.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        htmx = HtmxDetails(request)
        response = self.get_response(request)
        is_form = request.method == "POST" and "next=" in response.headers.get("Location", "")
        if _leads_to_login(response) and (htmx or is_form):
            page = page_of(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
            target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"
            response = HttpResponseClientRedirect(target) if htmx else HttpResponseRedirect(target)
        patch_vary_headers(response, ["HX-Request"])
        return response


class PersonalPagesMiddleware:
    """Let no browser keep what a logged-in person has seen.

    Back after *Spara* would otherwise show the order as a draft still, and back after *Logga ut* the patients to
    whoever sits down at the same computer. What never asked who is there may be kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed:
            add_never_cache_headers(response)
        return response


class RefusalsMiddleware:
    """Write to the log who was refused where (403), and who asked for an object that is not theirs or not there (404).

    The page is named by its route and the person by the account's number: never an address, which could hold what
    somebody typed. The answer to the person is the same for what is another's and for what is nobody's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code not in (403, 404) or match is None or not isinstance(request.user, User):
            return response
        if response.status_code == 403 or match.kwargs or match.args:
            words = (response.status_code, request.method, match.view_name, request.user.pk)
            security.warning("%s for %s %s, user %s", *words)
        return response


class AccessLogMiddleware:
    """Write which patients the answer shows before it leaves; an answer whose looks cannot be logged does not leave."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        now = timezone.now()
        try:
            if write_noted(request, at=now):
                look_ahead(at=now)
        except DatabaseError:
            logger.exception("The access log could not be written, so the page was not shown")
            response.close()
            request.session.modified = False  # what a reason was to open stays closed
            return not_logged(request)
        return response


class ChangesMiddleware:
    """Let the database's history of changes know who makes them; a request that only reads changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return self.get_response(request)
        with connection.execute_wrapper(ChangesBy(request)):
            return self.get_response(request)


def _leads_to_login(response: HttpResponse) -> bool:
    target = response.headers.get("Location", "").partition("?")[0]
    return response.status_code == 302 and target == resolve_url(settings.LOGIN_URL)
