"""Own care (inre sekretess, patientdatalagen 4 kap. 1 §): whose patients a unit may open without saying why."""

from collections.abc import Iterable
from datetime import date
from enum import Enum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from parties.models import CareRelation, Party, Patient
from parties.openings import is_opened
from parties.requests import UserRequest
from parties.units import acting_unit

from .models import Holding, Order
from .models.order import OPEN_STATES


class Gate(Enum):
    """What stands between a person and a patient's page."""

    OPEN = "open"
    REASON = "reason"  # protected identity, also in own care
    EMERGENCY = "emergency"  # outside own care: nödöppning


def gate_to(request: UserRequest, patient: Patient) -> Gate:
    """What has to be said before this person may open the patient, who lives in the person's own municipality."""
    if is_opened(request, patient):
        return Gate.OPEN
    if not is_in_own_care(patient, acting_unit(request), on=timezone.localdate()):
        return Gate.EMERGENCY
    return Gate.REASON if patient.is_protected else Gate.OPEN


def is_in_own_care(patient: Patient, unit: Party | None, *, on: date) -> bool:
    return patient.pk in own_patients(unit, on=on, among=[patient])


def own_patients(unit: Party | None, *, on: date, among: Iterable[Patient] | None = None) -> frozenset[int]:
    """The patients that the unit has an open order to, who have something from it, or whom it is registered with.

    As primary keys, all of them (some thousands in a large unit) or those `among` some. One statement, by indexes.
    """
    if unit is None:
        return frozenset()
    has_left = Holding.objects.filter(delivery_line__delivery__order=OuterRef("pk"), closed_at__isnull=True)
    orders = Order.objects.filter(
        Q(state__in=OPEN_STATES) | Q(Exists(has_left)), customer=unit, recipient_patient__isnull=False
    )
    relations = CareRelation.objects.valid_on(on).filter(unit=unit)
    if among is not None:
        keys = [patient.pk for patient in among]
        orders, relations = orders.filter(recipient_patient__in=keys), relations.filter(patient__in=keys)
    found = orders.values_list("recipient_patient", flat=True).union(relations.values_list("patient", flat=True))
    return frozenset(found)


def holdings_of(patient: Patient) -> QuerySet[Holding]:
    """What the patient has (innehav), whoever it came from, the newest first."""
    return (
        Holding.objects.filter(location__patient=patient, closed_at__isnull=True)
        .select_related("article", "device", "delivery_line__delivery__order__customer")
        .order_by("-opened_at", "-pk")
    )
