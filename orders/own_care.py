"""Own care (inre sekretess, patientdatalagen 4 kap. 1 §): whose patients a unit may open without saying why."""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any

from django.utils import timezone

from parties.models import Party, Patient, User
from parties.openings import is_opened
from parties.prepared import prepared
from parties.reading import Reader
from parties.requests import UserRequest
from parties.units import acting_unit

from .conditions import IS_OPEN
from .models import Holding

ORDERED = f"""
    SELECT o.recipient_patient_id AS id FROM orders_order AS o
    WHERE o.customer_id = %(unit)s AND o.recipient_patient_id IS NOT NULL AND {IS_OPEN}
"""  # noqa: S608  # a constant
REGISTERED = """
    SELECT relation.patient_id FROM parties_carerelation AS relation
    WHERE relation.unit_id = %(unit)s
        AND relation.since <= %(on)s AND (relation.until IS NULL OR relation.until >= %(on)s)
"""
OWN_AMONG = f"""
    {ORDERED} AND o.recipient_patient_id = ANY(%(among)s)
    UNION SELECT place.patient_id FROM inventory_location AS place WHERE place.patient_id = ANY(%(among)s) AND EXISTS (
        SELECT FROM orders_holding AS holding
        WHERE holding.location_id = place.id AND holding.customer_id = %(unit)s AND holding.closed_at IS NULL
    )
    UNION {REGISTERED} AND relation.patient_id = ANY(%(among)s)
"""  # noqa: S608  # of constants
NEXT_PLACE = """
    SELECT location_id FROM orders_holding
    WHERE customer_id = %(unit)s AND closed_at IS NULL{beyond} ORDER BY location_id LIMIT 1
"""
OWN_BY_NAME = f"""
    WITH RECURSIVE place AS (
        ({NEXT_PLACE.replace("{beyond}", "")})
        UNION ALL
        SELECT ({NEXT_PLACE.replace("{beyond}", " AND location_id > place.location_id")}) FROM place
        WHERE place.location_id IS NOT NULL
    )
    SELECT patient.id FROM (
        SELECT location.patient_id AS id FROM place JOIN inventory_location AS location ON location.id = location_id
        UNION {ORDERED} UNION {REGISTERED}
    ) AS own
    JOIN parties_patient AS patient ON patient.id = own.id AND patient.municipality_id = ANY(%(municipalities)s)
    ORDER BY CASE WHEN patient.protection = 'NONE' THEN translate(lower(patient.name), 'åä', 'äå')
        ELSE chr(1114111) END COLLATE "C", patient.id
"""  # noqa: S608  # of constants
"""Goes from each place where something of the unit's is to the next one by the index: a unit has things with some
hundreds of patients, and perhaps tens of thousands at its own place. The order is that of `listed_name`."""

SHOWN = {
    "location": ("id", "patient_id"),
    "article": ("id", "number", "name", "unit"),
    "device": ("id", "number"),
    "customer": ("id", "number", "name"),
    "delivery_line": ("id", "delivery_id"),
    "delivery_line__delivery": ("id", "order_id"),
    "delivery_line__delivery__order": ("id", "number"),
}
HOLDINGS = Reader(Holding, *SHOWN, only=SHOWN, is_sealed=True)


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
    keys = [patient.pk for patient in among]
    return frozenset(_keys(OWN_AMONG, unit, on, among=keys)) if unit and keys else frozenset()


def own_patients_by_name(user: User, unit: Party | None, *, on: date) -> list[int]:
    """All of them that the user may see, as primary keys (some thousands in a large unit), as *Patienter* has them."""
    return _keys(OWN_BY_NAME, unit, on, municipalities=list(user.municipality_ids)) if unit else []


def _keys(statement: str, unit: Party, on: date, **values: Any) -> list[int]:
    with prepared() as cursor:
        cursor.execute(statement, {"unit": unit.pk, "on": on, **values})
        return [key for (key,) in cursor.fetchall()]


def holdings_of(patient: Patient) -> list[Holding]:
    """What the patient has (innehav), whoever it came from, the newest first."""
    having = "location.patient_id = %s AND it.closed_at IS NULL ORDER BY it.opened_at DESC, it.id DESC"
    return HOLDINGS.read(having, [patient.pk])
