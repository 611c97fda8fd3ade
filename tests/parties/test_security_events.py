"""Who logged in, out, was refused or locked out, and switched unit: rows that nobody changes, for the administrator."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from parties.models import SecurityEvent, SecurityEventKind, UserCustomer
from tests.fixtures import Town

LOGIN = reverse("login")
LIST = reverse("admin:parties_securityevent_changelist")


def attempt(client: Client, password: str, username: str = "anbe01") -> int:
    return client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR="192.0.2.1").status_code


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


class TestWhatIsKept:
    def test_a_log_in_and_a_log_out(self, client: Client, town: Town) -> None:
        attempt(client, "sesam-demo")
        client.post(reverse("logout"))
        assert kinds() == ["LOGIN", "LOGOUT"]
        for event in SecurityEvent.objects.all():
            assert (event.user, event.unit) == (town.anna, town.rehab)
        assert SecurityEvent.objects.earliest("pk").address == "192.0.2.1"

    def test_logging_out_when_nobody_is_in_is_nothing(self, client: Client, town: Town) -> None:
        client.post(reverse("logout"))
        assert kinds() == []

    def test_a_wrong_password(self, client: Client, town: Town) -> None:
        attempt(client, "fel")
        event = SecurityEvent.objects.get()
        assert (event.kind, event.user, event.detail) == (SecurityEventKind.REFUSED, town.anna, "")

    @pytest.mark.parametrize("name", ["mitt-hemliga-lösenord", "x" * 400, "a\0b"])
    def test_what_is_no_user_name_is_not_kept(self, client: Client, town: Town, name: str) -> None:
        attempt(client, "fel", username=name)
        for event in SecurityEvent.objects.all():
            assert (event.user, event.unit, event.detail) == (None, None, "")

    @pytest.mark.parametrize("name", [" anbe01 ", "ａnbe01", "anbe０１"])
    def test_another_spelling_of_a_user_name_is_whose_it_is(self, town: Town, name: str) -> None:
        """The form makes the name of it that is logged in with, and locked."""
        for n in range(5):
            attempt(Client(), f"fel {n}", username=name)
        assert {event.user for event in SecurityEvent.objects.all()} == {town.anna}
        assert attempt(Client(), "fel") == 429
        assert kinds() == ["REFUSED"] * 6 + ["LOCKED"]

    def test_an_empty_form_is_nothing(self, client: Client, town: Town) -> None:
        client.post(LOGIN, {})
        assert kinds() == []

    def test_what_is_no_user_name_is_not_logged_either(self, town: Town, caplog: pytest.LogCaptureFixture) -> None:
        for n in range(8):
            attempt(Client(), f"fel {n}", username="mitt-hemliga-lösenord")
        assert "Log-in as nobody we know from 192.0.2.1 is locked" in caplog.text
        assert "hemliga" not in caplog.text

    def test_the_lock_once_and_nothing_while_it_holds(self, client: Client, town: Town) -> None:
        answers = [attempt(Client(), f"fel {n}") for n in range(20)]
        assert answers[-1] == 429
        assert kinds() == ["REFUSED"] * 6 + ["LOCKED"]

    def test_a_switch_of_unit(self, client: Client, town: Town) -> None:
        other = town.other_store.owner
        UserCustomer.objects.create(user=town.anna, customer=other)
        client.force_login(town.anna)
        client.post(reverse("unit_choice"), {"unit": other.pk})
        event = SecurityEvent.objects.get()
        assert (event.kind, event.user, event.unit) == (SecurityEventKind.UNIT, town.anna, other)

    def test_logging_out_everywhere(self, client: Client, town: Town) -> None:
        client.force_login(town.anna)
        client.post(reverse("end_other_sessions"))
        assert kinds() == ["EVERYWHERE"]


class TestTheTable:
    @pytest.fixture
    def event(self, town: Town) -> SecurityEvent:
        return SecurityEvent.objects.create(at=timezone.now(), kind=SecurityEventKind.LOGIN, user=town.anna)

    @pytest.mark.parametrize(
        "statement", ["UPDATE parties_securityevent SET kind = 'LOGOUT'", "DELETE FROM parties_securityevent"]
    )
    def test_no_row_is_changed_or_removed(self, event: SecurityEvent, statement: str) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert kinds() == ["LOGIN"]

    def test_old_rows_go_with_the_old_months_of_the_access_log(
        self, event: SecurityEvent, capsys: pytest.CaptureFixture[str]
    ) -> None:
        old = timezone.now() - timedelta(days=6 * 366)
        SecurityEvent.objects.create(at=old, kind=SecurityEventKind.LOGIN, user=event.user)
        call_command("rotate_access_log")
        assert "Borttagna säkerhetshändelser: 1" in capsys.readouterr().out
        assert SecurityEvent.objects.get() == event


class TestTheList:
    def test_is_for_the_administrator(self, client: Client, admin_client: Client, town: Town) -> None:
        attempt(client, "fel")
        attempt(client, "fel", username="okänd")
        response = admin_client.get(LIST)
        assertContains(response, "Nekad inloggning")
        assertContains(response, "anbe01 Anna Bergqvist")
        assertContains(response, "Okänd")
        assertNotContains(response, "Lägg till säkerhetshändelse")
        assert admin_client.get(f"{LIST}{SecurityEvent.objects.earliest('pk').pk}/change/").status_code == 403
