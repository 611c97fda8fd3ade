"""The database has to know å, ä and ö in both letter cases; `migrate` and `check --database` ask it."""

import pytest
from django.core.management import CommandError, call_command

from parties import checks


@pytest.mark.django_db
def test_a_database_that_knows_the_letters_passes() -> None:
    call_command("check", databases=["default"])


@pytest.mark.django_db
def test_one_that_does_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LETTERS", "ß")  # whose capital no database writes as Python does
    with pytest.raises(CommandError, match="createdb"):
        call_command("check", databases=["default"])


def test_no_database_is_asked_where_none_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LETTERS", "ß")
    call_command("check")
