"""Every page and search that is measured, as somebody who has it open all day."""

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponseBase
from django.urls import reverse

from orders.models import Order, OrderSubtype
from orders.operations.drafting import create_draft
from orders.operations.editing import add_line

from .cast import Cast, Person
from .rates import AT

FLOOR = "golv"
HTMX = {"HX-Request": "true"}
SEARCHES = {
    "artikelnummer": "100140",
    "början av nummer": "1001",
    "två orddelar": "toa förhöj",
    "ord i sammansättning": "höjning",
    "felstavning": "rolator",
    "utan prickar": "toaforhojning",
    "synonym": "gåvagn",
    "ISO-kod": "09 12 18",
    "leverantör": "norra hjälpmedel",
    "inget passar": "xyzzyqw",
}

type Page = tuple[str, str, Callable[[], HttpResponseBase]]
"""(name, group, how to ask for it)"""


def get(
    person: Person, name: str, *args: object, htmx: bool = False, **query: object
) -> Callable[[], HttpResponseBase]:
    url = reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")
    return partial(person.client.get, url, headers=HTMX if htmx else None)


def pages(cast: Cast) -> Iterator[Page]:
    yield FLOOR, "golv", get(cast.prescriber, "floor")
    yield from wizard(cast)
    yield from lists(cast)
    yield from orders(cast)


def wizard(cast: Cast) -> Iterator[Page]:
    draft = make_draft(cast)
    for step in ("order_type", "order_parties", "order_lines", "order_review"):
        yield f"guiden: {step}", "guiden", get(cast.prescriber, step, draft.pk)
    for name, text in SEARCHES.items():
        yield f"artikel: {name}", "artikelsök", get(cast.prescriber, "order_lines", draft.pk, htmx=True, sok=text)


def make_draft(cast: Cast) -> Order:
    """A direct prescription of five lines by the prescriber, whose patient has been seen before."""
    by = cast.prescriber.user
    subtype = OrderSubtype.objects.get(code="forskrivning")
    draft = create_draft(key=uuid4(), subtype=subtype, by=by, at=AT, patient=cast.patient)
    articles = [line.article for line in cast.newest_prescription.lines.select_related("article")]
    for article in articles:
        if not article.is_numbered:
            add_line(order_id=draft.pk, article=article, quantity=1, on=AT.date())
    return draft


def lists(cast: Cast) -> Iterator[Page]:
    for who, person in (("förskrivare", cast.prescriber), ("förråd", cast.store_staff), ("HMS", cast.hms)):
        yield f"Start, {who}", "lista", get(person, "home")
        yield f"Orderöversikt, {who}", "lista", get(person, "order_list")
    number = str(cast.own_order.number)
    yield "Orderöversikt, ordernummer", "lista", get(cast.prescriber, "order_list", sok=number)
    yield "Orderöversikt, slutet av numret", "lista", get(cast.prescriber, "order_list", sok=number[-6:])
    yield "Orderöversikt, status", "lista", get(cast.hms, "order_list", status="REGISTERED")
    yield "Orderöversikt, typ och datum", "lista", get(cast.hms, "order_list", typ="B", fran="2024-01-01")
    yield "Saldo", "lista", get(cast.store_staff, "stock_list")
    yield "Saldo, lager 10, ord", "lista", get(cast.hms, "stock_list", lager="10", sok="duschstol")
    yield "Patienter", "lista", get(cast.prescriber, "patient_list")
    yield "Patienter, nummer", "lista", get(cast.prescriber, "patient_list", sok=cast.patient.identity_number)
    yield "Patienter, namn", "lista", get(cast.prescriber, "patient_list", sok=cast.patient.name)
    yield "Att plocka, HMS", "lista", get(cast.hms, "work_list")
    yield "Restorder, HMS", "lista", get(cast.hms, "backorder_list")
    yield "Returer", "lista", get(cast.store_staff, "return_list")


def orders(cast: Cast) -> Iterator[Page]:
    yield "order", "order", get(cast.prescriber, "order_detail", cast.newest_prescription.pk)
    yield "utleverans", "order", get(cast.hms, "order_deliver", cast.requisition.pk)
    yield "kvittera mottagning", "order", get(cast.store_staff, "delivery_receive", cast.in_transit.pk)
    yield "makulera", "order", get(cast.orderer, "order_cancel", cast.requisition.pk)
    yield "plocklista", "dokument", get(cast.hms, "order_pick_list", cast.requisition.pk)
    yield "följesedel", "dokument", get(cast.store_staff, "delivery_note", cast.in_transit.pk)
