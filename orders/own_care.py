"""Own care (inre sekretess, patientdatalagen 4 kap. 1 §): whose patients a unit may open without saying why."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from parties.models import CareRelation, Party, Patient, User
from parties.openings import is_opened
from parties.requests import UserRequest
from parties.sorting import listed_name
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


def own_patients(unit: Party | None, *, on: date, among: Iterable[Patient]) -> frozenset[int]:
    """The patients that the unit has an open order to, who have something from it, or whom it is registered with.

    As primary keys, those `among` some. One statement, by indexes.
    """
    return frozenset(_patients_of(unit, on, [patient.pk for patient in among])) if unit else frozenset()


def own_patients_by_name(user: User, unit: Party | None, *, on: date) -> list[int]:
    """All of them that the user may see, as primary keys (some thousands in a large unit), as *Patienter* has them."""
    if unit is None:
        return []
    own = Patient.objects.visible_to(user).filter(pk__in=_patients_of(unit, on))
    return list(own.order_by(listed_name(), "pk").values_list("pk", flat=True))


def _patients_of(unit: Party, on: date, among: Sequence[int] | None = None) -> QuerySet[Any, int]:
    orders = Order.objects.filter(state__in=OPEN_STATES, customer=unit, recipient_patient__isnull=False)
    holdings = Holding.objects.open().filter(customer=unit, location__patient__isnull=False)
    relations = CareRelation.objects.valid_on(on).filter(unit=unit)
    if among is not None:
        orders = orders.filter(recipient_patient__in=among)
        holdings = holdings.filter(location__patient__in=among)
        relations = relations.filter(patient__in=among)
    return orders.values_list("recipient_patient", flat=True).union(
        holdings.values_list("location__patient", flat=True), relations.values_list("patient", flat=True)
    )


def holdings_of(patient: Patient) -> QuerySet[Holding]:
    """What the patient has (innehav), whoever it came from, the newest first."""
    return (
        Holding.objects.filter(location__patient=patient, closed_at__isnull=True)
        .select_related("article", "device", "delivery_line__delivery__order__customer")
        .order_by("-opened_at", "-pk")
    )
