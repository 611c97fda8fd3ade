"""Every page and search that is measured, as somebody who has it open all day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from orders.models import Order, OrderSubtype
from orders.operations.drafting import create_draft
from orders.operations.editing import add_line

from .acts import acts
from .cast import Cast, Person
from .page import Page
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
    "500 bokstäver": "x" * 500,
    "40 ord": " ".join(f"ord{n}" for n in range(40)),
}


def get(
    person: Person, name: str, *args: object, htmx: bool = False, **query: object
) -> Callable[[], HttpResponseBase]:
    return partial(_ask, person.client, name, args, query, htmx=htmx)


def _ask(
    client: Client, name: str, args: Sequence[object], query: Mapping[str, object], *, htmx: bool
) -> HttpResponseBase:
    """An address that there is not is said of this page, and the others are measured all the same."""
    url = reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")
    return client.get(url, headers=HTMX if htmx else None)


def search(
    person: Person,
    name: str,
    *args: object,
    text: str,
    field: str,
    htmx: bool = True,
    follow: bool = False,
    also: Mapping[str, str] | None = None,
    **query: object,
) -> Callable[[], HttpResponseBase]:
    """A search whose text is not in the address; `also` is what else the form holds, `follow` asks for the hits too."""
    values = dict(also or {}) | {field: text}

    def ask() -> HttpResponseBase:
        url = reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")
        return person.client.post(url, values, headers=HTMX if htmx else None, follow=follow)

    return ask


def floor_of(cast: Cast) -> Callable[[], HttpResponseBase]:
    """The smallest page that knows who is logged in and renders the frame."""
    return get(cast.prescriber, "floor")


def pages(cast: Cast) -> Iterator[Page]:
    yield Page(FLOOR, "golv", floor_of(cast))
    yield from wizard(cast)
    yield from top(cast)
    yield from starts(cast)
    yield from overview(cast)
    yield from stock(cast)
    yield from patients(cast)
    yield from reviews(cast)
    yield from orders(cast)
    yield from acts(cast)
    yield from exports(cast)


def wizard(cast: Cast) -> Iterator[Page]:
    draft = make_draft(cast)
    for step in ("order_type", "order_parties", "order_lines", "order_review"):
        yield Page(f"guiden: {step.removeprefix('order_')}", "guiden", get(cast.prescriber, step, draft.pk))
    for name, text in SEARCHES.items():
        yield Page(f"artikel: {name}", "artikelsök", get(cast.prescriber, "order_lines", draft.pk, htmx=True, sok=text))

    yield from pickers(cast, draft)


def pickers(cast: Cast, draft: Order) -> Iterator[Page]:
    """The hits under the fields of the step Parter."""
    person, unit = cast.prescriber, cast.prescriber.user.memberships[0].customer
    also = {"orderer": person.user.username, "customer": unit.number}
    for field, text in (
        ("orderer", person.user.name[:3]),
        ("customer", unit.number[:3]),
        ("recipient", cast.patient.name.split()[-1]),
        ("recipient", cast.patient.identity_number),
        ("handler", cast.hms.user.name[:3]),
        ("payer", "rehab"),
        ("sender", "10"),
    ):
        ask = search(person, "order_choose", draft.pk, text=text, field=field, also=also, falt=field)
        yield Page(f"välj: {field}, {'nummer' if any(map(str.isdigit, text)) else 'namn'}", "sök", ask)


def top(cast: Cast) -> Iterator[Page]:
    """The search box in the head of every page."""
    number = str(cast.own_order.number)
    texts = {
        "ordernummer": number,
        "slutet av numret": number[-4:],
        "artikel": "rollator",
        "felstavning": "rolator",
        "identitetsnummer": cast.patient.identity_number,
        "part": "rehabenhet",
        "inget passar": "xyzzyqw",
        "100 bokstäver": "x" * 100,
    }
    for name, text in texts.items():
        yield Page(f"sök överallt: {name}", "sök", search(cast.prescriber, "find", text=text, field="sokord"))
    yield Page("sök överallt: HMS, artikel", "sök", search(cast.hms, "find", text="rollator", field="sokord"))
    for name, person, text in (
        ("artikel", cast.hms, "rollator"),
        ("patientens namn", cast.prescriber, cast.patient.name),
        ("inget passar", cast.prescriber, "xyzzyqw"),
    ):
        whole = search(person, "find", text=text, field="sokord", htmx=False)
        yield Page(f"sök överallt, sidan: {name}", "sök", whole)


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


def starts(cast: Cast) -> Iterator[Page]:
    for who, person in people(cast):
        yield Page(f"Start, {who}", "lista", get(person, "home"))


def people(cast: Cast) -> list[tuple[str, Person]]:
    return [("förskrivare", cast.prescriber), ("förråd", cast.store_staff), ("HMS", cast.hms)]


def overview(cast: Cast) -> Iterator[Page]:
    for who, person in people(cast):
        yield Page(f"Orderöversikt, {who}", "lista", get(person, "order_list"))
    number = str(cast.own_order.number)
    yield Page("Orderöversikt, ordernummer", "lista", get(cast.prescriber, "order_list", sok=number))
    yield Page("Orderöversikt, slutet av numret", "lista", get(cast.prescriber, "order_list", sok=number[-6:]))
    yield Page("Orderöversikt, status", "lista", get(cast.hms, "order_list", status="REGISTERED"))
    yield Page("Orderöversikt, att göra", "lista", get(cast.hms, "order_list", visa="att-gora"))
    yield Page("Orderöversikt, mina", "lista", get(cast.prescriber, "order_list", visa="mina"))
    yield Page("Orderöversikt, restorder", "lista", get(cast.hms, "order_list", visa="restorder"))
    since = AT.date() - timedelta(days=365)
    yield Page("Orderöversikt, typ och datum", "lista", get(cast.hms, "order_list", typ="B", fran=since))
    yield Page("Orderöversikt, förråd, typ", "lista", get(cast.store_staff, "order_list", typ="B"))
    yield Page("Orderöversikt, typ efter nummer", "lista", get(cast.hms, "order_list", typ="B", ordning="-order"))
    yield Page(
        "Orderöversikt, pågående efter typ", "lista", get(cast.hms, "order_list", visa="pagaende", ordning="typ")
    )


def stock(cast: Cast) -> Iterator[Page]:
    yield Page("Saldo", "lista", get(cast.store_staff, "stock_list"))
    yield Page("Saldo, lager 10, ord", "lista", get(cast.hms, "stock_list", lager="10", sok="duschstol"))
    yield Page("Saldo, lager 10, disponibelt", "lista", get(cast.hms, "stock_list", lager="10", ordning="-disponibelt"))
    yield Page("Saldo, lager 10, reserverat", "lista", get(cast.hms, "stock_list", lager="10", ordning="-reserverat"))
    yield Page("Artiklar", "lista", get(cast.prescriber, "article_list"))
    yield Page("Artiklar, HMS, ord", "lista", get(cast.hms, "article_list", sok="rollator"))
    yield Page("Artiklar, ISO-grupp", "lista", get(cast.prescriber, "article_list", iso="12"))
    yield Page("Artiklar, finns i lager 10", "lista", get(cast.prescriber, "article_list", i_lager="10"))
    yield Page("Artiklar, tillbehör", "lista", get(cast.prescriber, "article_list", slag="ACCESSORY"))
    yield Page("artikel", "lista", get(cast.hms, "article_detail", cast.article.number))
    yield Page("Individer", "lista", get(cast.store_staff, "device_list"))
    yield Page("Individer, HMS", "lista", get(cast.hms, "device_list"))
    yield Page("Individer, utlämnad", "lista", get(cast.store_staff, "device_list", status="utlamnad"))
    yield Page("Individer, HMS, utlämnad", "lista", get(cast.hms, "device_list", status="utlamnad"))
    yield Page("Att plocka, HMS", "lista", get(cast.hms, "work_list"))
    yield Page("Att plocka, per artikel", "lista", get(cast.hms, "work_list", per="artikel"))
    yield Page("Att plocka, väntar", "lista", get(cast.hms, "work_list", visa="vantar"))
    yield Page("Att plocka, per artikel, väntar", "lista", get(cast.hms, "work_list", per="artikel", visa="vantar"))
    yield Page("Att plocka, förråd", "lista", get(cast.store_staff, "work_list"))
    yield Page("Att plocka, förråd, per artikel", "lista", get(cast.store_staff, "work_list", per="artikel"))
    yield Page("Restorder, HMS", "lista", get(cast.hms, "backorder_list"))
    if cast.waiting:
        yield Page("Restorder, en kö", "lista", get(cast.hms, "backorder_queue", cast.waiting.pk))
    yield Page("Mottagning", "lista", get(cast.store_staff, "receipt_list"))
    yield Page("Avvikelser, förråd", "lista", get(cast.store_staff, "difference_list"))
    yield Page("Avvikelser, HMS", "lista", get(cast.hms, "difference_list"))
    yield Page("Inleverans", "lista", get(cast.hms, "goods_receipt"))
    yield Page("Returer", "lista", get(cast.store_staff, "return_list"))


def patients(cast: Cast) -> Iterator[Page]:
    yield Page("Patienter", "lista", get(cast.prescriber, "patient_list"))
    for what, text in (("nummer", cast.patient.identity_number), ("namn", cast.patient.name)):
        look = search(cast.prescriber, "patient_list", text=text, field="sok", htmx=False, follow=True)
        yield Page(f"Patienter, {what}", "lista", look)
    yield Page("patient", "order", get(cast.prescriber, "patient_detail", cast.patient.pk))


def reviews(cast: Cast) -> Iterator[Page]:
    yield Page("Loggranskning", "lista", get(cast.reviewer, "log_review"))
    yield Page("Loggranskning, stickprov", "lista", get(cast.reviewer, "log_sample"))
    yield Page("Loggranskning, sök", "lista", get(cast.reviewer, "log_search"))
    yield Page("Loggranskning, säkerhet", "lista", get(cast.reviewer, "log_security"))


def orders(cast: Cast) -> Iterator[Page]:
    yield Page("order", "order", get(cast.prescriber, "order_detail", cast.newest_prescription.pk))
    yield Page("order att plocka", "order", get(cast.hms, "order_detail", cast.requisition.pk))
    yield Page("utleverans", "order", get(cast.hms, "order_deliver", cast.requisition.pk))
    yield Page("kvittera mottagning", "order", get(cast.store_staff, "delivery_receive", cast.in_transit.pk))
    yield Page("ändra", "order", get(cast.orderer, "order_change", cast.requisition.pk))
    yield Page("makulera, fråga", "order", get(cast.orderer, "order_cancel", cast.requisition.pk))
    yield Page("plocklista", "dokument", get(cast.hms, "order_pick_list", cast.requisition.pk))
    yield Page("följesedel", "dokument", get(cast.store_staff, "delivery_note", cast.in_transit.pk))


def exports(cast: Cast) -> Iterator[Page]:
    for format in ("csv", "xlsx"):
        saldo = get(cast.hms, "stock_list", lager="10", format=format)
        yield Page(f"Saldo, lager 10, {format}", "export", saldo, times=1)
    yield Page("Artiklar, csv", "export", get(cast.hms, "article_list", format="csv"), times=1)
    yield Page("Individer, lager 10, csv", "export", get(cast.hms, "device_list", lager="10", format="csv"), times=1)
    since = AT.date() - timedelta(days=300)
    yield Page("Orderöversikt, csv", "export", get(cast.hms, "order_list", fran=since, format="csv"), times=1)
