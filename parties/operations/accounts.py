"""Acts on the accounts of those who log in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import get_random_string

from parties.models import User

EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0 and 1


def give_first_password(*, user: User, at: datetime) -> str:
    """Replace the password by a random one, which is returned to be shown once: 79 bits, in groups of four.

    It is refused after `FIRST_PASSWORD_DAYS`, and opens nothing but the page where the person chooses another. The
    user's sessions end.
    """
    password = "-".join(get_random_string(4, EASY_TO_READ) for _ in range(4))
    user.set_password(password)
    user.first_password_until = at + timedelta(days=settings.FIRST_PASSWORD_DAYS)
    user.save(update_fields=["password", "first_password_until"])
    return password


def choose_password(*, user: User, password: str) -> None:
    """The person's own, known to nobody else. The other sessions of the user end."""
    user.set_password(password)
    user.first_password_until = None
    user.save(update_fields=["password", "first_password_until"])


def remove_password(*, user: User) -> None:
    """From now on the user logs in by the identity provider, or not at all. The user's sessions end."""
    user.set_unusable_password()
    user.first_password_until = None
    user.save(update_fields=["password", "first_password_until"])


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
