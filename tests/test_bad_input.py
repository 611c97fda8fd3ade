"""Every address and every form, as every role, with what nobody should have to type: an answer, never a crash."""

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from audit.accessing import log_access
from audit.models import AccessLogEntry, Act
from audit.models.access import ALWAYS_REVIEWED
from inventory.models import Article, StockLevel
from orders.models import Delivery, Order, ReceiptLine
from orders.operations.receiving import Counted, receive_delivery
from parties.models import Patient, User
from tests import factories
from tests.fixtures import Town
from tests.hostile import MARKUP, VALUES, Form, forms_of

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
OUTSIDE = ("admin/", "__")  # Django's own pages
WORKERS = ("anbe01", "lini01", "pene01", "hmla01", "logg01")  # between them they see every form
OTHERS = ("", "jolu01", "likr03", "hmor01", "adm01")
FILTERS = (
    *(
        "sok",
        "visa",
        "typ",
        "undertyp",
        "status",
        "lager",
        "fran",
        "till",
        "efter",
        "fore",
        "ordning",
        "format",
        "s",
        "patient",
        "page",
        "fyll_pa",
        "next",
    ),
    *("kod", "manad", "nummer", "patient", "anvandare", "enhet", "flagga"),
)
FEW = (MARKUP, "a\0b", "1" + "0" * 30)
HTMX = {"HX-Request": "true"}
FORMS = 25  # as many kinds of forms there are at least; fewer found means that the sweep has lost its way


def routes(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Every route of the project, as written: `/kundorder/<int:pk>/parter/`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if route[1:].startswith(OUTSIDE):
            continue
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


ROUTES = sorted(routes())
PLAIN = [route for route in ROUTES if not PARAMETER.search(route)]


@pytest.fixture
def orders(town: Town) -> list[Order]:
    """A draft and a registered order of each type, a transfer for HMS last.

    One transfer is on its way, another has been received and differs.
    """
    factories.UserFactory.create(username="likr03", role="Tekniker", customer=town.rehab)
    factories.UserFactory.create(username="hmor01", role="HMS handläggare", customer=town.region)
    factories.UserFactory.create(username="logg01", role="Loggranskare")
    factories.UserFactory.create(username="adm01", role="Systemförvaltare", customer=town.region)
    for warehouse in (town.central, town.store):
        town.stock(warehouse, town.chair, 30)
        town.devices(warehouse, town.walker, 6)
    codes = ("direktforskrivning", "direktbestallning", "lagerflytt")
    made = [make(code, {town.chair: 2, town.walker: 1}) for code in codes for make in (town.draft, town.register)]
    short = town.deliver(town.register("lagerflytt", {town.chair: 1}))
    counted = {short.lines.get().pk: Counted(received=0, missing=1, extra=1, reason="Skiljer sig")}
    receive_delivery(delivery_id=short.pk, by=town.per, at=town.now(), counted=counted)
    town.deliver(town.register("lagerflytt", {town.chair: 3}))
    Article.objects.filter(pk=town.chair.pk).update(substitution_group="Duschpall")
    town.stock(town.central, factories.ArticleFactory.create(substitution_group="Duschpall"), 9)
    waiting = town.register("bestallning", {town.chair: 99})  # with every way out
    factories.PatientFactory.create(municipality=town.arvika)  # outside own care: a reason is asked for
    now = timezone.now()
    log_access(town.patient, Act.EMERGENCY, by=town.anna, unit=town.rehab, at=now, reason="Akut", is_emergency=True)
    return [made[0], waiting, *made[1:]]


def client_of(username: str) -> Client:
    client = Client(raise_request_exception=False)
    if username:
        client.force_login(User.objects.get(username=username))
    return client


def paths(orders: list[Order]) -> Iterator[str]:
    """Every route with what exists: each type, each order, the delivery that is on its way."""
    for route in ROUTES:
        if "<slug:" in route:
            yield from (PARAMETER.sub(slug, route) for slug in ("bestallning", "forskrivning", "lagerflytt"))
        elif route.startswith("/utleveranser/"):
            yield PARAMETER.sub(str(Delivery.objects.awaiting_receipt().get().pk), route)
        elif route.startswith("/lager/avvikelser/<"):
            yield PARAMETER.sub(str(ReceiptLine.objects.unsettled().get().pk), route)
        elif "/patienter/" in route:
            yield from (PARAMETER.sub(str(patient.pk), route) for patient in Patient.objects.order_by("pk"))
        elif "<day:" in route:
            visit = AccessLogEntry.objects.filter(ALWAYS_REVIEWED).latest("id")
            values = (visit.user_id, visit.patient_id, timezone.localdate(visit.at))
            yield reverse("log_visit", args=values)
        elif PARAMETER.search(route):
            for order in orders:
                line = order.lines.for_order_page()[0]
                level = StockLevel.objects.filter(warehouse=order.sender, article=line.article).first()
                keys = {"pk": order.pk, "line_pk": line.pk, "level_pk": level.pk if level else 0}
                yield PARAMETER.sub(partial(_key, keys), route)
        else:
            yield route


def _key(keys: dict[str, int], match: re.Match[str]) -> str:
    return str(keys.get(match[1], 1))


def ask(client: Client, method: str, path: str, data: dict[str, str], *, htmx: bool = False) -> str:
    """What came back; the database is afterwards as before. Fails on a crash, and on markup that was not escaped."""
    send = client.post if method == "POST" else client.get
    follow = MARKUP in data.values()  # to see what is said on the page that comes next
    session = client.cookies.get(settings.SESSION_COOKIE_NAME)
    with transaction.atomic():
        response = send(path, data, headers=HTMX if htmx else {}, follow=follow)
        transaction.set_rollback(True)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session.value  # logging out is a form, too
    sent = {name: value[:40] for name, value in data.items()}
    assert response.status_code < 500, f"{response.status_code} from {method} {path[:100]} {sent}"
    if not response["Content-Type"].startswith("text/html"):
        return ""
    text = response.content.decode()
    assert "<script>alert" not in text, f"not escaped: {method} {path[:100]} {sent}"
    return text


@pytest.mark.parametrize("username", ["", "anbe01", "hmla01"])
def test_hostile_paths(username: str, orders: list[Order]) -> None:
    """In the place of every parameter."""
    client = client_of(username)
    for route in ROUTES:
        for value in VALUES if PARAMETER.search(route) else ():
            for method in ("GET", "POST") if value in FEW else ("GET",):
                ask(client, method, PARAMETER.sub(quote(value, safe="") or "-", route), {})


@pytest.mark.parametrize("username", [*WORKERS, *OTHERS])
def test_hostile_queries(username: str, orders: list[Order]) -> None:
    """In the query of every page, what is not even UTF-8 included; and posted to every address."""
    client = client_of(username)
    has_all = username in ("anbe01", "hmla01")
    for path in paths(orders[:1]) if username in WORKERS else PLAIN:
        for value in VALUES if has_all and path in PLAIN else FEW[:1]:
            ask(client, "GET", path, dict.fromkeys(FILTERS, value))
        ask(client, "POST", path, dict.fromkeys(("key", "article", "quantity", "orderer", "subtype"), MARKUP))
        ask(client, "GET", f"{path}?sok=%ff%00%ed%a0%80&lager=%c3&page=%00", {})


def test_hostile_forms(orders: list[Order]) -> None:
    """In every field of every form, alone and together; each kind of form as someone who sees it."""
    seen: dict[tuple[str, ...], tuple[Client, Form]] = {}
    for username in WORKERS:
        client = client_of(username)
        mine = [order for order in orders if order.registrar.username == username]
        for path in paths(mine or orders[-1:]):
            for form in forms_of(ask(client, "GET", path, {}), path):
                shape = (
                    form.method,
                    *(re.sub(r"\d+", "0", text) for text in (form.url.partition("?")[0], *form.fields)),
                )
                seen.setdefault(shape, (client, form))
    assert len(seen) >= FORMS, sorted(seen)
    for client, form in seen.values():
        for number, (method, url, data) in enumerate(form.requests()):
            ask(client, method, url, data, htmx=number % 2 == 0)
