"""The whole log-in by OpenID Connect against a provider that runs as a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import Settings

from parties.models import Party, User, UserCustomer
from parties.units import SESSION_KEY as UNIT_KEY
from tests.fixtures import Town

START, LOGIN = reverse("oidc_start"), reverse("login")
LOA3, LOA2 = "http://id.sambi.se/loa/loa3", "http://id.sambi.se/loa/loa2"
ANNA, REHAB, FILIPSTAD = "SE2120001850-A1", "SE2120001850-U1", "SE2120001850-U2"


@contextmanager
def provider_process(*options: str) -> Iterator[str]:
    """The address of a provider that ends with the context."""
    command = [sys.executable, "-m", "tests.openid_provider", *options]
    root = Path(__file__).resolve().parent.parent.parent
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def trust(settings: Settings, provider: str) -> None:
    known = requests.get(f"{provider}/.well-known/openid-configuration", timeout=10).json()
    settings.OIDC_ISSUER = known["issuer"]
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = "sesam", "hemligt"
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = known["authorization_endpoint"]
    settings.OIDC_OP_TOKEN_ENDPOINT = known["token_endpoint"]
    settings.OIDC_OP_USER_ENDPOINT = known["userinfo_endpoint"]
    settings.OIDC_OP_JWKS_ENDPOINT = known["jwks_uri"]
    settings.OIDC_END_SESSION_ENDPOINT = known["end_session_endpoint"]
    settings.AUTHENTICATION_BACKENDS = [
        "axes.backends.AxesStandaloneBackend",
        "parties.oidc.OidcBackend",
        "parties.backends.UnitBackend",
    ]


@pytest.fixture(scope="module")
def process() -> Iterator[str]:
    with provider_process() as address:
        yield address


@pytest.fixture
def provider(process: str, settings: Settings) -> str:
    trust(settings, process)
    return process


@pytest.fixture
def anna(town: Town) -> User:
    User.objects.filter(pk=town.anna.pk).update(hsa_id=ANNA)
    Party.objects.filter(pk=town.rehab.pk).update(hsa_id=REHAB)
    Party.objects.filter(pk=town.other_store.owner.pk).update(hsa_id=FILIPSTAD)
    return User.objects.get(pk=town.anna.pk)


def claims(**changed: str | None) -> dict[str, str]:
    every = {"acr": LOA3, "employeeHsaId": ANNA, "healthCareUnitHsaId": REHAB} | changed
    return {name: value for name, value in every.items() if value is not None}


def say_yes(provider: str, address: str, given: dict[str, str]) -> str:
    """The person shows the card at the provider; where the provider then leads."""
    requests.put(f"{provider}/users/anna", json=given, timeout=10).raise_for_status()
    answer = requests.post(address, data={"sub": "anna"}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    url = urlsplit(answer.headers["Location"])
    assert (url.scheme, url.netloc, url.path) == ("http", "testserver", reverse("oidc_callback"))
    return f"{url.path}?{url.query}"


def log_in(client: Client, provider: str, *, target: str = "", **changed: str | None) -> HttpResponse:
    start = client.get(START, {"next": target})
    assert start.status_code == 302
    return client.get(say_yes(provider, start["Location"], claims(**changed)))  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


class TestComingIn:
    def test_asks_with_state_nonce_pkce_level_and_claims(self, client: Client, provider: str, db: None) -> None:
        address = urlsplit(client.get(START)["Location"])
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert all(len(asked[name]) >= 32 for name in ("state", "nonce", "code_challenge"))
        assert (asked["code_challenge_method"], asked["response_type"], asked["prompt"]) == ("S256", "code", "login")
        assert LOA3 in asked["acr_values"]
        assert set(json.loads(asked["claims"])["id_token"]) == {"employeeHsaId", "healthCareUnitHsaId"}

    def test_an_account_is_known_by_its_hsa_id_and_the_unit_by_the_commission(
        self, client: Client, provider: str, anna: User, town: Town
    ) -> None:
        UserCustomer.objects.create(user=anna, customer=town.other_store.owner)
        response = log_in(client, provider, target="/kundorder/", healthCareUnitHsaId=FILIPSTAD)
        assertRedirects(response, "/kundorder/")
        assert (client.session[SESSION_KEY], client.session[UNIT_KEY]) == (str(anna.pk), town.other_store.owner.pk)
        assertContains(client.get("/"), "50301 Filipstad kommun Rehabenhet")

    def test_has_the_roles_of_the_account(self, client: Client, provider: str, anna: User) -> None:
        log_in(client, provider)
        assert client.get(reverse("patient_list")).status_code == 200

    def test_without_a_commission_the_person_chooses(
        self, client: Client, provider: str, anna: User, town: Town
    ) -> None:
        UserCustomer.objects.create(user=anna, customer=town.other_store.owner)
        response = log_in(client, provider, target="/kundorder/", healthCareUnitHsaId=None)
        assertRedirects(response, f"{reverse('unit_choice')}?next=%2Fkundorder%2F")

    def test_the_session_gets_another_key(self, client: Client, provider: str, anna: User) -> None:
        start = client.get(START)
        before = client.session.session_key
        client.get(say_yes(provider, start["Location"], claims()))
        assert is_in(client)
        assert client.session.session_key != before

    def test_another_person_takes_over_the_browser(self, client: Client, provider: str, anna: User, town: Town) -> None:
        client.force_login(town.other_staff)
        log_in(client, provider)
        assert client.session[SESSION_KEY] == str(anna.pk)
        assert client.session["oidc_id_token"]

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_never_leads_to_another_site(self, client: Client, provider: str, anna: User, target: str) -> None:
        assertRedirects(log_in(client, provider, target=target), "/")

    def test_a_target_that_is_no_address_is_no_error(self, client: Client, provider: str, anna: User) -> None:
        assert log_in(client, provider, target="1000").status_code == 302

    def test_makes_no_account_and_changes_none(self, client: Client, provider: str, anna: User) -> None:
        before = User.objects.values_list("pk", "username", "name", "email")
        rows = set(before)
        log_in(client, provider, name="Någon Annan", email="annan@example.com")
        assert set(before.all()) == rows


class TestRefused:
    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"acr": LOA2}, "Din e-legitimation räcker inte."),
            ({"acr": None}, "Din e-legitimation räcker inte."),
            ({"employeeHsaId": "SE2120001850-OKÄND"}, "Det finns inget konto för HSA-id SE2120001850-OKÄND."),
            ({"employeeHsaId": None}, "Inloggningen sa inte vem du är i tjänsten."),
            ({"employeeHsaId": ""}, "Inloggningen sa inte vem du är i tjänsten."),
            ({"healthCareUnitHsaId": FILIPSTAD}, "Ditt uppdrag gäller en enhet som du inte hör till här"),
        ],
    )
    def test_says_why(self, client: Client, provider: str, anna: User, changed: dict[str, Any], sentence: str) -> None:
        assertContains(log_in(client, provider, **changed), sentence, status_code=403)
        assert not is_in(client)

    def test_a_closed_account(self, client: Client, provider: str, anna: User) -> None:
        User.objects.filter(pk=anna.pk).update(is_active=False)
        assertContains(log_in(client, provider), "Kontot är avstängt.", status_code=403)
        assert not is_in(client)

    def test_an_account_that_is_closed_later(self, client: Client, provider: str, anna: User) -> None:
        log_in(client, provider)
        User.objects.filter(pk=anna.pk).update(is_active=False)
        assert client.get("/").status_code == 302

    def test_a_state_that_we_did_not_give(self, client: Client, provider: str, anna: User) -> None:
        answer = say_yes(provider, client.get(START)["Location"], claims())
        state = parse_qs(urlsplit(answer).query)["state"][0]
        response = client.get(answer.replace(state, "x" * len(state)))
        assertContains(response, "gick inte att lita på", status_code=400)
        assert not is_in(client)

    def test_an_answer_in_another_browser_or_used_before(self, client: Client, provider: str, anna: User) -> None:
        answer = say_yes(provider, client.get(START)["Location"], claims())
        assert Client().get(answer).status_code == 403
        assert client.get(answer).status_code == 302
        again = Client()
        again.get(START)
        assert again.get(answer).status_code == 400

    def test_a_nonce_that_belongs_to_another_log_in(self, client: Client, provider: str, anna: User) -> None:
        answer = say_yes(provider, client.get(START)["Location"], claims())
        session = client.session
        for given in session["oidc_states"].values():
            given["nonce"] = "another"
        session.save()
        assert client.get(answer).status_code == 400
        assert not is_in(client)

    def test_without_what_the_challenge_was_made_from(self, client: Client, provider: str, anna: User) -> None:
        answer = say_yes(provider, client.get(START)["Location"], claims())
        session = client.session
        for given in session["oidc_states"].values():
            given["code_verifier"] = "a" * 64
        session.save()
        assert client.get(answer).status_code == 400
        assert not is_in(client)

    @pytest.mark.parametrize("fault", ["--expired", "--another-key"])
    def test_a_token_that_has_expired_or_that_another_key_signed(
        self, client: Client, settings: Settings, anna: User, fault: str
    ) -> None:
        with provider_process(fault) as address:
            trust(settings, address)
            assertContains(log_in(client, address), "gick inte att lita på", status_code=400)
        assert not is_in(client)

    @pytest.mark.parametrize("setting", ["OIDC_ISSUER", "OIDC_RP_CLIENT_ID"])
    def test_a_token_from_or_for_somebody_else(
        self, client: Client, provider: str, anna: User, settings: Settings, setting: str
    ) -> None:
        answer = say_yes(provider, client.get(START)["Location"], claims())
        setattr(settings, setting, "https://another.example")
        assert client.get(answer).status_code == 400
        assert not is_in(client)

    def test_a_provider_that_does_not_answer(
        self, client: Client, provider: str, anna: User, settings: Settings
    ) -> None:
        answer = say_yes(provider, client.get(START)["Location"], claims())
        settings.OIDC_OP_TOKEN_ENDPOINT = "http://localhost:1/token"
        assert client.get(answer).status_code == 400

    def test_a_person_who_changes_their_mind(self, client: Client, provider: str, db: None) -> None:
        response = client.get(reverse("oidc_callback"), {"error": "access_denied", "state": "x"})
        assertContains(response, "Inloggningen avbröts", status_code=403)

    def test_many_refusals_lock_nobody_out(self, client: Client, provider: str, anna: User) -> None:
        for _ in range(8):
            log_in(client, provider, acr=LOA2)
        assert log_in(client, provider).status_code == 302


class TestTheLoginPage:
    def test_shows_the_button_and_keeps_where_to_go(self, client: Client, provider: str, db: None) -> None:
        assertContains(client.get(LOGIN, {"next": "/kundorder/"}), f'href="{START}?next=%2Fkundorder%2F"')

    def test_without_local_accounts_asks_for_no_password(
        self, client: Client, provider: str, anna: User, settings: Settings
    ) -> None:
        settings.LOCAL_LOGIN = False
        response = client.get(LOGIN)
        assertContains(response, "Logga in med e-legitimation")
        assertNotContains(response, "Lösenord")
        assert client.post(LOGIN, {"username": "anbe01", "password": "sesam-demo"}).status_code == 422
        assert not is_in(client)

    def test_without_a_provider_there_is_no_button_and_no_way(self, client: Client, db: None) -> None:
        assertNotContains(client.get(LOGIN), "e-legitimation")
        assert client.get(START).status_code == 404
        assert client.get(reverse("oidc_callback"), {"code": "x", "state": "y"}).status_code == 404


class TestLoggingOut:
    def test_ends_the_providers_session_too(self, client: Client, provider: str, anna: User) -> None:
        log_in(client, provider)
        token = client.session["oidc_id_token"]
        address = client.post(reverse("logout"))["Location"]
        assert address.startswith(f"{provider}/oauth2/end_session?")
        asked = parse_qs(urlsplit(address).query)
        assert asked["id_token_hint"] == [token]
        assert asked["post_logout_redirect_uri"] == [f"http://testserver{LOGIN}"]
        assert requests.get(address, timeout=10).status_code == 200
        assert not is_in(client)

    def test_of_the_administration_is_the_same(self, client: Client, provider: str, anna: User) -> None:
        log_in(client, provider)
        assert client.post("/admin/logout/")["Location"].startswith(provider)

    def test_where_the_provider_has_no_such_place(
        self, client: Client, provider: str, anna: User, settings: Settings
    ) -> None:
        settings.OIDC_END_SESSION_ENDPOINT = ""
        log_in(client, provider)
        assertRedirects(client.post(reverse("logout")), LOGIN)

    def test_of_a_local_account_stays_here(self, client: Client, provider: str, anna: User) -> None:
        client.post(LOGIN, {"username": "anbe01", "password": "sesam-demo"})
        assertRedirects(client.post(reverse("logout")), LOGIN)
