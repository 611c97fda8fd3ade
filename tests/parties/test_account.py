from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import Settings

from parties.models import SecurityEvent, User, UserCustomer
from tests.factories import PrescribingRightFactory
from tests.fixtures import Town

URL = reverse("account")
EVERYWHERE = reverse("end_other_sessions")
PASSWORD = reverse("password")
NEW = "en ny lång mening"


@pytest.fixture
def anna(client: Client, town: Town) -> Client:
    client.force_login(town.anna)
    return client


def another_session(user: User) -> Client:
    other = Client()
    other.force_login(user)
    return other


class TestThePage:
    def test_shows_units_roles_and_rights(self, anna: Client, town: Town) -> None:
        link = UserCustomer.objects.create(user=town.anna, customer=town.other_store.owner)
        link.roles.add(Group.objects.get(name="Tekniker"))
        today = timezone.localdate()
        PrescribingRightFactory.create(user=town.anna, iso_prefix="2203", valid_until=date(2021, 1, 1))
        PrescribingRightFactory.create(user=town.anna, iso_prefix="1806", valid_until=today + timedelta(days=20))
        response = anna.get(URL)
        wanted = (
            "Anna Bergqvist",
            "anbe01",
            "Förskrivare",
            "50101",
            "50301",
            "Tekniker",
            "tills vidare",
            "1806",
            "Slutar snart",
        )
        for words in (*wanted, f"{today + timedelta(days=20):%Y-%m-%d}"):
            assertContains(response, words)
        assertNotContains(response, "2203")

    def test_of_somebody_without_a_unit(self, client: Client, db: None) -> None:
        client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
        response = client.get(URL)
        assertContains(response, "Du hör inte till någon enhet")
        assertNotContains(response, "Förskrivningsrätt")

    def test_stands_in_the_head_of_every_page(self, anna: Client) -> None:
        assertContains(anna.get("/"), f'<a href="{URL}" title="Mitt konto">')

    def test_asks_for_login(self, client: Client, db: None) -> None:
        assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")

    def test_is_only_read(self, anna: Client) -> None:
        assert anna.post(URL).status_code == 405


class TestLogOutEverywhere:
    def test_ends_the_other_sessions_and_keeps_this_one(self, anna: Client, town: Town) -> None:
        other = another_session(town.anna)
        assert other.get(URL).status_code == 200
        assertContains(anna.post(EVERYWHERE, follow=True), "Du är utloggad överallt utom här.")
        assert other.get(URL).status_code == 302
        assert anna.get(URL).status_code == 200

    def test_touches_nobody_else(self, anna: Client, town: Town) -> None:
        other = another_session(town.lina)
        anna.post(EVERYWHERE)
        assert other.get(URL).status_code == 200

    def test_is_a_post_of_somebody_logged_in(self, anna: Client, town: Town) -> None:
        assert anna.get(EVERYWHERE).status_code == 405
        assert Client().post(EVERYWHERE).status_code == 302
        assert User.objects.get(pk=town.anna.pk).session_epoch == 0


class TestPassword:
    def data(self, **changed: str) -> dict[str, str]:
        return {"old_password": "sesam-demo", "new_password1": NEW, "new_password2": NEW} | changed

    def test_is_changed_and_the_other_sessions_end(self, anna: Client, town: Town) -> None:
        other = another_session(town.anna)
        assertRedirects(anna.post(PASSWORD, self.data()), URL)
        assert other.get(URL).status_code == 302
        assert User.objects.get(pk=town.anna.pk).check_password(NEW)

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("old_password", "fel", "Det är inte ditt lösenord."),
            ("new_password2", "en annan mening", "inte lika"),
            ("new_password1", "kort", "inte lika"),
            ("old_password", "", "error"),
        ],
    )
    def test_is_refused(self, anna: Client, town: Town, field: str, value: str, words: str) -> None:
        assertContains(anna.post(PASSWORD, self.data(**{field: value})), words, status_code=422)
        assert User.objects.get(pk=town.anna.pk).check_password("sesam-demo")

    def test_guesses_of_the_old_one_are_counted_and_locked(self, anna: Client, town: Town) -> None:
        """At a computer left open the session is there; the password must not be found out from it."""
        answers = [anna.post(PASSWORD, self.data(old_password=f"fel {n}")).status_code for n in range(8)]
        assert answers == [422] * 5 + [429] * 3
        refused = anna.post(PASSWORD, self.data())
        assertContains(refused, "Vänta 15 minuter", status_code=429)  # the right one neither
        assertNotContains(refused, 'name="username"', status_code=429)
        assert User.objects.get(pk=town.anna.pk).check_password("sesam-demo")
        events = SecurityEvent.objects.order_by("pk")
        assert [event.kind for event in events] == ["REFUSED"] * 6 + ["LOCKED"]
        assert {(event.user, event.detail) for event in events[:6]} == {(town.anna, "Vid byte av lösenord")}
        assert anna.get(URL).status_code == 200, "who is in works on"

    def test_is_long_enough(self, anna: Client, town: Town) -> None:
        short = self.data(new_password1="elva tecken", new_password2="elva tecken")
        assertContains(anna.post(PASSWORD, short), "12", status_code=422)

    def test_belongs_to_local_accounts(self, anna: Client, town: Town, settings: Settings) -> None:
        assertContains(anna.get(URL), PASSWORD)
        town.anna.set_unusable_password()
        town.anna.save(update_fields=["password"])
        anna.force_login(town.anna)
        assertNotContains(anna.get(URL), PASSWORD)
        assert anna.get(PASSWORD).status_code == 404

    def test_is_not_there_without_local_accounts(self, anna: Client, settings: Settings) -> None:
        settings.LOCAL_LOGIN = False
        assert anna.get(PASSWORD).status_code == 404
        assert anna.post(PASSWORD, self.data()).status_code == 404
