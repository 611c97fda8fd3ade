"""A person with protected identity is found nowhere: every page, document and export, as every role.

The URLs and what they name come from the table of access, so that a new page is looked at as soon as it has its row.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from audit.models import AccessLogEntry
from orders.models import Order
from parties.models import Patient, Protection, User
from tests import factories
from tests.listing.reading import read_xlsx

from .access_world import POSTED, ROLES, AccessWorld
from .knocking import HTMX, text_of
from .test_access_admin import pages
from .test_access_table import ROWS, Row

pytestmark = pytest.mark.django_db

SECRETS = ("skyddsson", "torborg", "19311104", "311104-9809", "hemliga gatan", "999 99", "dolköping", "070-999")


@pytest.fixture(autouse=True)
def hidden(access: AccessWorld) -> Patient:
    """Whom all prescriptions of the world are for, from now on protected."""
    patient = Patient.objects.get(pk=str(access.find("patient", "")))
    patient.name, patient.street, patient.postal_code = "Torborg Skyddsson", "Hemliga gatan 7", "999 99"
    patient.city, patient.phone, patient.protection = "Dolköping", "070-999 99 99", Protection.PROTECTED
    patient.save()
    return patient


def told(response: HttpResponseBase) -> str:
    """All that an answer says, in small letters: its body, whatever its kind, and its headers."""
    return f"{text_of(response)} {response.headers}".lower()


def found(client: Client, method: str, url: str, data: dict[str, str], *, htmx: bool = False) -> list[str]:
    """The secrets that the answer says; the database is afterwards as before."""
    with transaction.atomic():
        response = (client.post if method == "POST" else client.get)(url, data, headers=HTMX if htmx else {})
        text = told(response)
        transaction.set_rollback(True)
    return [secret for secret in SECRETS if secret in text]


def asked(row: Row, access: AccessWorld, visitor: str) -> str:
    return reverse(row.name, kwargs={key: access.find(thing, visitor) for key, thing in row.arguments})


@pytest.mark.parametrize("visitor", ROLES.values())
def test_no_page_says_who_it_is(access: AccessWorld, visitor: str) -> None:
    leaks = {}
    for row in ROWS:
        if row.name == "logout":
            continue
        url = asked(row, access, visitor)
        data = POSTED.get(row.name, {}) if row.method == "POST" else {}
        for htmx in (False, True) if visitor == "för" else (False,):
            if secrets := found(access.client(visitor), row.method, url, data, htmx=htmx):
                leaks[f"{row.method} {url}"] = secrets
    assert leaks == {}


def test_no_page_of_the_administration_says_who_it_is(access: AccessWorld, hidden: Patient) -> None:
    urls = [url for model in admin.site._registry for url in pages(model).values()]
    urls += [reverse(f"admin:parties_patient_{page}", args=[hidden.pk]) for page in ("change", "history")]
    leaks = {url: secrets for url in urls if (secrets := found(access.client("sys"), "GET", url, {}))}
    assert leaks == {}


def test_no_step_of_a_prescription_says_who_it_is(access: AccessWorld, hidden: Patient) -> None:
    prescriber = User.objects.get(pk=str(access.find("looker", "")))
    draft = factories.OrderFactory.create(
        code="forskrivning", orderer=prescriber, recipient_patient=hidden, lines=[(factories.ArticleFactory(), 1)]
    )
    steps = [f"order_{step}" for step in ("type", "parties", "lines", "review", "detail")]
    leaks = {
        (step, method): secrets
        for step in steps
        for method in ("GET", "POST")
        if (secrets := found(access.client("för"), method, reverse(step, args=[draft.pk]), {}))
    }
    assert leaks == {}


@pytest.mark.parametrize("visitor", ["för", "hml", "han", "sys"])
def test_a_search_by_name_finds_nobody(access: AccessWorld, hidden: Patient, visitor: str) -> None:
    client = access.client(visitor)
    number = Order.objects.filter(recipient_patient=hidden).latest("pk").number
    assert str(number).lower() not in told(client.post(reverse("order_list"), {"sok": "Skyddsson"}, follow=True))
    assert "skyddade uppgifter" not in told(client.post(reverse("patient_list"), {"sok": "Skyddsson"}, follow=True))
    response = client.post(reverse("admin:parties_patient_changelist"), {"q": "Skyddsson"})
    assert "skyddade uppgifter" not in told(client.get(response["Location"]))


@pytest.mark.parametrize("visitor", ROLES.values())
@pytest.mark.parametrize("page", ["order_list", "patient_list"])
def test_no_saved_list_says_who_it_is(access: AccessWorld, hidden: Patient, visitor: str, page: str) -> None:
    for format in ("csv", "xlsx"):
        content = getattr(access.client(visitor).get(reverse(page), {"format": format}), "getvalue", bytes)()
        text = "\n".join(str(row) for row in (read_xlsx(content) if content[:2] == b"PK" else [content.decode()]))
        assert [secret for secret in SECRETS if secret in text.lower()] == []


def test_the_logs_say_a_reference_only(access: AccessWorld, hidden: Patient, caplog: pytest.LogCaptureFixture) -> None:
    for row in ROWS:
        if row.method == "GET":
            access.client("för").get(asked(row, access, "för"))
    lines = [f"{entry.about} {entry.route} {entry.reason}" for entry in AccessLogEntry.objects.filter(patient=hidden)]
    assert len(lines) > len(ROLES)
    for line in (*lines, caplog.text):
        assert [secret for secret in SECRETS if secret in line.lower()] == []


def test_would_see_a_leak(access: AccessWorld, hidden: Patient) -> None:
    """The same look at somebody who is not protected."""
    Patient.objects.filter(pk=hidden.pk).update(protection=Protection.NONE)
    seen = set(_seen(access))
    assert {"patient_detail", "patient_list", "order_detail", "delivery_note", "goods_label"} <= seen


def _seen(access: AccessWorld) -> Iterator[str]:
    for row in ROWS:
        if row.method == "GET" and found(access.client("för"), "GET", asked(row, access, "för"), {}):
            yield row.name
