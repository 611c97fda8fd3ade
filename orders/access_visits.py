"""Visits: all that one user did with one patient's data on one day. What a log reviewer looks at, one at a time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import FETCH_RAISE, Exists, Min, OuterRef, Q, QuerySet

from audit.days import span_of
from audit.models import AccessLogEntry, AccessReview, AccessSample, Outcome, SampledVisit
from audit.models.access import AccessLogQuerySet
from parties.looks import Act
from parties.models import Patient, User

from .access_flags import FLAGS, Flag, flagged_entries, flags_of

type Key = tuple[int, int, date]  # user, patient, day

KEY = ("user", "patient", "day")
ACTS: dict[str, str] = dict(Act.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit with what the log holds of it, oldest first, and the latest review of it, if any."""

    day: date
    entries: list[AccessLogEntry]
    """From `flagged_entries`."""
    review: AccessReview | None = None

    @property
    def user(self) -> User:
        return self.entries[0].user

    @property
    def patient(self) -> Patient:
        return self.entries[0].patient

    @property
    def seen_to(self) -> int:
        """The newest row, so that what comes after it is reviewed anew."""
        return max(entry.pk for entry in self.entries)

    @property
    def flags(self) -> list[Flag]:
        return [flag for flag in FLAGS if any(getattr(entry, flag.name) for entry in self.entries)]

    @property
    def rows(self) -> list[tuple[AccessLogEntry, list[Flag]]]:
        return [(entry, flags_of(entry)) for entry in self.entries]

    @property
    def acts(self) -> list[str]:
        """What was done, each thing once."""
        return list(dict.fromkeys(ACTS.get(entry.act, entry.act) for entry in self.entries))

    @property
    def address(self) -> str:
        """Of its page (`log_visit`), after that of the log review; made here as a list has many."""
        return f"{self.user.pk}/{self.patient.pk}/{self.day}/"

    @property
    def reasons(self) -> list[str]:
        return list(dict.fromkeys(entry.reason for entry in self.entries if entry.reason))


def always_reviewed(user: User) -> QuerySet[Any, Any]:
    """The keys of visits that wait for a certain review (emergency openings, protected identity), oldest first."""
    keys = _waiting().visible_to(user).values_list(*KEY)
    return keys.annotate(first=Min("at")).order_by("first", *KEY)


@cache
def _waiting() -> AccessLogQuerySet:
    """The rows of those visits; made once, and each look-up narrows a copy of its own."""
    day = OuterRef("day")
    reviewed = AccessReview.objects.filter(
        user=OuterRef("user"),
        patient=OuterRef("patient"),
        day__range=(day, day),  # not an equality, which works the day out for each row before it looks for a review
        seen_to__gte=OuterRef("pk"),
    )
    return AccessLogEntry.objects.always_reviewed().with_day().filter(~Exists(reviewed))


def sampled(sample: AccessSample, user: User) -> QuerySet[Any, Any]:
    """The keys of the sample's visits that the reviewer may see; those without a review first."""
    reviewed = AccessReview.objects.filter(**{name: OuterRef(name) for name in KEY})
    visits = SampledVisit.objects.filter(_visible_to(user), sample=sample)
    return visits.annotate(is_done=Exists(reviewed)).order_by("is_done", "day", "pk").values_list(*KEY)


def followed_up(user: User) -> QuerySet[Any, Any]:
    """The keys of visits whose latest review says that somebody is to follow them up, oldest first."""
    return _reviewed(user, Q(outcome=Outcome.FOLLOW_UP)).order_by("pk").values_list(*KEY)


def all_reviewed(user: User) -> QuerySet[Any, Any]:
    """The keys of all reviewed visits, the latest review first."""
    return _reviewed(user, Q()).order_by("-pk").values_list(*KEY)


def _reviewed(user: User, condition: Q) -> QuerySet[AccessReview]:
    return _latest().filter(condition, _visible_to(user))


@cache
def _latest() -> QuerySet[AccessReview]:
    """The reviews that hold now; made once, as `_waiting` is."""
    return AccessReview.objects.latest_of_each()


def _visible_to(user: User) -> Q:
    """The visits that have a row in the part of the log that the reviewer sees."""
    if user.sees_whole_log:
        return Q()
    near = AccessLogEntry.objects.visible_to(user).filter(
        user=OuterRef("user"),
        patient=OuterRef("patient"),
        at__gte=OuterRef("day") - timedelta(days=1),  # the day is Sweden's, and this lets the index be used
        at__lt=OuterRef("day") + timedelta(days=2),
    )
    return Q(Exists(near))


def visits_of(keys: Iterable[tuple[Any, ...]], user: User) -> list[Visit]:
    """The visits themselves, in the order of their keys; five statements however many they are."""
    wanted: list[Key] = [(key[0], key[1], key[2]) for key in keys]
    if not wanted:
        return []
    days = {key[2] for key in wanted}
    # Other visits of the same people are left out below; a condition for each visit took 23 ms to plan over a year.
    same = Q(user__in={key[0] for key in wanted}, patient__in={key[1] for key in wanted}, day__in=days)
    rows: dict[Key, list[AccessLogEntry]] = defaultdict(list)
    visible = flagged_entries().visible_to(user).between(*span_of(min(days), max(days)))
    # Rows are many and people few: read once each, and not joined to each row.
    entries = visible.filter(same).prefetch_related("user", "patient", "unit")
    for entry in entries.order_by("at", "id").fetch_mode(FETCH_RAISE):
        rows[entry.user_id, entry.patient_id, entry.day].append(entry)
    reviews = _latest().filter(same).select_related("reviewer")
    latest = {(review.user_id, review.patient_id, review.day): review for review in reviews}
    return [Visit(day=key[2], entries=rows[key], review=latest.get(key)) for key in wanted if key in rows]
