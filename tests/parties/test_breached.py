"""Leaked passwords: what is asked, what is refused, and that a list that does not answer stops nobody."""

import logging
from collections.abc import Iterator
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects
from pytest_django.fixtures import Settings

from parties.breached import BreachedPasswordValidator
from parties.models import User
from tests.fixtures import Town

LEAKED = "hela kommunens lösenord"
DIGEST = sha1(LEAKED.encode(), usedforsecurity=False).hexdigest().upper()
OTHERS = "0018A45C4D1DEF81644B54AB7F969B88D65:21\r\nFF36DC7D3284A39991ADA90CAF20D1E3C0D:1,337"


class Ranges(BaseHTTPRequestHandler):
    """Pwned Passwords, as far as we ask it."""

    server: "Service"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        if self.server.is_silent:
            self.server.may_answer.wait(30)
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.answer.encode())

    def log_message(self, *args: object) -> None:
        """Nothing on the screen."""


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ranges)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer, self.status, self.is_silent, self.may_answer = OTHERS, 200, False, Event()

    @property
    def source(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/range/"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Service() as server:
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.may_answer.set()
        server.shutdown()
        thread.join()


def is_refused(source: str, password: str = LEAKED, seconds: float = 20) -> bool:
    try:
        BreachedPasswordValidator(source, seconds).validate(password)
    except ValidationError:
        return True
    return False


class TestTheService:
    def test_refuses_what_it_knows(self, service: Service) -> None:
        service.answer = f"{OTHERS}\r\n{DIGEST[5:]}:4"
        assert is_refused(service.source)
        assert not is_refused(service.source, "en mening som ingen annan har")

    def test_is_told_five_digits_and_nothing_else(self, service: Service) -> None:
        is_refused(service.source)
        ((path, headers),) = service.asked
        assert path == f"/range/{DIGEST[:5]}"
        assert (headers.pop("Add-Padding"), headers.pop("User-Agent")) == ("true", "Sesam")
        assert set(headers) == {"Host", "Connection", "Accept-Encoding"}

    def test_padding_is_no_hit(self, service: Service) -> None:
        service.answer = f"{DIGEST[5:]}:0"
        assert not is_refused(service.source)

    @pytest.mark.parametrize(("status", "answer"), [(503, ""), (200, "<html>"), (200, "å:1"), (404, OTHERS)])
    def test_that_fails_stops_nobody(
        self, service: Service, status: int, answer: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        service.status, service.answer = status, answer
        with caplog.at_level(logging.WARNING, logger="sesam.security"):
            assert not is_refused(service.source)
        assert "cannot be read" in caplog.text
        assert DIGEST[:5] not in caplog.text

    def test_that_is_silent_is_not_waited_for(self, service: Service) -> None:
        service.is_silent = True
        assert not is_refused(service.source, seconds=0.1)
        assert not service.may_answer.is_set(), "it would answer only when the test has ended"

    def test_that_is_not_there_stops_nobody(self, service: Service) -> None:
        service.server_close()
        assert not is_refused(service.source)


class TestTheFolder:
    @pytest.mark.parametrize("row", [f"{DIGEST[5:]}:4", f"{DIGEST}:4", f"{DIGEST[5:].lower()}:4"])
    def test_holds_the_same_ranges(self, tmp_path: Path, row: str) -> None:
        (tmp_path / f"{DIGEST[:5]}.txt").write_text(f"{OTHERS}\r\n{row}\r\n")
        assert is_refused(str(tmp_path))

    def test_without_the_range_stops_nobody(self, tmp_path: Path) -> None:
        assert not is_refused(str(tmp_path))


class TestThePage:
    @pytest.fixture(autouse=True)
    def _switched_on(self, service: Service, settings: Settings) -> None:
        service.answer = f"{DIGEST[5:]}:4"
        name = "parties.breached.BreachedPasswordValidator"
        asked = {"NAME": name, "OPTIONS": {"source": service.source, "seconds": 20}}
        settings.AUTH_PASSWORD_VALIDATORS = [*settings.AUTH_PASSWORD_VALIDATORS, asked]

    def change(self, client: Client, town: Town, new: str) -> Any:
        client.force_login(town.anna)
        data = {"old_password": "sesam-demo", "new_password1": new, "new_password2": new}
        return client.post(reverse("password"), data)

    def test_says_why(self, client: Client, town: Town) -> None:
        response = self.change(client, town, LEAKED)
        assertContains(response, "har läckt från någon annan tjänst", status_code=422)
        assert User.objects.get(pk=town.anna.pk).check_password("sesam-demo")

    def test_works_without_the_service(self, client: Client, town: Town, service: Service) -> None:
        service.status = 500
        assertRedirects(self.change(client, town, LEAKED), reverse("account"))

    def test_still_knows_the_common_ones(self, client: Client, town: Town, service: Service) -> None:
        service.status = 500
        assertContains(self.change(client, town, "qwerty123456"), "för vanligt", status_code=422)
