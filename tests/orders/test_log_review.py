"""*Loggranskning*: what waits, one visit and its outcome, the monthly sample."""

from datetime import date, datetime, timedelta

import pytest
from django.db.models import Q, QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.accessing import log_access
from audit.days import SWEDEN, month_before, month_of, start_of
from audit.models import AccessLogEntry, AccessReview, AccessSample, Act, Outcome
from audit.models.access import ALWAYS_REVIEWED
from orders import chips
from orders.access_visits import all_reviewed, always_reviewed, followed_up, visits_of
from orders.views import log_review
from parties.models import Party, Patient, User
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
        assert (tab["label"], tab["count"]) == ("Granskas alltid", "1")

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
        with django_assert_max_num_queries(9):
            assert len(shown(logged_in)) == 20

    def test_has_pages(self, logged_in: Client, town: Town) -> None:
        for day in range(26):
            look(town, at=NOON + timedelta(days=day))
        assert (len(shown(logged_in)), len(shown(logged_in, f"{REVIEW}?page=2"))) == (25, 1)
        assertContains(logged_in.get(f"{REVIEW}?page=2"), "26–26 av 26 besök")

    def test_looks_no_further_than_the_page_and_some_more(
        self, logged_in: Client, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (chips, log_review):
            monkeypatch.setattr(module, "COUNTED", 30)
        for day in range(56):
            look(town, at=NOON + timedelta(days=day))
        words = {
            1: "1–25 av över 30 besök",
            2: "26–50 av över 50 besök",
            3: "51–56 av 56 besök",
            9: "51–56 av 56 besök",
        }
        for page, expected in words.items():
            assertContains(logged_in.get(f"{REVIEW}?page={page}"), expected)
        assertContains(logged_in.get(REVIEW), "<b>30+</b>")
        assertContains(logged_in.get(REVIEW), 'href="?page=2"')

    @pytest.mark.parametrize("page", ["0", "x", "-1", "9" * 30, "²", ""])
    def test_a_page_that_makes_no_sense_is_one_that_is_there(self, logged_in: Client, town: Town, page: str) -> None:
        look(town)
        assert len(shown(logged_in, f"{REVIEW}?page={page}")) == 1

    def test_a_visit_of_many_rows_hides_no_other(self, town: Town, reviewer: User) -> None:
        for minutes in range(40):
            look(town, Act.EMERGENCY, at=NOON + timedelta(minutes=minutes))
        look(town, by=town.hakan, at=NOON + timedelta(days=1))
        look(town, by=town.hakan, at=NOON + timedelta(days=2))
        keys = [(town.anna.pk, NOON.date()), (town.hakan.pk, NOON.date() + timedelta(days=1))]
        for most in (1, 2):
            assert [(user, day) for user, _, day in always_reviewed(reviewer, most)] == keys[:most]

    def test_markup_in_it_is_text(self, logged_in: Client, town: Town) -> None:
        markup = "<b>&</b>"
        User.objects.filter(pk=town.anna.pk).update(name=markup, username=markup)
        Party.objects.filter(pk=town.rehab.pk).update(name=markup)
        Patient.objects.filter(pk=town.patient.pk).update(name=markup)
        entry = look(town, by=User.objects.get(pk=town.anna.pk))
        AccessLogEntry.objects.bulk_create(
            [
                AccessLogEntry(
                    user=town.anna, patient=town.patient, act=Act.EMERGENCY, is_emergency=True, reason=markup, at=NOON
                )
            ]
        )
        User.objects.update(name=markup)
        data = {"outcome": "BREACH", "note": markup, "seen_to": entry.pk}
        logged_in.post(visit_url(entry), data)
        for url in (REVIEW, f"{REVIEW}?visa=granskade", visit_url(entry)):
            page = logged_in.get(url).text.partition("<main")[2]
            assert "<b>&" not in page
            assert "&lt;b&gt;&amp;&lt;/b&gt;" in page

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


class TestPlainSql:
    """The same asked by Django, of visits that wait and of others, by each kind of reviewer."""

    @pytest.fixture(autouse=True)
    def visits(self, town: Town, reviewer: User) -> None:
        hidden = factories.PatientFactory.create(municipality=town.arvika, protection="CONF")
        away = factories.PatientFactory.create(municipality=town.other_store.owner.parent, protection="PROT")
        acts = (Act.EMERGENCY, Act.PATIENT, Act.LIST, Act.LOG_REVIEW, Act.SEARCH_HIT, Act.ORDER)
        people = (town.anna, town.hakan, town.other_prescriber)
        entries = []
        for place, act in enumerate(acts * 4):
            patient = (town.patient, hidden, away)[place % 3]
            at = NOON.replace(hour=(place * 7) % 24) + timedelta(days=place // 5)
            entries.append(look(town, act, patient=patient, by=people[place // 2 % 3], at=at))
        for entry in entries[:12]:
            again = NOON.replace(day=entry.at.day, hour=22)
            look(town, Act.EMERGENCY, patient=entry.patient, by=entry.user, at=again)
        for place, entry in enumerate([*entries[::2], *entries[::4]]):
            AccessReview.objects.create(
                user=entry.user,
                patient=entry.patient,
                day=timezone.localdate(entry.at),
                seen_to=entry.pk - place % 2,
                outcome=(Outcome.FOLLOW_UP, Outcome.OK, Outcome.BREACH)[place % 3],
                note="Därför.",
                reviewer=reviewer,
                at=NOON,
            )

    @pytest.fixture(params=["whole", "here", "there"])
    def one(self, request: pytest.FixtureRequest, town: Town, reviewer: User) -> User:
        units = {"here": town.rehab, "there": town.other_store.owner}
        if request.param == "whole":
            return reviewer
        return factories.UserFactory.create(role="Loggranskare", customer=units[request.param])

    def seen(self, one: User) -> QuerySet[AccessLogEntry]:
        own = one.municipality_ids
        near = Q(unit__in=own) | Q(unit__parent__in=own) | Q(patient__municipality__in=own)
        return AccessLogEntry.objects.filter(Q() if one.sees_whole_log else near)

    def key(self, entry: AccessLogEntry) -> tuple[int, int, date]:
        return entry.user_id, entry.patient_id, timezone.localdate(entry.at)

    def test_what_waits(self, one: User) -> None:
        rows = self.seen(one).filter(ALWAYS_REVIEWED).order_by("at", "user", "patient")
        waiting = []
        for row in rows:
            user, patient, day = self.key(row)
            if not AccessReview.objects.filter(user=user, patient=patient, day=day, seen_to__gte=row.pk).exists():
                waiting.append((user, patient, day))
        expected = list(dict.fromkeys(waiting))
        assert len(expected) > 2
        assert always_reviewed(one, 100) == expected
        assert always_reviewed(one, 2) == expected[:2]

    def test_what_is_reviewed(self, one: User) -> None:
        visits = {self.key(row) for row in self.seen(one)}
        latest = {
            (review.user_id, review.patient_id, review.day): review for review in AccessReview.objects.order_by("pk")
        }
        shown = [key for key in sorted(latest, key=lambda key: latest[key].pk) if key in visits]
        assert len(shown) > 2
        assert all_reviewed(one, 100) == shown[::-1]
        assert all_reviewed(one, 1) == shown[:-2:-1]
        assert followed_up(one, 100) == [key for key in shown if latest[key].outcome == Outcome.FOLLOW_UP]

    def test_a_visit_is_all_its_rows(self, one: User) -> None:
        rows = self.seen(one).order_by("at", "id")
        keys = list(dict.fromkeys(self.key(row) for row in rows))
        visits = visits_of(keys, one)
        assert [self.key(visit.entries[0]) for visit in visits] == keys
        for visit in visits:
            assert visit.entries == [row for row in rows if self.key(row) == self.key(visit.entries[0])]
            reviews = AccessReview.objects.filter(user=visit.user, patient=visit.patient, day=visit.day)
            assert visit.review == reviews.order_by("pk").last()


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
