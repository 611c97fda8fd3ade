"""Whatever is typed, by whatever role: an answer and never a crash, nothing echoed unescaped, nothing out of reach.

Hypothesis makes the values, the same ones each time; the pages and forms are what each role finds by following links.
"""

import re
from urllib.parse import quote

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orders.models import Order
from parties.models import Patient
from tests.hostile import Form
from tests.sesam.access_world import AccessWorld
from tests.sesam.crawling import Crawl, crawl
from tests.sesam.knocking import HTMX
from tests.test_bad_input import PARAMETER, ROUTES

pytestmark = pytest.mark.django_db

VISITORS = ("bes", "för", "frd", "hml", "han", "log", "sys", "för2", "anonym")
PARAMETERS = (
    *("sok", "artikel", "lager", "status", "efter", "fore", "ordning", "format", "page", "next"),
    *("visa", "typ", "fran", "till", "per", "q", "s", "patient"),
)
MARK = "<x-fuzz\"'>"  # comes back only escaped, or not at all
PIECES = st.sampled_from(
    [MARK, "\0", "\N{RIGHT-TO-LEFT OVERRIDE}", "\ud800", "%00", "'; --", "{{ 7 }}", "=1+1", "\r\nX: y", "../", "1e309"]
)
NUMBERS = st.one_of(st.integers(-(2**70), 2**70).map(str), st.floats().map(str), st.dates().map(str))
VALUES = st.one_of(
    PIECES,
    NUMBERS,
    st.text(max_size=40),
    st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=4).map("".join),
    st.just("å" * 5_000),
)
BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=250,
    phases=[Phase.explicit, Phase.generate],  # a smaller example is not worth the time of thousands of requests
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def crawled(access: AccessWorld) -> dict[str, Crawl]:
    return {visitor: crawl(access.client(visitor), start=["/", "/logga-in/"]) for visitor in VISITORS}


def ask(access: AccessWorld, visitor: str, method: str, url: str, data: dict[str, str], *, htmx: bool) -> None:
    client = access.client(visitor)
    send = client.post if method == "POST" else client.get
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}  # as a browser would
    with transaction.atomic():
        response = send(url, sent, headers=HTMX if htmx else {})
        transaction.set_rollback(True)
    asked = f"{visitor}: {method} {url} {sent}"[:500]
    assert response.status_code < 500, f"{response.status_code} from {asked}"
    for name, value in response.headers.items():
        assert "\n" not in value, f"{name} is split by {asked}"
    if response.headers.get("Content-Type", "").startswith("text/html"):
        text = response.content.decode()
        assert MARK not in text, f"not escaped: {asked}"
        for secret in out_of_reach(access, visitor):
            assert secret not in text or secret in sent.values(), f"{secret} was shown to {asked}"


def out_of_reach(access: AccessWorld, visitor: str) -> list[str]:
    """The patient and an order of Arvika, for those who are of another municipality, or nobody."""
    if visitor not in ("för2", "anonym"):
        return []
    if not access.secrets:
        patient = Patient.objects.filter(municipality=access.world.arvika).earliest("pk")
        order = Order.objects.filter(municipality=access.world.arvika, number__isnull=False)[0]
        access.secrets += [patient.name, patient.short_label, patient.formatted_number, order.number or ""]
    return access.secrets


@BOUNDED
@given(data=st.data())
def test_forms(access: AccessWorld, crawled: dict[str, Crawl], data: st.DataObject) -> None:
    """In any field of any form that the role finds, and in all of them."""
    visitor = data.draw(st.sampled_from(VISITORS))
    form: Form = data.draw(st.sampled_from(list(crawled[visitor].forms.values())))
    spoiled = data.draw(st.lists(st.sampled_from(list(form.fields)), unique=True)) if form.fields else []
    values = form.fields | {name: data.draw(VALUES) for name in spoiled}
    ask(access, visitor, form.method, form.url, values, htmx=data.draw(st.booleans()))


@BOUNDED
@given(data=st.data())
def test_queries(access: AccessWorld, crawled: dict[str, Crawl], data: st.DataObject) -> None:
    """In the query of any page, whether the page knows the parameter or not."""
    visitor = data.draw(st.sampled_from(VISITORS))
    url = data.draw(st.sampled_from(sorted(crawled[visitor].pages))).partition("?")[0]
    names = data.draw(st.lists(st.sampled_from(PARAMETERS), min_size=1, unique=True))
    ask(access, visitor, "GET", url, {name: data.draw(VALUES) for name in names}, htmx=data.draw(st.booleans()))


@BOUNDED
@given(data=st.data())
def test_paths(access: AccessWorld, data: st.DataObject) -> None:
    """In the place of any parameter of any address, by GET and POST."""
    visitor, route = data.draw(st.sampled_from(VISITORS)), data.draw(st.sampled_from(ROUTES))
    number = st.integers(-1, 2**70).map(str)
    path = PARAMETER.sub(lambda _: _typed(data.draw(st.one_of(number, VALUES))), route)
    ask(access, visitor, data.draw(st.sampled_from(["GET", "POST"])), path, {}, htmx=data.draw(st.booleans()))


def _typed(value: str) -> str:
    text = value.encode("utf-8", "replace").decode()[:200]
    return quote(re.sub(r"[/?#]", "-", text), safe="") or "-"
