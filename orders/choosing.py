"""What can be chosen at each field of the step *Parter*, found while one types: what one used last comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Q, QuerySet, Value, When

from inventory.models import Warehouse
from parties.identity import InvalidIdentityNumber, parse_identity_number
from parties.limits import count_patient_search
from parties.models import Party, Patient, PrescribingRight, User
from parties.prepared import prepared
from parties.queries import patient_matches
from parties.searching import name_matches, name_words, number_or_name, one_of
from parties.sorting import swedish_order

from .access import CREATE
from .models import Order, OrderType
from .operations.verifying import customers_of, find_user
from .recipients import handlers, payers_for, places_for, senders_of

MOST_CHOICES = 8
MOST_RECENT_ORDERS = 50
FEWEST_LETTERS = 3  # of a patient's name
RECIPIENTS = {
    OrderType.TRANSFER: "recipient_warehouse",
    OrderType.REQUISITION: "recipient_unit",
    OrderType.PRESCRIPTION: "recipient_patient",
}

ORDERERS = """
    WITH role AS MATERIALIZED (
        SELECT held.group_id FROM auth_group_permissions AS held
        JOIN auth_permission AS permission ON permission.id = held.permission_id
        JOIN django_content_type AS type ON type.id = permission.content_type_id
        WHERE type.app_label = %(app)s AND permission.codename = %(codename)s
    )
    SELECT DISTINCT link.user_id FROM parties_usercustomer AS link
    JOIN parties_party AS unit ON unit.id = link.customer_id
    WHERE (unit.id = ANY(%(here)s) OR unit.parent_id = ANY(%(here)s)) AND (
        EXISTS (SELECT FROM parties_user_groups WHERE user_id = link.user_id AND group_id IN (SELECT * FROM role))
        OR EXISTS (
            SELECT FROM parties_usercustomer_roles WHERE usercustomer_id = link.id AND group_id IN (SELECT * FROM role)
        )
    )
"""
"""Who works in these municipalities with such a role, everywhere or there. In one statement with what is typed,
PostgreSQL asked it of everybody in the region: 11 ms."""

type Chosen = User | Party | Warehouse | Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What stands in the form: who is meant as orderer and customer decides what else can be chosen."""

    order: Order
    by: User
    on: date
    orderer: str
    customer: str

    def customers(self) -> list[Party]:
        orderer = find_user(self.orderer, by=self.by) if self.orderer else None
        active = orderer is not None and orderer.is_active
        return customers_of(orderer, type=OrderType(self.order.type), by=self.by) if orderer and active else []

    def customer_meant(self) -> Party | None:
        customers = self.customers()
        return next((party for party in customers if self.customer in ("", party.number)), None)


class NothingToChoose(Exception):
    """Something else has to be filled in first; the message says what, in Swedish."""


def choices(field: str, text: str, *, asked: Asked, at: datetime) -> Iterable[Chosen]:
    """At most eight that can be chosen at the field and fit the text, the last used first; all fit an empty text.

    Raises NothingToChoose, and TooManySearches (parties.limits) of a search for patients.
    """
    text, recent = text.strip(), last_used(field, asked.order, asked.by)
    match field:
        case "orderer":
            return _people(orderers(asked), text, recent)
        case "handler":
            return _people(handlers(), text, recent)
        case "payer":
            return _numbered(payers_for(asked.by), text, recent)
        case "customer":
            customers = Party.objects.filter(pk__in=[party.pk for party in asked.customers()])
            return _numbered(customers, text, recent)
    customer = asked.customer_meant()
    if customer is None:
        raise NothingToChoose("Fyll i vem som beställer och för vilken kund först.")
    if field == "sender":
        possible = [warehouse.pk for warehouse in senders_of(customer, asked.order.subtype)]
        return _numbered(Warehouse.objects.filter(pk__in=possible), text, recent)
    if asked.order.type != OrderType.PRESCRIPTION:
        return _numbered(places_for(asked.order, customer), text, recent)
    patients = Patient.objects.visible_to(asked.by).filter(municipality=customer.municipality_id)
    return _patients(patients.filter(deceased_on__isnull=True), text, recent, asked.by, at)


def other_recipients(text: str, *, order: Order, by: User) -> Iterable[Chosen]:
    """The same for another recipient of a registered order; a prescription stays with its patient."""
    if order.customer is None or order.type == OrderType.PRESCRIPTION:
        return []
    return _numbered(places_for(order, order.customer), text.strip(), last_used("recipient", order, by))


def last_used(field: str, order: Order, by: User) -> list[int]:
    """What stood in the field of the person's own last orders of the kind, the newest first."""
    column = RECIPIENTS[OrderType(order.type)] if field == "recipient" else field
    orders = Order.objects.filter(registrar=by, type=order.type).exclude(pk=order.pk)
    used = orders.order_by("-pk").values_list(column, flat=True)[:MOST_RECENT_ORDERS]
    return list(dict.fromkeys(pk for pk in used if pk))[:MOST_CHOICES]


def orderers(asked: Asked) -> QuerySet[User]:
    """Active people of the own municipalities whose role makes such orders, with a right if they prescribe."""
    app, codename = CREATE[OrderType(asked.order.type)].split(".")
    with prepared() as cursor:
        cursor.execute(ORDERERS, {"here": list(asked.by.municipality_ids), "app": app, "codename": codename})
        people = User.objects.filter(one_of("pk", [pk for (pk,) in cursor.fetchall()]), is_active=True)
    if asked.order.type != OrderType.PRESCRIPTION:
        return people
    return people.filter(pk__in=PrescribingRight.objects.valid_on(asked.on).values("user"))


def _first(recent: list[int]) -> list[Case]:
    whens = [When(pk=pk, then=Value(place)) for place, pk in enumerate(recent)]
    return [Case(*whens, default=Value(len(recent)))] if whens else []


def _people(people: QuerySet[User], text: str, recent: list[int]) -> Iterable[User]:
    if text and not people.filter(username__iexact=text).exists():
        people = people.filter(Q(username__istartswith=text) | name_matches(text))
    exact = Case(When(username__iexact=text, then=Value(0)), default=Value(1))
    return people.order_by(exact, *_first(recent), swedish_order("name"), "pk")[:MOST_CHOICES]


def _numbered(
    rows: QuerySet[Warehouse] | QuerySet[Party], text: str, recent: list[int]
) -> Iterable[Warehouse] | Iterable[Party]:
    """A number that stands there already narrows nothing: whoever asks then wants to see the others."""
    if text and not rows.filter(number=text).exists():
        rows = rows.filter(number_or_name(text))
    exact = Case(When(number=text, then=Value(0)), default=Value(1))
    return rows.order_by(exact, *_first(recent), "number")[:MOST_CHOICES]


def _patients(patients: QuerySet[Patient], text: str, recent: list[int], by: User, at: datetime) -> Iterable[Patient]:
    """By a whole identity number, or three letters of a name; those prescribed to last before anything is typed."""
    if not text:
        return patients.filter(pk__in=recent, protection="NONE").order_by(*_first(recent))[:MOST_CHOICES]
    try:
        parse_identity_number(text)
    except InvalidIdentityNumber:
        if any(letter.isdigit() for letter in text):
            return []
        if max(map(len, name_words(text)), default=0) < FEWEST_LETTERS:
            raise NothingToChoose("Skriv minst tre bokstäver av namnet, eller hela identitetsnumret.") from None
    count_patient_search(by=by, at=at)
    found = patients.filter(patient_matches(text))
    return found.order_by(*_first(recent), swedish_order("name"), "pk")[:MOST_CHOICES]
