"""*Loggranskning*: what waits, one visit and its outcome, the monthly sample."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.accessing import log_access
from audit.days import SWEDEN, month_before, month_of, start_of
from audit.models import AccessLogEntry, AccessReview, AccessSample, Act, Outcome
from parties.models import Patient, User
from tests import factories
from tests.fixtures import Town

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=SWEDEN)
REVIEW, SAMPLE = reverse("log_review"), reverse("log_sample")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def reviewer(town: Town) -> User:
    return factories.UserFactory.create(username="logg01", name="Lotta Gren", role="Loggranskare")


@pytest.fixture
def logged_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def look(
    town: Town, act: Act = Act.EMERGENCY, *, patient: Patient | None = None, by: User | None = None, at: datetime = NOON
) -> AccessLogEntry:
    by = by or town.anna
    patient = Patient.objects.get(pk=(patient or town.patient).pk)
    emergency = act == Act.EMERGENCY
    reason = "Akut hembesök efter ett fall." if emergency else ""
    log_access(patient, act, by=by, unit=by.unit, at=at, reason=reason, is_emergency=emergency)
    return AccessLogEntry.objects.latest("id")


def visit_url(entry: AccessLogEntry) -> str:
    return reverse("log_visit", args=[entry.user_id, entry.patient_id, timezone.localdate(entry.at)])


def shown(client: Client, url: str = REVIEW) -> list[tuple[str, date]]:
    return [(visit.user.username, visit.day) for visit in client.get(url).context["visits"]]


class TestQueue:
    def test_has_emergency_openings_and_protected_identity_the_oldest_first(
        self, logged_in: Client, town: Town
    ) -> None:
        look(town, at=NOON + timedelta(days=1))
        hidden = factories.PatientFactory.create(municipality=town.arvika, protection="CONF", name="Karin Hemlig")
        look(town, Act.PATIENT, patient=hidden, by=town.hakan)
        look(town, Act.LIST, patient=hidden, by=town.per)  # a row of dots
        look(town, Act.PATIENT, by=town.lina)
        assert shown(logged_in) == [("hmla01", NOON.date()), ("anbe01", NOON.date() + timedelta(days=1))]
        response = logged_in.get(REVIEW)
        assertContains(response, f'href="{visit_url(AccessLogEntry.objects.earliest("at", "id"))}"')
        for text in ("Nödöppning", "Akut hembesök", "Astrid Fröding", "Skyddade uppgifter", "50101"):
            assertContains(response, text)
        assertNotContains(response, "Hemlig")

    def test_a_reviewed_visit_leaves_it_until_more_happens_that_day(self, logged_in: Client, town: Town) -> None:
        entry = look(town)
        page = logged_in.get(visit_url(entry))
        data = {"outcome": "OK", "note": "", "seen_to": page.context["form"]["seen_to"].value()}
        assertRedirects(logged_in.post(visit_url(entry), data), REVIEW)
        assert shown(logged_in) == []
        look(town, at=NOON + timedelta(hours=1))
        assert shown(logged_in) == [("anbe01", NOON.date())]

    @pytest.mark.parametrize("days", [-1, 1])
    def test_a_review_is_of_its_day_only(self, logged_in: Client, town: Town, days: int) -> None:
        other = look(town, at=NOON + timedelta(days=days))
        entry = look(town)
        logged_in.post(visit_url(entry), {"outcome": "OK", "note": "", "seen_to": entry.pk})
        assert shown(logged_in) == [("anbe01", other.at.date())]
        tab = next(iter(logged_in.get(f"{REVIEW}?visa=granskade").context["tabs"]))
        assert (tab["label"], tab["count"]) == ("Granskas alltid", 1)

    def test_follow_ups_and_what_is_reviewed_have_their_pages(self, logged_in: Client, town: Town) -> None:
        entry = look(town)
        data = {"outcome": "FOLLOW_UP", "note": "Frågar enhetschefen.", "seen_to": entry.pk}
        logged_in.post(visit_url(entry), data)
        for url in (f"{REVIEW}?visa=uppfoljning", f"{REVIEW}?visa=granskade"):
            assert shown(logged_in, url) == [("anbe01", NOON.date())]
        logged_in.post(visit_url(entry), data | {"outcome": "OK", "note": "Enhetschefen har svarat."})
        assert shown(logged_in, f"{REVIEW}?visa=uppfoljning") == []
        assert shown(logged_in, f"{REVIEW}?visa=granskade") == [("anbe01", NOON.date())]
        assertContains(logged_in.get(visit_url(entry)), "Frågar enhetschefen.")

    def test_asks_as_much_for_twenty_as_for_one(
        self, logged_in: Client, town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for day in range(20):
            look(town, at=NOON + timedelta(days=day))
        with django_assert_max_num_queries(13):
            assert len(shown(logged_in)) == 20

    def test_has_pages(self, logged_in: Client, town: Town) -> None:
        for day in range(26):
            look(town, at=NOON + timedelta(days=day))
        assert (len(shown(logged_in)), len(shown(logged_in, f"{REVIEW}?page=2"))) == (25, 1)
        assertContains(logged_in.get(f"{REVIEW}?page=2"), "26–26 av 26 besök")

    def test_is_the_start_page_of_the_reviewer(self, logged_in: Client) -> None:
        assertRedirects(logged_in.get("/"), REVIEW)

    def test_notes_the_reviewers_own_look(self, logged_in: Client, town: Town, reviewer: User) -> None:
        look(town)
        logged_in.get(REVIEW)
        entry = AccessLogEntry.objects.get(user=reviewer)
        assert (entry.act, entry.patient) == (Act.LOG_REVIEW, town.patient)


class TestVisit:
    def test_shows_row_by_row_with_flags(self, logged_in: Client, town: Town) -> None:
        entry = look(town)
        look(town, Act.PATIENT, at=NOON + timedelta(minutes=2))
        look(town, Act.ORDER, at=NOON + timedelta(days=1))
        response = logged_in.get(visit_url(entry))
        assert [row.act for row in response.context["visit"].entries] == [Act.EMERGENCY, Act.PATIENT]
        assertContains(response, "Ingen vårdrelation")

    def test_keeps_the_outcome(self, logged_in: Client, town: Town, reviewer: User) -> None:
        entry = look(town)
        data = {"outcome": "BREACH", "note": "Ingen i vården.", "seen_to": 2**60}
        logged_in.post(visit_url(entry), data)
        made = AccessReview.objects.get()
        assert (made.user, made.patient, made.day) == (town.anna, town.patient, NOON.date())
        assert (made.outcome, made.reviewer, made.seen_to) == (Outcome.BREACH, reviewer, entry.pk)

    @pytest.mark.parametrize(
        "wrong", [{"outcome": ""}, {"outcome": "x"}, {"outcome": "BREACH"}, {"seen_to": "x"}, {"note": "x" * 1001}]
    )
    def test_what_is_wrong_is_said_and_nothing_kept(self, logged_in: Client, town: Town, wrong: dict[str, str]) -> None:
        entry = look(town)
        data = {"outcome": "OK", "note": "", "seen_to": str(entry.pk)} | wrong
        assert logged_in.post(visit_url(entry), data).status_code == 422
        assert not AccessReview.objects.exists()

    def test_nobody_reviews_oneself(self, logged_in: Client, town: Town, reviewer: User) -> None:
        entry = look(town, by=reviewer)
        response = logged_in.post(visit_url(entry), {"outcome": "OK", "seen_to": entry.pk})
        assertContains(response, "Ingen granskar sin egen åtkomst", status_code=422)

    def test_one_that_was_not_is_not_there(self, logged_in: Client, town: Town) -> None:
        entry = look(town)
        for args in ([entry.user_id, entry.patient_id, date(2026, 3, 9)], [10**18, entry.patient_id, NOON.date()]):
            assert logged_in.get(reverse("log_visit", args=args)).status_code == 404
        assert logged_in.get(visit_url(entry).replace("2026-03-10", "2026-02-31")).status_code == 404

    def test_as_a_part_too(self, logged_in: Client, town: Town) -> None:
        assert logged_in.get(visit_url(look(town)), headers=HTMX).status_code == 200


class TestSample:
    def test_is_drawn_once_and_shown_the_same(self, logged_in: Client, town: Town, reviewer: User) -> None:
        month = month_before(month_of(timezone.localdate()))
        look(town, Act.PATIENT, at=start_of(month) + timedelta(days=3))
        assertContains(logged_in.get(SAMPLE), "Dra stickprov")
        response = logged_in.post(SAMPLE, {"manad": f"{month:%Y-%m}"})
        assertRedirects(response, f"{SAMPLE}?manad={month:%Y-%m}")
        sample = AccessSample.objects.get()
        assert (sample.month, sample.drawn_by) == (month, reviewer)
        assert shown(logged_in, SAMPLE) == [("anbe01", month + timedelta(days=3))]
        logged_in.post(SAMPLE, {"manad": f"{month:%Y-%m}"})
        assert AccessSample.objects.get() == sample

    def test_not_while_the_month_goes_on(self, logged_in: Client) -> None:
        response = logged_in.post(SAMPLE, {"manad": f"{timezone.localdate():%Y-%m}"})
        assertContains(response, "Månaden är inte slut", status_code=422)
        assert not AccessSample.objects.exists()

    @pytest.mark.parametrize("month", ["x", "", "9999-12", "0001-01", "2026-13"])
    def test_a_month_that_makes_no_sense_is_said(self, logged_in: Client, month: str) -> None:
        assert logged_in.get(SAMPLE, {"manad": month}).status_code == 422
        assert logged_in.post(SAMPLE, {"manad": month}).status_code == 422


class TestScope:
    def test_a_municipalitys_reviewer_sees_its_own(self, client: Client, town: Town) -> None:
        entry = look(town)
        here, there = (
            factories.UserFactory.create(role="Loggranskare", customer=unit)
            for unit in (town.rehab, town.other_store.owner)
        )
        client.force_login(here)
        assert shown(client) == [("anbe01", NOON.date())]
        client.post(visit_url(entry), {"outcome": "FOLLOW_UP", "note": "Frågar.", "seen_to": entry.pk})
        assert shown(client, f"{REVIEW}?visa=uppfoljning") == [("anbe01", NOON.date())]
        client.post(SAMPLE, {"manad": "2026-03"})
        assert shown(client, f"{SAMPLE}?manad=2026-03") == [("anbe01", NOON.date())]
        client.force_login(there)
        assert shown(client) == shown(client, f"{SAMPLE}?manad=2026-03") == []
        for url in (f"{REVIEW}?visa=granskade", f"{REVIEW}?visa=uppfoljning"):
            assert shown(client, url) == []
        assert client.get(visit_url(entry)).status_code == 404
        assert client.post(visit_url(entry), {"outcome": "OK", "seen_to": entry.pk}).status_code == 404


@pytest.mark.parametrize("name", ["log_review", "log_sample", "log_search"])
class TestAll:
    def test_asks_who_you_are(self, client: Client, db: None, name: str) -> None:
        assertRedirects(client.get(reverse(name)), f"{reverse('login')}?next={reverse(name)}")

    @pytest.mark.parametrize("who", ["anna", "per", "lina", "hakan"])
    def test_only_for_the_log_reviewer(self, client: Client, town: Town, name: str, who: str) -> None:
        client.force_login(getattr(town, who))
        assert client.get(reverse(name)).status_code == 403

    def test_other_methods(self, logged_in: Client, name: str) -> None:
        assert logged_in.delete(reverse(name)).status_code == 405
