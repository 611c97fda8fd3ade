"""What happened to log-ins, passwords and units: a row each, shown to the log reviewer and in the administration."""

from django.http import HttpRequest
from django.utils import timezone

from .models import SecurityEvent, SecurityEventKind, User
from .requests import client_address


def note_event(request: HttpRequest, kind: SecurityEventKind, *, user: User | None, detail: str = "") -> None:
    """Write the row at once. `user` is who logged in or tried to, None where the name is nobody's."""
    SecurityEvent.objects.create(
        at=timezone.now(),
        kind=kind,
        user=user,
        unit=user.unit if user else None,
        address=client_address(request)[:45],
        detail=detail[:200],
    )


def named_user(name: str) -> User | None:
    """Whose user name was typed into the log-in, if it is anybody's. `name` is what the form made of it."""
    return User.objects.filter(username=name).first() if name else None
