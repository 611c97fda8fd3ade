"""The search of the page head: whatever a text can mean, in groups, and in each only what the user may see.

A group that the user's role does not open is not asked for. Each is read by an index and cut short.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from inventory.models import Article, Device, Warehouse
from inventory.search import search_articles
from parties.identity import InvalidIdentityNumber, parse_identity_number
from parties.limits import count_patient_search
from parties.models import Party, Patient, User
from parties.queries import patient_matches
from parties.searching import name_words, number_or_name
from parties.sorting import swedish_order

from . import roles
from .filters import registered_orders
from .models import Order
from .numbers import number_matches, whole_number
from .statuses import status_of

MOST_ORDERS = 5000
MOST_DEVICES = 500
FEWEST_LETTERS = 2
FEWEST_OF_MANY = 3  # letters, where less would mean too many
DIGITS_OF_IDENTITY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One row: where it leads, its number, its name, and a word beside it."""

    url: str
    number: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The hits of one kind. `url` is the list with all of them, where there is one."""

    key: str
    title: str
    hits: list[Hit]
    has_more: bool
    url: str = ""


@dataclass(slots=True, kw_only=True)
class Findings:
    groups: list[Group] = field(default_factory=list)
    patients: list[Patient] = field(default_factory=list)
    """Those that are shown, for the access log."""

    advice: str = ""
    """What is wrong with an identity number, where nothing was found."""


def find_everywhere(text: str, *, user: User, at: datetime, whole: bool = False, limit: int = 5) -> Findings:
    """What the text can mean to the user, at most `limit` of each kind.

    A patient is looked for by a whole identity number, and by name only when the text is `whole`, not while it is being
    typed. Raises TooManySearches (parties.limits), which only a search for patients counts towards.
    """
    findings = Findings()
    text = text.strip()
    if len(text) < FEWEST_LETTERS:
        return findings
    for permission, look in SEARCHES:
        if user.has_perm(permission):
            findings.groups += filter(None, [look(text, user, limit)])
    if user.has_perm(roles.VIEW_PATIENTS):
        find_patients(findings, text, user=user, at=at, whole=whole, limit=limit)
    return findings


def find_patients(findings: Findings, text: str, *, user: User, at: datetime, whole: bool, limit: int) -> None:
    try:
        parse_identity_number(text)
    except InvalidIdentityNumber as error:
        digits = sum(letter.isdigit() for letter in text)
        if digits >= DIGITS_OF_IDENTITY and not findings.groups:
            findings.advice = str(error)
        if digits or not whole or not name_words(text):
            return
    count_patient_search(by=user, at=at)
    found = Patient.objects.visible_to(user).filter(patient_matches(text)).order_by(swedish_order("name"), "pk")
    patients = list(found[: limit + 1])
    findings.patients = patients[:limit]
    findings.groups += filter(None, [group("patienter", "Patienter", map(patient_hit, patients), limit)])


def may_find(user: User) -> bool:
    return user.has_perm(roles.VIEW_PATIENTS) or any(user.has_perm(permission) for permission, _ in SEARCHES)


def exact_order(text: str, *, user: User) -> Order | None:
    """The order whose whole number the text is, if the user may see it."""
    number = whole_number(text)
    return registered_orders(user).filter(number=number).first() if number else None


def group(key: str, title: str, hits: Iterator[Hit], limit: int, url: str = "") -> Group | None:
    rows = list(hits)
    return Group(key=key, title=title, hits=rows[:limit], has_more=len(rows) > limit, url=url) if rows else None


def all_in(name: str, **query: str) -> str:
    return f"{reverse(name)}?{urlencode(query)}"


def orders(text: str, user: User, limit: int) -> Group | None:
    matching = number_matches(text)
    if matching is None:
        return None
    # First what the index gives, however much of it others own: else the newest orders would be read one by one.
    candidates = Order.objects.filter(matching).order_by().values("pk")[:MOST_ORDERS]
    newest = registered_orders(user).filter(pk__in=candidates).order_by("-registered_at", "-pk")
    found = list(newest.values_list("pk", flat=True)[: limit + 1])
    rows = Order.objects.filter(pk__in=found).for_list() if found else []
    return group("ordrar", "Ordrar", map(order_hit, rows), limit, all_in("order_list", sok=text))


def order_hit(order: Order) -> Hit:
    """To whom it goes is said of units and stores; a patient is not shown, so that typing looks at nobody."""
    recipient = "patient" if order.recipient_patient_id else order.recipient_label
    return Hit(
        url=order.get_absolute_url(),
        number=str(order),
        name=f"{order.subtype} till {recipient}",
        note=status_of(order).word,
    )


def articles(text: str, user: User, limit: int) -> Group | None:
    if len(text) < FEWEST_OF_MANY:
        return None
    found = search_articles(text, limit=limit + 1)
    return group("artiklar", "Artiklar", map(article_hit, found), limit, all_in("article_list", sok=text))


def article_hit(article: Article) -> Hit:
    return Hit(
        url=reverse("article_detail", args=[article.number]),
        number=article.number,
        name=article.name,
        note="" if article.in_assortment else "utanför sortimentet",
    )


def devices(text: str, user: User, limit: int) -> Group | None:
    if len(text) < FEWEST_OF_MANY or not any(letter.isdigit() for letter in text):
        return None
    written = {text, text.upper()}
    matching = Q(serial_number__in=written) & ~Q(serial_number="")
    for number in written:
        matching |= Q(number__startswith=number)
    candidates = list(Device.objects.filter(matching).order_by().values_list("pk", flat=True)[:MOST_DEVICES])
    if not candidates:
        return None
    visible = Device.objects.visible_to(user).filter(pk__in=candidates)
    found = visible.select_related("article").order_by("number")[: limit + 1]
    return group("individer", "Individer", map(device_hit, found), limit, all_in("device_list", sok=text))


def device_hit(device: Device) -> Hit:
    url = all_in("device_list", sok=device.number)
    return Hit(url=url, number=device.number, name=str(device.article), note=device.serial_number)


def warehouses(text: str, user: User, limit: int) -> Group | None:
    found = Warehouse.objects.visible_to(user).filter(number_or_name(text)).order_by("number")[: limit + 1]
    return group("lager", "Lager", map(warehouse_hit, found), limit)


def warehouse_hit(warehouse: Warehouse) -> Hit:
    note = "" if warehouse.is_active else "inaktivt"
    url = all_in("stock_list", lager=warehouse.number)
    return Hit(url=url, number=warehouse.number, name=warehouse.name, note=note)


def units(text: str, user: User, limit: int) -> Group | None:
    found = Party.objects.visible_to(user).filter(number_or_name(text), is_supplier=False)
    return group("enheter", "Enheter", map(unit_hit, found.order_by("number")[: limit + 1]), limit)


def unit_hit(unit: Party) -> Hit:
    note = "" if unit.is_active else "inaktiv"
    return Hit(url=reverse("unit_detail", args=[unit.pk]), number=unit.number, name=unit.name, note=note)


def patient_hit(patient: Patient) -> Hit:
    """By the rules of the patient list: protected identity is found by its number and shows neither that nor a name."""
    number = "" if patient.is_protected else patient.formatted_number
    note = "avliden" if patient.deceased_on else ""
    return Hit(url=reverse("patient_detail", args=[patient.pk]), number=number, name=patient.label, note=note)


SEARCHES: list[tuple[str, Callable[[str, User, int], Group | None]]] = [
    (roles.VIEW_ORDERS, orders),
    (roles.VIEW_STOCK, articles),
    (roles.VIEW_STOCK, devices),
    (roles.VIEW_ORDERS, units),
    (roles.VIEW_STOCK, warehouses),
]
"""What each kind of hit asks of the user's role, in the order shown."""
