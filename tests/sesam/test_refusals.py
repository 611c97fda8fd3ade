"""What somebody was refused is a line in the log: who, which page, and never what it was about."""

import logging
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.registered import World

TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")
SEARCH = {"sok": "Astrid Fröding"}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="sesam.security")
    return caplog


def test_without_the_right(client: Client, world: World, lines: pytest.LogCaptureFixture) -> None:
    client.force_login(world.per)
    assert client.get(reverse("log_review"), SEARCH).status_code == 403
    assert lines.messages == [f"403 for GET log_review, user {world.per.pk}"]


def test_what_belongs_to_another_municipality(client: Client, world: World, lines: pytest.LogCaptureFixture) -> None:
    order = world.order("forskrivning")
    client.force_login(world.other_prescriber)
    assert client.get(reverse("order_detail", args=[order.pk]), SEARCH).status_code == 404
    assert client.post(reverse("order_cancel", args=[order.pk]), SEARCH).status_code == 404
    user = world.other_prescriber.pk
    assert lines.messages == [f"404 for GET order_detail, user {user}", f"404 for POST order_cancel, user {user}"]


def test_what_is_there_and_what_is_not_is_no_difference(client: Client, world: World) -> None:
    order = world.order("forskrivning")
    client.force_login(world.other_prescriber)
    answers = [client.get(reverse("order_detail", args=[pk])) for pk in (order.pk, order.pk + 10**6)]
    assert [answer.status_code for answer in answers] == [404, 404]
    anothers, nobodys = (TOKEN.sub("", answer.text) for answer in answers)
    assert anothers == nobodys


@pytest.mark.parametrize("path", ["/finns-inte/", "/Astrid/19311104-9809/"])
def test_an_address_that_is_no_page_is_no_news(
    client: Client, world: World, lines: pytest.LogCaptureFixture, path: str
) -> None:
    client.force_login(world.anna)
    assert client.get(path).status_code == 404
    assert lines.messages == []


def test_nobody_is_asked_to_log_in(client: Client, world: World, lines: pytest.LogCaptureFixture) -> None:
    assert client.get(reverse("log_review")).status_code == 302
    assert lines.messages == []
