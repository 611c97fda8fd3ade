"""Another municipality's numbers, names and keys in every field of every form, and in every query: nothing comes back.

Paths are tried by `access_table.txt`. Here people of Filipstad, who have orders, goods and holdings of their own, send
what belongs to Arvika wherever something can be typed, and no answer may hold more of Arvika than was sent.
"""

import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from inventory.models import Device, StockLevel
from orders.models import Delivery, Holding, Order, OrderLine, OrderType
from parties.models import Patient, User
from tests.hostile import Form
from tests.sesam.access_world import AccessWorld
from tests.sesam.crawling import Crawl, crawl, shape
from tests.sesam.filipstad import MAKERS, settle_filipstad

pytestmark = pytest.mark.django_db

VISITORS = ("bes2", "för2", "frd2", "han2", "log2")
QUERIES = ("sok", "artikel", "lager", "efter", "page", "next", "patient", "user", "enhet", "order", "visa")
FORMS = 25  # as many kinds as these people see together, at least


@pytest.fixture(scope="module")
def secrets(access: AccessWorld) -> dict[str, str]:
    """What nobody in Filipstad may be told, by what it is."""
    arvika = access.world.arvika
    order = Order.objects.filter(municipality=arvika, number__isnull=False, recipient_patient__isnull=False)[0]
    patient = Patient.objects.filter(municipality=arvika).earliest("pk")
    return {
        "patient's name": patient.name,
        "patient's short name": patient.short_label,
        "patient's number": patient.formatted_number,
        "patient's whole number": patient.identity_number,
        "order's number": order.number or "",
        "device": Device.objects.filter(location__warehouse=access.world.store)[0].number,
        "unit": access.world.unit.name,
        "store": access.world.store.name,
        "orderer": access.world.anna.name,
    }


@pytest.fixture(scope="module")
def guesses(access: AccessWorld, secrets: dict[str, str]) -> list[str]:
    """What is sent: first what people could know, then the keys of Arvika's rows."""
    arvika, store = access.world.arvika, access.world.store
    orders = Order.objects.filter(municipality=arvika)
    keys = [
        orders.filter(number__isnull=False)[0].pk,
        orders.filter(number__isnull=True)[0].pk,
        OrderLine.objects.filter(order__in=orders)[0].pk,
        Delivery.objects.filter(order__in=orders)[0].pk,
        Holding.objects.filter(delivery_line__delivery__order__in=orders)[0].pk,
        Patient.objects.filter(municipality=arvika)[0].pk,
        Device.objects.filter(location__warehouse=store)[0].pk,
        StockLevel.objects.filter(warehouse=store)[0].pk,
        access.world.anna.pk,
    ]
    words = [access.world.anna.username, store.number, access.world.unit.number]
    sent = ("patient's name", "patient's number", "order's number")
    return [*words, *(secrets[name] for name in sent), *dict.fromkeys(map(str, keys))]


@pytest.fixture(scope="module")
def crawled(access: AccessWorld) -> dict[str, Crawl]:
    settle_filipstad(access)
    found = {}
    for visitor in VISITORS:
        drafts = Order.objects.drafts().filter(registrar=access.people[visitor]).order_by("-pk")
        start = [reverse("order_parties", args=[order.pk]) for order in drafts if order.type == OrderType.PRESCRIPTION]
        found[visitor] = crawl(access.client(visitor), start=[*start[:1], "/"])
    return found


def ask(client: Client, form: Form, data: dict[str, str]) -> str:
    send = client.post if form.method == "POST" else client.get
    with transaction.atomic():
        response = send(form.url, data, follow=True)
        transaction.set_rollback(True)
    assert response.status_code < 500, f"{response.status_code} from {form.method} {form.url} {data}"
    return response.content.decode(errors="replace")


def told(text: str, secrets: dict[str, str], sent: str) -> list[str]:
    """The secrets that came back without having been sent."""
    return [name for name, secret in secrets.items() if secret in text and secret not in sent]


def requests(form: Form, guesses: list[str]) -> Iterator[tuple[dict[str, str], str]]:
    """Each field alone, with what could be typed there: a key for a number, otherwise each word."""
    words = [guess for guess in guesses if not guess.isdigit()]
    keys = cycle(guess for guess in guesses if guess.isdigit())
    fields = {re.sub(r"\d+", "0", name): name for name in reversed(form.fields)}  # of rows that are alike, the first
    for name in fields.values():
        value = form.fields[name]
        for guess in [next(keys), next(keys)] if value.isdigit() else words:
            yield form.fields | {name: guess}, guess
    yield dict.fromkeys(form.fields, words[0]), words[0]


def test_the_world_has_something_to_hide(access: AccessWorld, secrets: dict[str, str]) -> None:
    """Arvika's own people see it, so that the tests below would see it too."""
    pages = " ".join(text for who in ("för", "frd") for text in crawl(access.client(who)).pages.values())
    shown = {name for name, secret in secrets.items() if secret in pages}
    assert shown >= {"patient's name", "patient's number", "order's number", "unit", "store"}


def test_no_page_shows_another_municipality(crawled: dict[str, Crawl], secrets: dict[str, str]) -> None:
    for visitor, found in crawled.items():
        for url, text in found.pages.items():
            assert told(text, secrets, "") == [], f"{visitor} at {url}"


def test_no_field_opens_another_municipality(
    access: AccessWorld, crawled: dict[str, Crawl], secrets: dict[str, str], guesses: list[str]
) -> None:
    seen: dict[tuple[str, ...], tuple[str, Form]] = {}
    for visitor, found in crawled.items():
        for key, form in found.forms.items():
            who = visitor if form.method == "POST" and visitor in MAKERS.values() else ""  # a form of whose orders
            seen.setdefault((who, *key), (visitor, form))
    assert len(seen) >= FORMS, sorted(seen)
    for visitor, form in seen.values():
        for data, guess in requests(form, guesses):
            text = ask(access.client(visitor), form, data)
            assert told(text, secrets, guess) == [], f"{visitor}: {form.method} {form.url} {data}"


def test_no_query_opens_another_municipality(
    access: AccessWorld, crawled: dict[str, Crawl], secrets: dict[str, str], guesses: list[str]
) -> None:
    for visitor, found in crawled.items():
        for url in sorted({shape(url).partition("?")[0]: url.partition("?")[0] for url in found.pages}.values()):
            for guess in guesses[::3]:
                text = ask(access.client(visitor), Form("GET", url), dict.fromkeys(QUERIES, guess))
                assert told(text, secrets, guess) == [], f"{visitor}: {url} {guess}"


def test_nothing_of_another_municipality_is_changed_by_more_fields(
    access: AccessWorld, crawled: dict[str, Crawl]
) -> None:
    """Mass assignment: fields of the model that the form does not have, with a foreign key's values, change nothing."""
    anna = access.world.anna
    order = Order.objects.filter(municipality=access.world.arvika, number__isnull=False)[0]
    more = {"registrar": anna.pk, "orderer_id": anna.pk, "municipality": access.world.arvika.pk, "state": "CANCELED"}
    more |= {"order": order.pk, "order_id": order.pk, "user": anna.pk, "is_staff": "on", "groups": "1"}
    before = list(Order.objects.order_by("pk").values("pk", "registrar", "municipality", "orderer"))
    people = list(User.objects.order_by("pk").values("pk", "is_staff", "is_superuser", "groups"))
    posts = {key: (visitor, form) for visitor, found in crawled.items() for key, form in found.forms.items()}
    for visitor, form in posts.values():
        if form.method == "POST":
            with transaction.atomic():
                access.client(visitor).post(form.url, form.fields | {key: str(value) for key, value in more.items()})
                now = {row["pk"]: row for row in Order.objects.values("pk", "registrar", "municipality", "orderer")}
                assert [row for row in before if now.get(row["pk"], row) != row] == [], f"{visitor}: {form.url}"
                assert list(User.objects.order_by("pk").values("pk", "is_staff", "is_superuser", "groups")) == people
                assert Order.objects.get(pk=order.pk).state == order.state
                transaction.set_rollback(True)
