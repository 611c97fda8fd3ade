"""Whom an order may go to: what a text in the field *Mottagare* means for each order type."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from inventory.models import Warehouse, WarehouseKind
from inventory.models.warehouse import WarehouseQuerySet
from inventory.queries import central_warehouse, own_store
from parties.identity import InvalidIdentityNumber, parse_identity_number
from parties.limits import TooManySearches, count_patient_search
from parties.models import Party, Patient, User, UserCustomer
from parties.models.party import PartyQuerySet
from parties.queries import patient_matches
from parties.sorting import swedish_order

from .models import Order, OrderSubtype, OrderType, SenderRule

MOST_PATIENTS = 20


class RecipientNotFound(Exception):
    """Nobody, or the wrong kind of recipient; the message says what to do, in Swedish."""


class SeveralPatients(RecipientNotFound):
    """The text fits several patients; one has to be chosen."""

    def __init__(self, patients: list[Patient]) -> None:
        super().__init__("Flera patienter stämmer. Välj en i listan.")
        self.patients = patients


def find_recipient(
    text: str, *, type: OrderType, customer: Party, user: User, chosen: int | None = None
) -> Warehouse | Party | Patient:
    """The recipient that the text names, within the customer's municipality.

    For a patient `chosen` says which of several hits is meant. Raises RecipientNotFound, SeveralPatients.
    """
    if type == OrderType.TRANSFER:
        return _find_store(text, customer)
    if type == OrderType.REQUISITION:
        return _find_unit(text, customer)
    return _find_patient(text, customer, user, chosen)


def stores_of(customer: Party) -> WarehouseQuerySet:
    """The municipal stores that the customer's municipality owns."""
    stores = Warehouse.objects.filter(
        owner__parent=customer.municipality_id, kind=WarehouseKind.MUNICIPAL, is_active=True
    )
    return stores.order_by("number")


def units_of(customer: Party) -> PartyQuerySet:
    """The care units of the customer's municipality."""
    return Party.objects.active().care_units().filter(parent=customer.municipality_id).order_by("number")


def places_for(order: Order, customer: Party) -> QuerySet[Warehouse] | QuerySet[Party]:
    """Where an order that goes to no patient can go: a transfer to a store, a requisition to a care unit."""
    if order.type == OrderType.TRANSFER:
        return stores_of(customer).exclude(pk=order.sender_id or 0)
    return units_of(customer)


def senders_of(customer: Party, subtype: OrderSubtype) -> list[Warehouse]:
    """The warehouses that the customer's goods can come from; some of them mean another kundordertyp."""
    store = own_store(customer)
    if subtype.sender_rule == SenderRule.OTHER_MUNICIPAL:
        others = Warehouse.objects.filter(kind=WarehouseKind.MUNICIPAL, is_active=True).order_by("number")
        return [warehouse for warehouse in others if warehouse != store]
    return [warehouse for warehouse in (store, central_warehouse(store)) if warehouse]


def payers_for(user: User) -> PartyQuerySet:
    """Who can be invoiced, of those that the user sees."""
    return Party.objects.active().visible_to(user).filter(Q(is_customer=True) | Q(is_municipality=True))


def handlers() -> QuerySet[User]:
    """The people of Hjälpmedelsservice."""
    central = UserCustomer.objects.filter(customer__is_region=True)
    return User.objects.filter(is_active=True, pk__in=central.values("user"))


def _find_store(text: str, customer: Party) -> Warehouse:
    for store in stores_of(customer):
        if store.number == text:
            return store
    raise RecipientNotFound(f"Din kommun har inget lager {text}. En lagerflytt går till ert eget kommunlager.")


def _find_unit(text: str, customer: Party) -> Party:
    for unit in units_of(customer):
        if unit.number.lower() == text.lower():
            return unit
    if _is_identity_number(text):
        raise RecipientNotFound("En beställning går till en vårdenhet, inte till en patient. Gör en förskrivning.")
    if Warehouse.objects.filter(number=text).exists():
        raise RecipientNotFound(f"Lager {text} är ingen vårdenhet i din kommun. En beställning går till en vårdenhet.")
    if Party.objects.filter(parent=customer.municipality_id, number__iexact=text).exists():
        raise RecipientNotFound(f"{text} är ingen vårdenhet. En beställning går alltid till en vårdenhet.")
    raise RecipientNotFound(f"Det finns ingen vårdenhet {text} i din kommun. Skriv numret på en av kommunens enheter.")


def _find_patient(text: str, customer: Party, user: User, chosen: int | None) -> Patient:
    try:
        count_patient_search(by=user, at=timezone.now())
    except TooManySearches as error:
        raise RecipientNotFound(str(error)) from error
    found = find_patients(text, customer, user)
    if len(found) == 1:
        return found[0]
    for patient in found:
        if patient.pk == chosen:
            return patient
    raise SeveralPatients(found)


def find_patients(text: str, customer: Party, user: User) -> list[Patient]:
    """Patients of the customer's municipality, which is one of the user's; at most 20. Raises RecipientNotFound."""
    if any(character.isdigit() for character in text):
        try:
            parse_identity_number(text)
        except InvalidIdentityNumber as error:
            raise RecipientNotFound(str(error)) from error
    patients = Patient.objects.visible_to(user).filter(patient_matches(text), municipality=customer.municipality_id)
    found = list(patients.order_by(swedish_order("name"), "pk")[:MOST_PATIENTS])
    if not found:
        raise RecipientNotFound("Ingen patient i din kommun stämmer. Kontrollera numret eller namnet.")
    return found


def _is_identity_number(text: str) -> bool:
    try:
        parse_identity_number(text)
    except InvalidIdentityNumber:
        return False
    return True
