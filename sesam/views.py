"""Pages of the house itself: whether it works, and what is said when something does not."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parties.responses import whole_page


@require_safe
@never_cache
@login_not_required
def health(_request: HttpRequest) -> JsonResponse:
    """For a monitor: 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "database"}, status=503)
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, "Det gick inte att läsa din begäran", "Gå tillbaka, ladda om sidan och försök igen.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, "Du får inte göra det här", "Din roll saknar behörigheten. Fråga systemförvaltaren.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last log-in or log-out, mostly in another tab."""
    return _error(request, 403, "Sidan har blivit för gammal", "Gå tillbaka, ladda om sidan och försök igen.")


def busy(request: HttpRequest) -> HttpResponse:
    """Somebody else held what this request wanted to change, for too long."""
    advice = "Någon annan arbetar med samma order eller saldo. Försök igen."
    return whole_page(_error(request, 409, "Inget har sparats", advice))


def not_logged(_request: HttpRequest) -> HttpResponse:
    """The access log did not take what the page would have shown. Said without asking the database."""
    advice = "Åtkomst till patientuppgifter måste loggas, och det gick inte just nu. Försök igen om en stund."
    return whole_page(_error(None, 503, "Sidan kan inte visas", advice))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, "Sidan finns inte", "Den kan ha tagits bort, eller så hör den till en annan kommun.")


def server_error(_request: HttpRequest) -> HttpResponse:
    """Said without asking who is logged in: the database may be what failed."""
    return _error(None, 500, "Något gick fel hos oss", "Inget har sparats. Försök igen om en stund.")


def _error(request: HttpRequest | None, status: int, title: str, advice: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "advice": advice}, status=status)
