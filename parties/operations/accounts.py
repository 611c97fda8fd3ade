"""Acts on the accounts of those who log in."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from parties.models import User


@transaction.atomic
def end_sessions(*, user_id: int) -> User:
    """*Logga ut överallt*: no session that began before fits the user any more. The caller may keep its own."""
    User.objects.filter(pk=user_id).update(session_epoch=F("session_epoch") + 1)
    return User.objects.get(pk=user_id)


@transaction.atomic
def close_inactive_accounts(*, at: datetime, days: int, dry_run: bool = False) -> list[User]:
    """Close the accounts that nobody has logged in to for so many days, and return them, by user name.

    An account that was never used counts from the day when it was made. An administrator opens one again.
    """
    unused = Q(last_login__lt=at - timedelta(days=days))
    unused |= Q(last_login__isnull=True, date_joined__lt=at - timedelta(days=days))
    found = User.objects.filter(unused, is_active=True).order_by("pk").select_for_update(of=["self"])
    users = sorted(found, key=lambda user: user.username)
    if not dry_run:
        User.objects.filter(pk__in=[user.pk for user in users]).update(is_active=False)
    return users
