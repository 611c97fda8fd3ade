"""The unit that a person acts for right now."""

from django.http import HttpRequest

from .models import Party, User


def acting_unit(request: HttpRequest) -> Party | None:
    """The unit (kund) that the logged-in person acts for; None without a unit or without a log-in."""
    return request.user.unit if isinstance(request.user, User) else None
