"""Whom an order may go to: what a text in the field *Mottagare* means for each order type."""

from django.utils import timezone

from inventory.models import Warehouse, WarehouseKind
from parties.identity import InvalidIdentityNumber, parse_identity_number
from parties.limits import TooManySearches, count_patient_search
from parties.models import Party, Patient, User
from parties.queries import patient_matches
from parties.sorting import swedish_order

from .models import OrderType

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


def stores_of(customer: Party) -> list[Warehouse]:
    """The municipal stores that the customer's municipality owns."""
    stores = Warehouse.objects.filter(
        owner__parent=customer.municipality_id, kind=WarehouseKind.MUNICIPAL, is_active=True
    )
    return list(stores.order_by("number"))


def units_of(customer: Party) -> list[Party]:
    """The care units of the customer's municipality."""
    units = Party.objects.active().care_units().filter(parent=customer.municipality_id)
    return list(units.order_by("number"))


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
