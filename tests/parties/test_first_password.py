"""The first password: random, shown once, replaced at the first log-in, and refused when nobody did so in time."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import Settings

from audit.models import ChangeEntry
from orders.models import Order
from parties.models import SecurityEvent, User, UserCustomer
from parties.operations.accounts import EASY_TO_READ, choose_password, give_first_password, remove_password
from tests.fixtures import Town
from tests.parties.administering import errors, inline

ADD = reverse("admin:parties_user_add")
LOGIN = reverse("login")
PAGE = reverse("password")
OWN = "en alldeles egen mening"
SHAPE = re.compile(rf"([{EASY_TO_READ}]{{4}}-){{3}}[{EASY_TO_READ}]{{4}}")


def log_in(client: Client, password: str) -> Any:
    return client.post(LOGIN, {"username": "anbe01", "password": password})


def choose(client: Client, old: str, new: str = OWN) -> Any:
    return client.post(PAGE, {"old_password": old, "new_password1": new, "new_password2": new})


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def first(town: Town) -> str:
    return give_first_password(user=town.anna, at=timezone.now())


@pytest.fixture
def expired(town: Town) -> str:
    return give_first_password(user=town.anna, at=timezone.now() - timedelta(days=3))


class TestGiven:
    def person(self, **fields: str) -> dict[str, Any]:
        data = {"username": "nyan01", "name": "Nya Andersson"} | fields
        return data | inline("customer_links") | inline("prescribing_rights")

    def test_is_random_and_shown_once(self, admin_client: Client, administrator: User) -> None:
        response = admin_client.post(ADD, self.person(gets_password="on"))
        assertContains(response, "Det visas bara nu.")
        password = response.context["password"]
        assert SHAPE.fullmatch(password)
        assert response.text.count(password) == 1
        assert "no-store" in response["Cache-Control"]
        user = User.objects.get(username="nyan01")
        assert user.check_password(password)
        assert user.first_password_until is not None
        assert timedelta(days=2) < user.first_password_until - timezone.now() <= timedelta(days=3)
        assert [(event.kind, event.user, event.detail) for event in SecurityEvent.objects.all()] == [
            ("FIRST", user, "Av adm01 Alva Dahl")
        ]
        for url in (reverse("admin:parties_user_changelist"), reverse("admin:parties_user_change", args=[user.pk])):
            assertNotContains(admin_client.get(url), password)

    def test_lasts_as_long_as_the_setting_says(self, town: Town, settings: Settings) -> None:
        settings.FIRST_PASSWORD_DAYS = 14
        at = timezone.now()
        give_first_password(user=town.anna, at=at)
        assert User.objects.get(pk=town.anna.pk).first_password_until == at + timedelta(days=14)

    def test_is_no_two_alike(self, town: Town) -> None:
        assert len({give_first_password(user=town.anna, at=town.now()) for _ in range(20)}) == 20

    def test_is_not_given_unasked(self, admin_client: Client) -> None:
        response = admin_client.post(ADD, self.person())
        assert response.status_code == 302, errors(response)
        assert not User.objects.get(username="nyan01").has_usable_password()

    def test_cannot_be_typed(self, admin_client: Client) -> None:
        typed = {"password": OWN, "password1": OWN, "password2": OWN, "first_password_until": "2099-01-01"}
        admin_client.post(ADD, self.person(gets_password="on", **typed))
        user = User.objects.get(username="nyan01")
        assert not user.check_password(OWN)
        assert user.first_password_until is not None
        assert user.first_password_until < timezone.now() + timedelta(days=4)

    @pytest.mark.parametrize("taken", ["anbe01", "ANBE01"])
    def test_of_a_name_that_is_taken(self, admin_client: Client, town: Town, taken: str) -> None:
        response = admin_client.post(ADD, self.person(username=taken, gets_password="on"))
        assert "Användarnamn" in errors(response) or "finns redan" in errors(response)
        assert User.objects.filter(username__iexact="anbe01").count() == 1
        assert kinds() == []

    def test_is_offered_where_people_log_in_with_passwords(self, admin_client: Client, settings: Settings) -> None:
        assertContains(admin_client.get(ADD), 'name="gets_password"')
        settings.LOCAL_LOGIN = False
        assertNotContains(admin_client.get(ADD), "gets_password")
        admin_client.post(ADD, self.person(gets_password="on"))
        assert not User.objects.get(username="nyan01").has_usable_password()


class TestGivenAnew:
    def url(self, user: User) -> str:
        return reverse("admin:auth_user_password_change", args=[user.pk])

    def test_the_old_one_and_the_sessions_end(self, admin_client: Client, town: Town) -> None:
        other = Client()
        log_in(other, "sesam-demo")
        assert other.get("/").status_code == 200
        assertContains(admin_client.get(self.url(town.anna)), "får ett nytt första lösenord")
        assert other.get("/").status_code == 200, "asking changes nothing"
        password = admin_client.post(self.url(town.anna)).context["password"]
        assert other.get("/").status_code == 302
        assert log_in(Client(), "sesam-demo").status_code == 422
        assert log_in(Client(), password).status_code == 302
        assert "FIRST" in kinds()

    def test_or_taken_away(self, admin_client: Client, town: Town, first: str) -> None:
        assertContains(admin_client.post(self.url(town.anna), {"ta-bort": "1"}, follow=True), "har inget lösenord")
        assert log_in(Client(), first).status_code == 422
        user = User.objects.get(pk=town.anna.pk)
        assert (user.has_usable_password(), user.first_password_until) == (False, None)
        assert kinds()[0] == "NO_PASSWD"

    def test_is_for_those_who_may_change_the_account(self, client: Client, town: Town) -> None:
        keeper = User.objects.create_user("sysf01", name="Sture Ek", is_staff=True)
        keeper.groups.add(Group.objects.get(name="Systemförvaltare"))
        superuser = User.objects.create_superuser("rot01", name="Rut Oskarsson")
        client.force_login(keeper)
        for answer in (client.get(self.url(superuser)), client.post(self.url(superuser))):
            assert answer.status_code == 403
        assert not User.objects.get(pk=superuser.pk).has_usable_password()
        client.force_login(town.anna)
        assert client.post(self.url(town.lina)).status_code == 302
        assert User.objects.get(pk=town.lina.pk).first_password_until is None

    def test_of_nobody(self, admin_client: Client) -> None:
        url = reverse("admin:auth_user_password_change", args=["0"])
        assert {admin_client.get(url).status_code, admin_client.post(url).status_code} == {404}

    def test_is_not_there_without_passwords(self, admin_client: Client, town: Town, settings: Settings) -> None:
        settings.LOCAL_LOGIN = False
        assert admin_client.post(self.url(town.anna)).status_code == 404
        assertNotContains(admin_client.get(reverse("admin:parties_user_change", args=[town.anna.pk])), "Nytt första")

    def test_is_in_the_history_without_the_password(
        self, admin_client: Client, administrator: User, town: Town
    ) -> None:
        password = admin_client.post(self.url(town.anna)).context["password"]
        entry = ChangeEntry.objects.about(town.anna).latest("pk")
        assert entry.actor == administrator
        assert entry.after is not None
        assert set(entry.after) == {"password", "first_password_until"}
        assert entry.after["password"] == "***"
        assert password not in str(entry.after)


class TestFirstLogIn:
    @pytest.fixture
    def anna(self, client: Client, first: str) -> Client:
        log_in(client, first)
        return client

    @pytest.mark.parametrize("name", ["home", "order_list", "account", "unit_choice", "admin:index"])
    def test_leads_to_another_password_from_everywhere(self, anna: Client, name: str) -> None:
        assertRedirects(anna.get(reverse(name)), PAGE, fetch_redirect_response=False)

    def test_does_nothing_else(self, anna: Client, town: Town) -> None:
        order = town.draft("bestallning", {})
        for url in (reverse("order_register", args=[order.pk]), reverse("end_other_sessions")):
            assertRedirects(anna.post(url), PAGE, fetch_redirect_response=False)
        assert Order.objects.get(pk=order.pk).number is None
        assert User.objects.get(pk=town.anna.pk).session_epoch == 0

    def test_a_part_leads_the_whole_page_there(self, anna: Client) -> None:
        response = anna.get(reverse("order_list"), headers={"HX-Request": "true"})
        assert response["HX-Redirect"] == PAGE

    def test_the_page_says_why_and_has_no_way_back(self, anna: Client) -> None:
        response = anna.get(PAGE)
        assertContains(response, "Välj ett eget innan du går vidare")
        assertNotContains(response, "Tillbaka")

    @pytest.mark.parametrize("name", ["logout", "admin_logout"])
    def test_one_can_log_out(self, anna: Client, name: str) -> None:
        assertRedirects(anna.post(reverse(name)), LOGIN)

    def test_the_administration_has_no_other_page_for_it(self, anna: Client) -> None:
        for url in (reverse("admin:password_change"), reverse("admin:password_change_done")):
            assertRedirects(anna.post(url, {"new_password1": OWN}), PAGE, fetch_redirect_response=False)

    def test_goes_on_with_an_own_password(self, anna: Client, town: Town, first: str) -> None:
        assertRedirects(choose(anna, first), reverse("home"))
        assert User.objects.get(pk=town.anna.pk).first_password_until is None
        assert anna.get(reverse("order_list")).status_code == 200
        assert log_in(Client(), first).status_code == 422
        assert kinds()[:2] == ["LOGIN", "PASSWORD"]

    def test_goes_on_to_the_choice_of_unit(self, anna: Client, town: Town, first: str) -> None:
        UserCustomer.objects.create(user=town.anna, customer=town.other_store.owner)
        assertRedirects(choose(anna, first), f"{reverse('unit_choice')}?next=/")

    def test_the_same_password_is_no_other(self, anna: Client, town: Town, first: str) -> None:
        assertContains(choose(anna, first, first), "Välj ett annat lösenord", status_code=422)
        assert User.objects.get(pk=town.anna.pk).first_password_until is not None

    def test_asks_nothing_of_who_comes_by_the_identity_provider(self, client: Client, town: Town, first: str) -> None:
        client.force_login(User.objects.get(pk=town.anna.pk))
        session = client.session
        session["_auth_user_backend"] = "parties.oidc.OidcBackend"
        session.save()
        from parties.first_password import must_choose_password

        request = RequestFactory().get("/")
        request.user, request.session = User.objects.get(pk=town.anna.pk), session
        assert not must_choose_password(request)
        session["_auth_user_backend"] = "parties.backends.UnitBackend"
        assert must_choose_password(request)


class TestExpired:
    def test_is_refused_as_a_wrong_one_is(self, town: Town, expired: str) -> None:
        right, wrong = log_in(Client(), expired), log_in(Client(), "fel")
        assert right.status_code == wrong.status_code == 422
        assert str(right.context["form"].errors) == str(wrong.context["form"].errors)
        assertContains(right, "Ett första lösenord gäller i 3 dygn.", status_code=422)

    def test_at_every_way_in(self, town: Town, expired: str) -> None:
        assert authenticate(RequestFactory().post(LOGIN), username="anbe01", password=expired) is None

    def test_ends_the_session_that_it_began(self, client: Client, town: Town, first: str) -> None:
        log_in(client, first)
        assert client.get(PAGE).status_code == 200
        User.objects.filter(pk=town.anna.pk).update(first_password_until=timezone.now())
        assertRedirects(client.get(PAGE), f"{LOGIN}?next={PAGE}")
        assert choose(client, first).status_code == 302
        assert not User.objects.get(pk=town.anna.pk).check_password(OWN)

    def test_says_why_to_whoever_follows_it_up(self, town: Town, expired: str) -> None:
        log_in(Client(), expired)
        assert [(event.kind, event.detail) for event in SecurityEvent.objects.all()] == [
            ("REFUSED", "Första lösenordet har gått ut")
        ]

    def test_the_administrator_sees_it_and_gives_another(self, admin_client: Client, town: Town, expired: str) -> None:
        assertContains(admin_client.get(reverse("admin:parties_user_change", args=[town.anna.pk])), "gick ut")
        again = admin_client.post(reverse("admin:auth_user_password_change", args=[town.anna.pk])).context["password"]
        assert log_in(Client(), again).status_code == 302

    def test_an_own_password_has_no_end(self, town: Town, expired: str) -> None:
        choose_password(user=town.anna, password=OWN)
        assert log_in(Client(), OWN).status_code == 302
        remove_password(user=town.anna)
        assert log_in(Client(), OWN).status_code == 422
