"""The access log (patientdatalagen; HSLF-FS 2016:40, 4 kap. 9 §): one row for each look at a patient.

Views note what they show with `note_access` (how and when is written in `parties/looks.py`), and the middleware writes
it with `write_noted`. What changes data in a transaction of its own and must be logged with it calls `log_access`.
"""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest

from parties.looks import Act, Look, Patients, looks_at, note_access, take_noted
from parties.models import Party, User
from parties.units import acting_unit

from .models import AccessLogEntry

__all__ = ["Act", "log_access", "note_access", "write_noted"]


def write_noted(request: HttpRequest, *, at: datetime) -> bool:
    """Write what the request has noted, in one statement, and say whether there was anything."""
    noted = take_noted(request)
    if not noted:
        return False
    if not isinstance(request.user, User):
        raise TypeError("a patient was shown to nobody that is logged in")
    route = request.resolver_match.view_name if request.resolver_match else ""
    _write(noted, by=request.user, unit=acting_unit(request), at=at, route=route)
    return True


def log_access(
    patients: Patients,
    act: Act,
    *,
    by: User,
    unit: Party | None,
    at: datetime,
    about: str = "",
    reason: str = "",
    is_emergency: bool = False,
) -> None:
    """Write at once, for an act that is logged in its own transaction. One statement, or none for nobody."""
    looks = dict.fromkeys(looks_at(patients, act, about=about, reason=reason, is_emergency=is_emergency))
    if looks:
        _write(looks, by=by, unit=unit, at=at, route="")


def _write(looks: Iterable[Look], *, by: User, unit: Party | None, at: datetime, route: str) -> None:
    AccessLogEntry.objects.bulk_create(
        AccessLogEntry(
            at=at,
            user=by,
            unit=unit,
            patient_id=look.patient_id,
            act=look.act,
            about=look.about,
            route=route,
            reason=look.reason,
            is_emergency=look.is_emergency,
            is_protected=look.is_protected,
        )
        for look in looks
    )
