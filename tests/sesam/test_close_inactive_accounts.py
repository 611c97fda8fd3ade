from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from parties.models import User
from tests.fixtures import Town


@pytest.fixture
def half_a_year(town: Town) -> Town:
    """Anna logged in yesterday, Lina long ago; Per never, and is new; Håkan never, and is old."""
    now = timezone.now()
    for user, last, joined in (
        (town.anna, 1, 900),
        (town.lina, 184, 900),
        (town.per, None, 3),
        (town.hakan, None, 184),
    ):
        last_login = now - timedelta(days=last) if last else None
        User.objects.filter(pk=user.pk).update(last_login=last_login, date_joined=now - timedelta(days=joined))
    return town


def closed() -> set[str]:
    return set(User.objects.filter(is_active=False).values_list("username", flat=True))


def test_closes_what_nobody_uses_and_says_whose(half_a_year: Town, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("close_inactive_accounts")
    assert closed() == {"lini01", "hmla01"}
    said = capsys.readouterr().out
    assert "lini01 Lina Nilsson (senast inloggad " in said
    assert "hmla01 Håkan Lantz (aldrig inloggad)" in said
    assert "2 konton stängdes." in said


def test_a_dry_run_only_says(half_a_year: Town, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("close_inactive_accounts", "--dry-run")
    assert closed() == set()
    assert "2 konton skulle stängas." in capsys.readouterr().out


def test_another_time(half_a_year: Town) -> None:
    call_command("close_inactive_accounts", "--days", "200")
    assert closed() == set()


def test_twice_is_once(half_a_year: Town, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("close_inactive_accounts")
    capsys.readouterr()
    call_command("close_inactive_accounts")
    assert capsys.readouterr().out == "0 konton stängdes.\n"
