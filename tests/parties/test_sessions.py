"""A log-in ends when nothing has been done for a while, and after a working day; a warning comes before."""

import time
from collections.abc import Mapping

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from parties.models import User
from parties.sessions import BACKGROUND, BEGAN, SEEN, next_question
from tests.fixtures import Town

URL = reverse("session_state")
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/kundorder/?sida=2"}
OVER = {"idle": {SEEN: 30 * 60}, "at most": {BEGAN: 12 * 3600}}


@pytest.fixture
def anna(client: Client, town: Town) -> Client:
    client.force_login(town.anna)
    return client


def age(client: Client, ages: Mapping[str, float]) -> None:
    """Let the session be from so many seconds ago."""
    session = client.session
    session.update({name: time.time() - seconds for name, seconds in ages.items()})
    session.save()


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


@pytest.mark.parametrize("limit", OVER)
def test_ends(anna: Client, limit: str) -> None:
    age(anna, OVER[limit])
    assertRedirects(anna.get(reverse("home")), f"{reverse('login')}?next=/", fetch_redirect_response=False)
    assertContains(anna.get(reverse("login")), "Du har loggats ut. Det som var sparat finns kvar.")
    assert not is_in(anna)


@pytest.mark.parametrize("ages", [{SEEN: 29 * 60}, {BEGAN: 12 * 3600 - 60}])
def test_goes_on_until_then(anna: Client, ages: dict[str, float]) -> None:
    age(anna, ages)
    assert is_in(anna)


def test_work_starts_the_idle_time_again_and_never_the_other(anna: Client) -> None:
    age(anna, {SEEN: 20 * 60, BEGAN: 3600})
    before = anna.session[BEGAN]
    assert is_in(anna)
    age_now = time.time() - anna.session[SEEN]
    assert (age_now < 60, anna.session[BEGAN]) == (True, before)


def test_polling_and_asking_how_long_is_left_are_no_work(anna: Client) -> None:
    age(anna, {SEEN: 20 * 60})
    before = anna.session[SEEN]
    anna.get(reverse("home"), headers={BACKGROUND: "1"})
    anna.get(URL, headers=HTMX | {BACKGROUND: "1"})
    assert anna.session[SEEN] == before


def test_a_new_log_in_starts_both_again_with_another_key(client: Client, town: Town) -> None:
    client.get(reverse("login"))
    session = client.session
    session["planted"] = "by somebody else"
    age(client, {})
    planted = client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    age(client, {BEGAN: 11 * 3600, SEEN: 29 * 60})
    client.post(reverse("login"), {"username": "anbe01", "password": "sesam-demo"})
    assert client.session.session_key != planted
    assert not Session.objects.filter(pk=planted).exists(), "a key that was known before opens nothing"
    assert time.time() - client.session[BEGAN] < 60


def test_a_form_that_comes_too_late_leads_back_to_its_page(anna: Client) -> None:
    age(anna, OVER["idle"])
    page = "http://testserver/kundorder/7/makulera/?x=1"
    response = anna.post("/kundorder/7/makulera/", {"reason": "NOT_NEEDED"}, headers={"Referer": page})
    assert response["Location"] == f"{reverse('login')}?next=%2Fkundorder%2F7%2Fmakulera%2F%3Fx%3D1"


@pytest.mark.parametrize("page", ["https://evil.example/x", "", "//evil.example/"])
def test_a_form_of_another_site_leads_home(client: Client, db: None, page: str) -> None:
    response = client.post("/kundorder/7/makulera/", headers={"Referer": page})
    assert response["Location"] == f"{reverse('login')}?next=%2F"


class TestThePart:
    def test_every_page_asks_when_it_is_time_to_warn(self, anna: Client) -> None:
        assertContains(anna.get("/"), f'hx-get="{URL}" hx-trigger="load delay:1620s"')

    def test_says_nothing_while_there_is_time(self, anna: Client) -> None:
        response = anna.get(URL, headers=HTMX)
        assertNotContains(response, "loggas ut")

    def test_warns_and_offers_to_go_on(self, anna: Client) -> None:
        age(anna, {SEEN: 28 * 60})
        response = anna.get(URL, headers=HTMX | {BACKGROUND: "1"})
        for words in ("Du loggas ut kl.", "Fortsätt", 'role="alert"', "load delay:12"):
            assertContains(response, words)

    def test_fortsatt_goes_on(self, anna: Client) -> None:
        age(anna, {SEEN: 28 * 60})
        assertNotContains(anna.post(URL, headers=HTMX), "loggas ut")
        assert time.time() - anna.session[SEEN] < 60

    def test_the_end_of_the_day_cannot_be_put_off(self, anna: Client) -> None:
        age(anna, {BEGAN: 12 * 3600 - 100})
        response = anna.post(URL, headers=HTMX)
        assertContains(response, "Spara det du håller på med.")
        assertNotContains(response, "Fortsätt")

    def test_says_when_it_is_over_and_where_to_come_back(self, anna: Client) -> None:
        age(anna, OVER["idle"])
        response = anna.get(URL, headers=HTMX)
        assertContains(response, "Du har loggats ut.")
        assertContains(response, f'href="{reverse("login")}?next=%2Fkundorder%2F%3Fsida%3D2"')
        assertNotContains(response, "hx-get")

    def test_without_htmx_leads_home(self, anna: Client) -> None:
        assertRedirects(anna.get(URL), reverse("home"))

    @pytest.mark.parametrize(("seconds", "asks"), [(1800, 1621), (181, 2), (180, 1), (10, 1), (-5, 1)])
    def test_a_page_asks_when_it_is_time_to_warn(self, seconds: float, asks: int) -> None:
        assert next_question(seconds) == asks

    @pytest.mark.parametrize(("seconds", "asks"), [(180, 181), (1, 2), (-5, 1)])
    def test_a_warning_asks_when_it_has_ended(self, seconds: float, asks: int) -> None:
        assert next_question(seconds, has_warned=True) == asks


def test_a_closed_account_is_out_at_once(anna: Client, town: Town) -> None:
    User.objects.filter(pk=town.anna.pk).update(is_active=False)
    assert not is_in(anna)


def test_the_cookie_is_for_this_site_and_this_browser_session_only(client: Client, town: Town) -> None:
    response = client.post(reverse("login"), {"username": "anbe01", "password": "sesam-demo"})
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
