"""Guessing passwords and copying the register are slowed down, written down, and do not disturb anybody else."""

import logging
from collections import Counter
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import Argon2PasswordHasher, MD5PasswordHasher
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects
from pytest_django.fixtures import Settings

from orders.models import Order
from parties.limits import TooManySearches, count_patient_search
from parties.models import SearchCount, SecurityEvent, User
from parties.operations.relating import register_relation
from tests.factories import UserFactory
from tests.fixtures import Town
from tests.racing import race, split

LOGIN = reverse("login")
PATIENTS = reverse("patient_list")


def attempt(client: Client, password: str, username: str = "anbe01", address: str = "192.0.2.1") -> int:
    data = {"username": username, "password": password}
    return client.post(LOGIN, data, REMOTE_ADDR=address).status_code


class TestGuessing:
    def test_ten_thousand_wrong_passwords(self, town: Town, caplog: pytest.LogCaptureFixture) -> None:
        """The first by the page, the others at `authenticate`, which every way in goes through."""
        with (
            patch.object(Argon2PasswordHasher, "verify", return_value=False) as compared,
            patch.object(MD5PasswordHasher, "verify", compared),
        ):
            answers = Counter(attempt(Client(), f"fel {n}") for n in range(50))
            caplog.clear()
            for n in range(50, 10_000):
                request = RequestFactory().post(LOGIN, REMOTE_ADDR="192.0.2.1")
                assert authenticate(request, username="anbe01", password=f"fel {n}") is None
            answers += Counter(attempt(Client(), f"fel {n}") for n in range(3))
        assert answers == {422: 5, 429: 48}
        assert compared.call_count == 6, "after that no password is looked at, which is the slow part"
        assert AccessAttempt.objects.get().failures_since_start == 6
        assert SecurityEvent.objects.count() == 7, "six refused and one lock; the rest is only a line in the log"
        assert caplog.text.count("Log-in as 'anbe01' from 192.0.2.1 is locked") == 3
        self.nobody_else_is_harmed()

    def nobody_else_is_harmed(self) -> None:
        assert attempt(Client(), "sesam-demo", username="lini01") == 302, "another person at the same address"
        assert attempt(Client(), "sesam-demo", address="192.0.2.2") == 302, "the same person elsewhere"

    def test_locks_the_right_password_too_and_says_what_to_do(self, client: Client, town: Town) -> None:
        for n in range(6):
            attempt(client, f"fel {n}")
        response = client.post(LOGIN, {"username": "anbe01", "password": "sesam-demo"}, REMOTE_ADDR="192.0.2.1")
        assertContains(response, "Vänta 15 minuter, eller fråga systemförvaltaren.", status_code=429)
        assert "_auth_user_id" not in client.session

    def test_others_log_in_unharmed(self, town: Town) -> None:
        for n in range(10):
            attempt(Client(), f"fel {n}")
        self.nobody_else_is_harmed()

    def test_is_over_after_a_while(self, town: Town) -> None:
        for n in range(6):
            attempt(Client(), f"fel {n}")
        earlier = timezone.now() - timedelta(minutes=16)
        AccessAttempt.objects.update(attempt_time=earlier)
        assert attempt(Client(), "sesam-demo") == 302

    def test_a_right_password_forgets_the_wrong_ones(self, town: Town) -> None:
        for password in ("fel", "fel", "fel", "fel", "sesam-demo", "fel", "fel", "fel", "fel"):
            attempt(Client(), password)
        assert attempt(Client(), "sesam-demo") == 302

    def test_the_way_to_the_administration_is_the_same(self, client: Client, db: None) -> None:
        response = client.get(reverse("admin:index"), follow=True)
        assertRedirects(response, f"{LOGIN}?next=/admin/")
        assertContains(response, "Beställning, lagerflytt och förskrivning")
        assert client.post("/admin/login/", {"username": "adm01", "password": "x"}).status_code == 302
        assert not AccessAttempt.objects.exists()

    def test_the_proxy_says_where_a_request_comes_from(self, town: Town, settings: Settings) -> None:
        settings.BEHIND_PROXY = True
        for n in range(6):
            made_up = {"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"}
            Client().post(LOGIN, {"username": "anbe01", "password": "fel"}, headers=made_up)
        assert AccessAttempt.objects.get().ip_address == "198.51.100.7"


def search(client: Client, page: str = PATIENTS) -> Any:
    return client.post(page, {"sok": "Astrid"}, follow=True)


class TestSearching:
    @pytest.fixture
    def anna(self, client: Client, town: Town, settings: Settings) -> Client:
        settings.PATIENT_SEARCHES_PER_MINUTE = 20
        client.force_login(town.anna)
        return client

    def test_a_thousand_searches(self, anna: Client, town: Town, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING, logger="sesam.security"):
            answers = [search(anna) for _ in range(1_000)]
        counted = Counter(answer.status_code for answer in answers)
        assert counted[429] >= 800, "some minutes may have been touched"
        assert town.patient.name not in answers[-1].content.decode()
        assertContains(answers[-1], "Vänta en minut.", status_code=429)
        assert "User anbe01 searches for patients more than 20 times a minute" in caplog.text
        assert {event.user for event in SecurityEvent.objects.filter(kind="SEARCHES")} == {town.anna}
        assert len(caplog.records) <= 10, "said once a minute, not for each"

    def test_the_order_overview_finds_patients_too(self, anna: Client, town: Town) -> None:
        answers = Counter(search(anna, reverse("order_list")).status_code for _ in range(60))
        assert answers[429] >= 20
        assert anna.get(reverse("order_list")).status_code == 200, "what is no search goes on"

    def test_others_search_unharmed(self, anna: Client, town: Town) -> None:
        for _ in range(60):
            search(anna)
        other = Client()
        other.force_login(town.other_prescriber)
        assert search(other).status_code == 200

    def test_opening_one_after_another_counts_too(self, anna: Client, town: Town) -> None:
        register_relation(patient=town.patient, unit=town.rehab, by=town.anna, on=timezone.localdate())
        url = reverse("patient_detail", args=[town.patient.pk])
        answers = [anna.get(url) for _ in range(45)]
        assert Counter(answer.status_code for answer in answers)[429] >= 5, "the minute may have turned once"
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert town.patient.name not in refused.content.decode()

    def test_searches_in_the_log_count_too(self, anna: Client, client: Client, town: Town) -> None:
        reviewer = UserFactory.create(username="logg01", role="Loggranskare")
        other = UserFactory.create(username="logg02", role="Loggranskare")
        client.force_login(reviewer)
        url = reverse("log_search")
        answers = Counter(client.post(url, {"nummer": "19311104-9809"}).status_code for _ in range(45))
        assert answers[429] >= 5
        client.force_login(other)
        assert client.post(url, {"nummer": "19311104-9809"}).status_code == 302, "others are unharmed"

    def test_the_next_minute_starts_again(self, anna: Client, town: Town) -> None:
        at = town.now()
        for _ in range(20):
            count_patient_search(by=town.anna, at=at)
        with pytest.raises(TooManySearches):
            count_patient_search(by=town.anna, at=at)
        count_patient_search(by=town.anna, at=town.now())

    def test_searches_in_the_administration_count_too(self, client: Client, town: Town, settings: Settings) -> None:
        settings.PATIENT_SEARCHES_PER_MINUTE = 5
        client.force_login(User.objects.create_superuser("rot01", name="Rut Oskarsson"))
        url = reverse("admin:parties_patient_changelist")
        answers = Counter(client.post(url, {"q": "Astrid"}, follow=True).status_code for _ in range(20))
        assert answers[429] >= 10
        assert client.get(url).status_code == 200, "what is no search goes on"

    def test_the_search_of_the_wizard_counts_too(self, anna: Client, town: Town) -> None:
        order: Order = town.draft("forskrivning", {}, recipient_patient=None)
        SearchCount.objects.update_or_create(
            user=town.anna, defaults={"minute": timezone.now().replace(second=0, microsecond=0), "count": 10**6}
        )
        url = reverse("order_parties", args=[order.pk])
        data = {"version": order.version, "orderer": "anbe01", "recipient": "Astrid", "customer": "50101"}
        response = anna.post(url, data)
        if SearchCount.objects.get().count > 1:  # not just when the minute turned
            assertContains(response, "Vänta en minut.", status_code=422)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_search_is_lost_between_processes(town: Town) -> None:
    at = timezone.now()

    counts, _ = split(race([lambda: SearchCount.count_one(town.anna, at)] * 12))
    assert sorted(counts) == list(range(1, 13))
