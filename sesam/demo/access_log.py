"""Care relations, and looks at patients for the log review: ordinary ones, some that stand out, one reviewed."""

from datetime import datetime, timedelta

from audit.accessing import log_access
from audit.days import SWEDEN, month_before, month_of, start_of
from audit.models import AccessLogEntry, Act, Outcome
from audit.operations.reviewing import record_review
from audit.operations.sampling import draw_sample
from parties.operations.relating import register_relation

from .order_steps import patient, user

REVIEWER = "logg01"


def add_relations(at: datetime) -> None:
    """Patients whom a unit has known for long."""
    for username, number in (("anbe01", "193111049809"), ("masv01", "194506309824"), ("saek01", "194712249863")):
        by = user(username)
        assert by.unit
        on = (at - timedelta(days=200)).date()
        register_relation(patient=patient(number), unit=by.unit, by=by, on=on)


def add_looks(at: datetime) -> None:
    """Those of last month, and then those of the last days; `at` is now."""
    month = month_before(month_of(at.astimezone(SWEDEN).date()))
    _last_month(start_of(month) + timedelta(days=9, hours=13))
    draw_sample(month=month, by=user(REVIEWER), at=at)
    _last_days(at)


def _last_month(at: datetime) -> None:
    for days, username, number in (
        (0, "anbe01", "193111049809"),
        (1, "jolu01", "193802199814"),
        (3, "masv01", "194506309824"),
        (4, "saek01", "196203659922"),
    ):
        _look(username, number, Act.PATIENT, at + timedelta(days=days, minutes=7 * days))
    _look("hmor01", "193111049809", Act.ORDER, at + timedelta(days=1))
    night = at.replace(hour=2, minute=40) + timedelta(days=5)
    reason = "Jourbesök efter fall, patienten behöver en rollator i natt."
    _look("anbe01", "201404082388", Act.EMERGENCY, night, reason=reason)
    entry = AccessLogEntry.objects.latest("id")
    record_review(
        user=entry.user,
        patient_id=entry.patient_id,
        day=entry.at.astimezone(SWEDEN).date(),
        seen_to=entry.pk,
        outcome=Outcome.FOLLOW_UP,
        note="Frågat enhetschefen om jouren den natten.",
        by=user(REVIEWER),
        at=night + timedelta(days=7),
    )


def _last_days(at: datetime) -> None:
    evening = (at - timedelta(days=1)).astimezone(SWEDEN).replace(hour=23, minute=12)
    reason = "Anhörig ringde om en trasig rullstol, behöver se vad patienten har."
    _look("jolu01", "193802199814", Act.EMERGENCY, evening, reason=reason)
    _look("jolu01", "193802199814", Act.PATIENT, evening + timedelta(minutes=1))
    reason = "Utprovning av duschpall i dag, kontrollerar vem det gäller."
    _look("saek01", "194712249863", Act.PATIENT, at - timedelta(days=2), reason=reason)


def _look(username: str, number: str, act: Act, at: datetime, *, reason: str = "") -> None:
    by = user(username)
    is_emergency = act == Act.EMERGENCY
    log_access(patient(number), act, by=by, unit=by.unit, at=at, reason=reason, is_emergency=is_emergency)
