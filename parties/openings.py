"""Patients that somebody has given a reason to open: kept in the session, for the unit that was acted for then.

It ends with the session and when another unit is chosen. Who needs a reason is decided where own care is known
(`orders/own_care.py`); persons with protected identity need one everywhere.
"""

from django.http import HttpRequest

from .models import Patient
from .units import OPENED_PATIENTS, acting_unit


def is_opened(request: HttpRequest, patient: Patient) -> bool:
    """Whether a reason has been given in this session, as the unit that is acted for now."""
    kept = request.session.get(OPENED_PATIENTS)
    return kept is not None and kept["unit"] == _unit_id(request) and patient.pk in kept["patients"]


def keep_open(request: HttpRequest, patient: Patient) -> None:
    """Let the person open the patient for the rest of the session. The caller has written the reason to the log."""
    kept = request.session.get(OPENED_PATIENTS)
    if not kept or kept["unit"] != _unit_id(request):
        kept = {"unit": _unit_id(request), "patients": []}
    request.session[OPENED_PATIENTS] = kept | {"patients": sorted({*kept["patients"], patient.pk})}


def _unit_id(request: HttpRequest) -> int | None:
    unit = acting_unit(request)
    return unit.pk if unit else None
