"""How long a log-in lasts: until nobody has done anything for a while, and never longer than a working day.

Both limits are settings (`SESSION_IDLE_SECONDS`, `SESSION_COOKIE_AGE`). The two times stand in the session itself. They
are looked at when somebody asks who is logged in, so what asks nobody (health, static files) costs nothing.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .models import User

BEGAN = "began"
SEEN = "seen"
NOTED_EACH = 60  # seconds: a row written at most once a minute for each person who works
BACKGROUND = "Sesam-Background"  # sent by our script with what nobody pressed: polling, a part that loads itself


class SessionStore(DatabaseSessionStore):
    """Django's rows in the database, stamped when the session begins. A log-in begins it anew, with a new key."""

    def cycle_key(self) -> None:
        super().cycle_key()
        self.update({BEGAN: time.time(), SEEN: time.time()})

    def save(self, must_create: bool = False) -> None:
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # as Django's own begins
        if BEGAN not in data:
            data.update({BEGAN: time.time(), SEEN: time.time()})
        super().save(must_create)


class Left(NamedTuple):
    """Seconds until the session ends; negative when it has."""

    idle: float
    at_most: float

    @property
    def seconds(self) -> float:
        return min(self)


def time_left(session: SessionBase) -> Left:
    now = time.time()
    return Left(
        session.get(SEEN, now) + settings.SESSION_IDLE_SECONDS - now,
        session.get(BEGAN, now) + settings.SESSION_COOKIE_AGE - now,
    )


def next_question(seconds: float, *, has_warned: bool = False) -> int:
    """In how many seconds a page asks how long is left: when it is time to warn, and then when it has ended."""
    return int(max(seconds if has_warned else seconds - settings.SESSION_WARNING_SECONDS, 0)) + 1


def prolong(session: SessionBase) -> None:
    """Count from now again: the person did something."""
    session[SEEN] = time.time()


class SessionLimitsMiddleware:
    """Log out who has been idle too long or logged in too long; count what the others do as work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        who = request.user
        request.user = SimpleLazyObject(lambda: _still_logged_in(request, who))  # type: ignore[assignment]  # lazy
        return self.get_response(request)


def _still_logged_in(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if not isinstance(user, User):
        return user
    if time_left(request.session).seconds <= 0:
        request.user = user  # not the question that is being answered here
        logout(request)
        messages.info(request, "Du har loggats ut. Det som var sparat finns kvar.", fail_silently=True)
        return AnonymousUser()
    idle = time.time() - request.session.get(SEEN, 0)
    if idle >= NOTED_EACH and BACKGROUND not in request.headers:
        prolong(request.session)
    return user
