"""The access log (patientdatalagen; HSLF-FS 2016:40, 4 kap. 9 §): one row for each look at a patient.

A view that shows a patient, by whatever little of the name, says so before it answers:

    note_access(request, order.recipient_patient, Act.ORDER, about=str(order))   # one patient, or None
    note_access(request, page.object_list, Act.SEARCH_HIT)                       # all that the page shows

Nothing is written then; `sesam.middleware.AccessLogMiddleware` writes all of a request's looks in one statement before
the answer leaves. A streamed answer notes its patients before it is returned, since its rows leave after that. What
changes data in a transaction of its own and must be logged with it calls `log_access` there instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from parties.models import Party, Patient, User
from parties.units import acting_unit

from .models import AccessLogEntry, Act

Patients = Iterable[Patient | None] | Patient | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    patient_id: int
    act: Act
    about: str
    reason: str
    is_emergency: bool
    is_protected: bool


def note_access(
    request: HttpRequest, patients: Patients, act: Act, *, about: str = "", reason: str = "", is_emergency: bool = False
) -> None:
    """Remember that this request shows these patients; the same look is written once.

    `about` is the object in the user's words (an order's number, `Utkast 12`), at most 80 characters, and never says
    who the patient is. `None` among the patients (an order to a care unit) is nobody.
    """
    noted: dict[Look, None] = vars(request).setdefault("patient_looks", {})
    for look in _looks(patients, act, about=about, reason=reason, is_emergency=is_emergency):
        noted[look] = None


def write_noted(request: HttpRequest, *, at: datetime) -> None:
    """Write what the request has noted, in one statement; no statement if it showed no patient."""
    if not (noted := vars(request).pop("patient_looks", None)):
        return
    if not isinstance(request.user, User):
        raise TypeError("a patient was shown to nobody that is logged in")
    route = request.resolver_match.view_name if request.resolver_match else ""
    _write(noted, by=request.user, unit=acting_unit(request), at=at, route=route)


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
    looks = dict.fromkeys(_looks(patients, act, about=about, reason=reason, is_emergency=is_emergency))
    if looks:
        _write(looks, by=by, unit=unit, at=at, route="")


def _looks(patients: Patients, act: Act, *, about: str, reason: str, is_emergency: bool) -> Iterable[Look]:
    for patient in [patients] if patients is None or isinstance(patients, Patient) else patients:
        if patient is not None:
            yield Look(
                patient_id=patient.pk,
                act=act,
                about=about,
                reason=reason,
                is_emergency=is_emergency,
                is_protected=patient.is_protected,
            )


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
