"""Looks at patients: what a request shows of whom, collected for the access log (the app `audit`, which writes it).

A view that shows a patient, by whatever little of the name, says so before it answers:

    note_access(request, order.recipient_patient, Act.ORDER, about=str(order))   # one patient, or None
    note_access(request, page, Act.SEARCH_HIT)                                   # all that the page shows

Nothing is written then: `sesam.middleware.AccessLogMiddleware` writes all of a request's looks in one statement before
the answer leaves. A streamed answer notes its patients before it is returned, since its rows leave after that. Orders
have helpers of their own in `orders/looks.py`, and the administration notes by itself (`SesamAdmin.patients_of`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest

from .models import Patient

Patients = Iterable[Patient | None] | Patient | None


class Act(models.TextChoices):
    """What was done with a patient's data (HSLF-FS 2016:40, 4 kap. 9 §)."""

    SEARCH_HIT = "SEARCH", "Sökträff"
    LIST = "LIST", "Visad i lista"
    PATIENT = "PATIENT", "Öppnad patient"
    DRAFT = "DRAFT", "Order under registrering"
    ORDER = "ORDER", "Öppnad order"
    SAVE = "SAVE", "Sparad order"
    DELIVERY = "DELIVERY", "Utleverans"
    RECEIPT = "RECEIPT", "Mottagning"
    RETURN = "RETURN", "Retur"
    CANCEL = "CANCEL", "Makulering"
    PRINT = "PRINT", "Utskrivet dokument"
    EXPORT = "EXPORT", "Export"
    EMERGENCY = "EMERGENCY", "Nödöppning"
    ADMIN_LIST = "ADMINLIST", "Visad i administrationens lista"
    ADMIN = "ADMIN", "Öppnad i administrationen"
    LOG_REVIEW = "REVIEW", "Loggranskning"
    LOG_EXTRACT = "EXTRACT", "Loggutdrag"


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
    for look in looks_at(patients, act, about=about, reason=reason, is_emergency=is_emergency):
        noted[look] = None


def take_noted(request: HttpRequest) -> list[Look]:
    """What the request has noted so far, for whoever writes it; it is not there a second time."""
    return list(vars(request).pop("patient_looks", ()))


def looks_at(patients: Patients, act: Act, *, about: str, reason: str, is_emergency: bool) -> Iterator[Look]:
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
