"""*Säkerhetshändelser*, for the log reviewer alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from parties.models import Party, SecurityEvent, SecurityEventKind, User
from tests import factories
from tests.fixtures import Town

URL = reverse("log_security")
Kind = SecurityEventKind


@pytest.fixture
def reviewer(client: Client, town: Town) -> Client:
    client.force_login(factories.UserFactory.create(username="logg01", name="Lotta Gren", role="Loggranskare"))
    return client


def happened(kind: Kind, user: User | None, *, unit: Party | None = None, days: int = 0, detail: str = "") -> None:
    at = timezone.now() - timedelta(days=days)
    unit = unit or (user.unit if user else None)
    SecurityEvent.objects.create(at=at, kind=kind, user=user, unit=unit, address="192.0.2.1", detail=detail)


def shown(client: Client, **query: str) -> list[tuple[str, str]]:
    page = client.get(URL, query).context["page"]
    return [(event.kind, event.user.username if event.user else "") for event in page]


class TestThePage:
    def test_says_what_happened_newest_first(self, reviewer: Client, town: Town) -> None:
        happened(Kind.LOGIN, town.anna)
        happened(Kind.REFUSED, None)
        happened(Kind.LOCKED, town.lina, detail="Första lösenordet har gått ut")
        assert shown(reviewer) == [("LOCKED", "lini01"), ("REFUSED", ""), ("LOGIN", "anbe01")]
        response = reviewer.get(URL)
        for words in ("Spärrad inloggning", "Lina Nilsson", "Första lösenordet har gått ut", "192.0.2.1", "Okänd"):
            assertContains(response, words)
        assertContains(response, f'<a class="chip" href="{URL}" aria-current="true">Säkerhetshändelser</a>')

    def test_by_user_by_kind_and_by_day(self, reviewer: Client, town: Town) -> None:
        happened(Kind.LOGIN, town.anna)
        happened(Kind.LOCKED, town.anna)
        happened(Kind.LOGIN, town.lina)
        happened(Kind.REFUSED, town.anna, days=40)
        assert shown(reviewer, anvandare="ANBE01") == [("LOCKED", "anbe01"), ("LOGIN", "anbe01")]
        assert shown(reviewer, handelse="LOGIN") == [("LOGIN", "lini01"), ("LOGIN", "anbe01")]
        assert shown(reviewer, handelse="LOGIN", anvandare="anbe01") == [("LOGIN", "anbe01")]
        first = timezone.localdate(timezone.now() - timedelta(days=40)).isoformat()
        assert shown(reviewer, fran=first, till=first) == [("REFUSED", "anbe01")]

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ({"anvandare": "finns-inte"}, "Det finns ingen användare finns-inte."),
            ({"handelse": "X"}, "error"),
            ({"fran": "igår"}, "Välj en dag."),
            ({"fran": "2026-02-02", "till": "2026-02-01"}, "Sista dagen kan inte ligga före"),
            ({"anvandare": "finns-inte", "format": "csv"}, "Det finns ingen användare finns-inte."),
        ],
    )
    def test_what_makes_no_sense_is_said(self, reviewer: Client, town: Town, query: dict[str, str], words: str) -> None:
        happened(Kind.LOGIN, town.anna)
        response = reviewer.get(URL, query)
        assertContains(response, words, status_code=422)
        assertNotContains(response, "anbe01", status_code=422)

    def test_nothing_is_said_so(self, reviewer: Client) -> None:
        assertContains(reviewer.get(URL, {"handelse": "LOCKED"}), "Inga händelser")

    def test_pages_and_files(self, reviewer: Client, town: Town) -> None:
        for _ in range(51):
            happened(Kind.LOGIN, town.anna)
        happened(Kind.REFUSED, None, days=1)
        page = reviewer.get(URL).context["page"]
        assert len(page) == 50
        assert [event.kind for event in reviewer.get(URL + page.next_url).context["page"]] == ["LOGIN", "REFUSED"]
        response = reviewer.get(URL, {"format": "csv", "handelse": "REFUSED"})
        rows = response.getvalue().decode("utf-8-sig").splitlines()
        assert rows[0] == '"Tid";"Händelse";"Vem";"Användarnamn";"Enhet";"Från adress";"Varför"'
        assert len(rows) == 2
        assert rows[1].endswith(';"Nekad inloggning";"Okänd";"";"";"192.0.2.1";""')

    def test_a_row_costs_no_statement(self, reviewer: Client, town: Town) -> None:
        happened(Kind.LOGIN, town.anna)
        with CaptureQueriesContext(connection) as one:
            reviewer.get(URL)
        for _ in range(20):
            happened(Kind.REFUSED, town.lina)
        with assertNumQueries(len(one)):
            reviewer.get(URL)


class TestWhoSeesWhat:
    def test_a_municipality_reviews_its_units(self, client: Client, town: Town) -> None:
        elsewhere = town.other_store.owner
        happened(Kind.LOGIN, town.anna)
        happened(Kind.LOGIN, town.other_prescriber, unit=elsewhere)
        happened(Kind.REFUSED, None)
        happened(Kind.LOGIN, town.hakan)
        own = factories.UserFactory.create(role="Loggranskare", customer=town.rehab)
        client.force_login(own)
        assert shown(client) == [("LOGIN", "anbe01")]
        page = client.get(URL, {"efter": SecurityEvent.objects.get(user=town.hakan).pk}).context["page"]
        assert [event.user for event in page] == [town.anna], "another's row is no place to go on from"

    def test_the_region_and_who_belongs_nowhere_review_all(self, client: Client, reviewer: Client, town: Town) -> None:
        happened(Kind.LOGIN, town.anna)
        happened(Kind.REFUSED, None)
        assert len(shown(reviewer)) == 2
        central = factories.UserFactory.create(role="Loggranskare", customer=town.region)
        client.force_login(central)
        assert len(shown(client)) == 2

    def test_nobody_else(self, client: Client, town: Town) -> None:
        assert client.get(URL).status_code == 302
        for user in (town.anna, town.hakan, User.objects.create_superuser("rot01", name="Rut Oskarsson")):
            client.force_login(user)
            assert client.get(URL).status_code == (200 if user.is_superuser else 403)

    def test_is_only_read(self, reviewer: Client) -> None:
        assert reviewer.post(URL).status_code == 405
