"""Own care (inre sekretess, patientdatalagen 4 kap. 1 §): whose patients a unit may open without saying why."""

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
    return unit is not None and Patient.objects.filter(own_care_of(unit, on=on), pk=patient.pk).exists()


def own_care_of(unit: Party, *, on: date) -> Q:
    """The patients that the unit has an open order to, who have something from it, or whom it is registered with."""
    patient = OuterRef("pk")
    orders = Order.objects.filter(recipient_patient=patient, customer=unit, state__in=OPEN_STATES)
    holdings = Holding.objects.filter(
        location__patient=patient, closed_at__isnull=True, delivery_line__delivery__order__customer=unit
    )
    relations = CareRelation.objects.valid_on(on).filter(patient=patient, unit=unit)
    return Q(Exists(orders)) | Q(Exists(holdings)) | Q(Exists(relations))


def holdings_of(patient: Patient) -> QuerySet[Holding]:
    """What the patient has (innehav), whoever it came from, the newest first."""
    return (
        Holding.objects.filter(location__patient=patient, closed_at__isnull=True)
        .select_related("article", "device", "delivery_line__delivery__order__customer")
        .order_by("-opened_at", "-pk")
    )
