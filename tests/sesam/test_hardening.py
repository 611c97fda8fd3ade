"""What an attacker tries first: headers, hosts, redirects, cookies, names of files, rights that a form slips in."""

from http.cookies import Morsel

import pytest
from django.conf import settings as live
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.http.response import BadHeaderError
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from orders.views.documents import pdf
from parties.models import User
from tests.registered import World

LOGIN = reverse("login")
HOSTILE_TARGETS = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "https:///evil.example",
    " https://evil.example/",
    "\thttps://evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
]


@pytest.fixture
def anna(client: Client, world: World) -> Client:
    client.force_login(world.anna)
    return client


class TestHeaders:
    PAGES = (LOGIN, "/", "/finns-inte/", "/patienter/", "/mitt-konto/", "/session/")

    @pytest.mark.parametrize("page", PAGES)
    def test_every_answer_limits_what_a_browser_may_do(self, anna: Client, page: str) -> None:
        headers = anna.get(page).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        policy = headers["Content-Security-Policy"]
        for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy
        assert "unsafe" not in policy
        assert "*" not in policy

    @pytest.mark.parametrize("page", [page for page in PAGES if page != "/finns-inte/"])
    def test_no_cache_keeps_what_a_person_saw(self, anna: Client, page: str) -> None:
        control = anna.get(page)["Cache-Control"]
        assert {"no-store", "private", "max-age=0"} <= set(control.split(", "))

    def test_no_cache_keeps_a_document(self, anna: Client, world: World) -> None:
        delivery = world.deliver(world.order("forskrivning"))
        world.hakan.act_for(world.hakan.memberships[0])
        client = Client()
        client.force_login(world.hakan)
        response = client.get(reverse("delivery_note", args=[delivery.pk]))
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        assert "no-store" in response["Cache-Control"]


class TestHost:
    @pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b"])
    def test_another_name_for_us_is_refused(self, client: Client, db: None, host: str) -> None:
        assert client.get(LOGIN, headers={"Host": host}).status_code == 400

    def test_what_a_proxy_could_claim_is_not_believed(self, client: Client, db: None) -> None:
        response = client.get("/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
        assert response["Location"] == f"{LOGIN}?next=/"


class TestRedirects:
    @pytest.mark.parametrize("target", HOSTILE_TARGETS)
    def test_logging_in_stays_here(self, client: Client, world: World, target: str) -> None:
        data = {"username": "anbe01", "password": "sesam-demo", "next": target}
        assert client.post(LOGIN, data)["Location"] == "/"
        assert client.get(LOGIN, {"next": target})["Location"] == "/", "who is in already is sent on"

    @pytest.mark.parametrize("target", HOSTILE_TARGETS)
    def test_logging_out_and_the_administration_stay_here(self, anna: Client, target: str) -> None:
        assert Client().get("/admin/login/", {"next": target})["Location"].startswith(f"{LOGIN}?next=")
        assert anna.post(reverse("logout"), {"next": target})["Location"].startswith("/")
        assert "evil" not in anna.post(reverse("logout"), {"next": target})["Location"]


class TestCookies:
    def cookies(self, client: Client) -> list[Morsel[str]]:
        client.get(LOGIN)
        response = client.post(LOGIN, {"username": "anbe01", "password": "sesam-demo"})
        return [response.cookies[name] for name in (live.SESSION_COOKIE_NAME, live.CSRF_COOKIE_NAME)]

    def test_no_script_and_no_other_site_reads_them(self, client: Client, world: World) -> None:
        for cookie in self.cookies(client):
            assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")

    def test_in_production_only_https_carries_them(self, client: Client, world: World, settings: Settings) -> None:
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        assert all(cookie["secure"] for cookie in self.cookies(client))

    def test_a_form_without_the_token_is_refused(self, world: World) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.anna)
        order = world.order("bestallning")
        assert client.post(reverse("order_cancel", args=[order.pk]), {"reason": "NOT_NEEDED"}).status_code == 403
        assert client.post(LOGIN, {"username": "anbe01", "password": "sesam-demo"}).status_code == 403


class TestFileNames:
    @pytest.mark.parametrize("name", ['x"; filename="evil.exe', "å ä ö", "../../etc/passwd", "x;y"])
    def test_are_quoted(self, name: str) -> None:
        disposition = pdf(b"%PDF", name)["Content-Disposition"]
        assert disposition.startswith(('inline; filename="', "inline; filename*=utf-8''"))
        assert disposition.count('"') - disposition.count('\\"') in (0, 2)

    @pytest.mark.parametrize("name", ["x\r\nSet-Cookie: a=b", "x\nX: y"])
    def test_start_no_other_header(self, name: str) -> None:
        try:
            response: HttpResponse = pdf(b"%PDF", name)
        except (BadHeaderError, BadRequest):
            return
        assert "\n" not in response["Content-Disposition"]
        assert "Set-Cookie" not in response.headers


class TestSlippedIn:
    """A form takes the fields that it shows, whatever else is sent."""

    MORE = {
        "is_superuser": "on",
        "is_staff": "on",
        "groups": "1",
        "user": "1",
        "registrar": "1",
        "state": "DELIVERED",
        "customers": "1",
        "session_epoch": "7",
    }

    def test_no_rights_come_with_a_password(self, anna: Client, world: World) -> None:
        new = "en ny lång mening"
        data = {"old_password": "sesam-demo", "new_password1": new, "new_password2": new}
        assert anna.post(reverse("password"), data | self.MORE).status_code == 302
        user = User.objects.get(pk=world.anna.pk)
        assert (user.is_superuser, user.is_staff, user.session_epoch) == (False, False, 0)
        assert [group.name for group in user.groups.all()] == ["Förskrivare"]

    def test_no_state_comes_with_a_reason(self, anna: Client, world: World) -> None:
        order = world.order("bestallning")
        anna.post(reverse("order_cancel", args=[order.pk]), {"reason": "NOT_NEEDED"} | self.MORE)
        order.refresh_from_db()
        assert (order.state, order.registrar) == ("CANCELED", world.anna)
