"""The access log (patientdatalagen; HSLF-FS 2016:40, 4 kap. 9 §): one row for each look at a patient.

Views note what they show with `note_access` (how and when is written in `parties/looks.py`), and the middleware writes
it with `write_noted`. What changes data in a transaction of its own and must be logged with it calls `log_access`.
"""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from django.http import HttpRequest

from parties.looks import Act, Look, Patients, looks_at, note_access, take_noted
from parties.models import Party, User
from parties.prepared import prepared
from parties.units import acting_unit

__all__ = ["Act", "log_access", "note_access", "write_noted"]

WRITE = """
    INSERT INTO audit_accesslogentry
        (at, user_id, unit_id, route, patient_id, act, about, reason, is_emergency, is_protected)
    SELECT %s, %s, %s, %s, look.*
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::boolean[], %s::boolean[]) AS look
"""


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
    """In plain SQL: `bulk_create` makes an object of each row and reads what it has written."""
    shown = attrgetter("patient_id", "act.value", "about", "reason", "is_emergency", "is_protected")
    columns = [list(column) for column in zip(*map(shown, looks), strict=True)]
    with prepared() as cursor:
        cursor.execute(WRITE, [at, by.pk, unit.pk if unit else None, route, *columns])
