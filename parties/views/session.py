from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from parties.models import User
from parties.requests import page_of
from parties.sessions import next_question, prolong, time_left


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_state(request: HttpRequest) -> HttpResponse:
    """The part of every page that warns before the session ends, and says when it has. *Fortsätt* posts.

    Asking does not count as work. Whoever has been logged out is told so beside what is on the screen; leading to the
    log-in page would throw away what was being typed.
    """
    is_in = isinstance(request.user, User)
    if is_in and request.method == "POST":
        prolong(request.session)
    if not HtmxDetails(request):
        return redirect("home")
    left = time_left(request.session)
    warns = left.seconds <= settings.SESSION_WARNING_SECONDS
    context = {
        "is_in": is_in,
        "warns": warns,
        "can_go_on": left.at_most > settings.SESSION_WARNING_SECONDS,
        "ends_at": timezone.now() + timedelta(seconds=left.seconds),
        "asks_again_in": next_question(left.seconds, has_warned=warns),
        "page": page_of(request) or "/",
    }
    return render(request, "components/session.html", context)
