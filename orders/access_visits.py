"""Visits: all that one user did with one patient's data on one day. What a log reviewer looks at, one at a time."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.days import span_of
from audit.models import AccessLogEntry, AccessReview, AccessSample
from audit.models.access import MASKED, OF_THE_REVIEW
from parties.looks import Act
from parties.models import Patient, User
from parties.prepared import prepared
from parties.reading import Reader

from .access_flags import DAY, FLAGS, Flag, flags_of, read_flagged, seen_by

type Key = tuple[int, int, date]  # user, patient, day
type Keys = Callable[[User, int], list[Key]]
"""The first so many of a list of visits, which the reviewer may see."""

ACTS: dict[str, str] = dict(Act.choices)
NO_VISITS = ", ".join(f"'{act}'" for act in (*MASKED, *OF_THE_REVIEW))
WITH_WHOSE = """
    audit_accesslogentry AS it
    JOIN parties_patient AS patient ON patient.id = it.patient_id
    LEFT JOIN parties_party AS unit ON unit.id = it.unit_id
"""
WAITING = """
    SELECT user_id, patient_id, day, count(*) FROM (
        SELECT it.user_id, it.patient_id, {day} AS day, it.at FROM {entries}
        WHERE (it.is_emergency OR it.is_protected) AND it.act NOT IN ({no_visits}) AND {seen} AND NOT EXISTS (
            SELECT FROM audit_accessreview AS review
            WHERE review.user_id = it.user_id AND review.patient_id = it.patient_id AND review.day = {day}
                AND review.seen_to >= it.id
        )
        ORDER BY it.at, it.user_id, it.patient_id LIMIT {rows}
    ) AS waiting
    GROUP BY user_id, patient_id, day ORDER BY min(at), user_id, patient_id
"""
"""The visits of the first rows that wait, with how many of the rows are each one's. Read in the order of the index
`access_log_always_reviewed` (its condition is `ALWAYS_REVIEWED`), and not further."""
HOLDS = """NOT EXISTS (
    SELECT FROM audit_accessreview AS newer
    WHERE newer.user_id = {it}.user_id AND newer.patient_id = {it}.patient_id AND newer.day = {it}.day
        AND newer.id > {it}.id
)"""
"""Of several reviews of a visit the last one written."""
REVIEWED = """
    SELECT review.user_id, review.patient_id, review.day FROM audit_accessreview AS review
    WHERE {condition} AND {holds} AND {seen} ORDER BY review.id {direction} LIMIT {most}
"""
SAMPLED = """
    SELECT visit.user_id, visit.patient_id, visit.day FROM audit_sampledvisit AS visit
    WHERE visit.sample_id = %(sample)s AND {seen} ORDER BY EXISTS (
        SELECT FROM audit_accessreview AS review
        WHERE review.user_id = visit.user_id AND review.patient_id = visit.patient_id AND review.day = visit.day
    ), visit.day, visit.id
"""
REVIEWS = Reader(AccessReview, "reviewer", only={"reviewer": ("id", "name")}, is_sealed=True)
OF_THE_SAME = """
    {it}.user_id = ANY(%(users)s) AND {it}.patient_id = ANY(%(patients)s) AND {day} = ANY(%(days)s)
"""
"""Other visits of the same people are left out afterwards: a condition for each visit took 23 ms to plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit with what the log holds of it, oldest first, and the latest review of it, if any."""

    day: date
    entries: list[AccessLogEntry]
    """From `read_flagged`."""
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
    def reasons(self) -> list[str]:
        return list(dict.fromkeys(entry.reason for entry in self.entries if entry.reason))


def always_reviewed(user: User, most: int) -> list[Key]:
    """Visits that wait for a certain review (emergency openings, protected identity), oldest first."""
    rows = 2 * most
    while True:
        statement = WAITING.format(
            day=DAY,
            no_visits=NO_VISITS,
            entries="audit_accesslogentry AS it" if user.sees_whole_log else WITH_WHOSE,
            seen=seen_by(user),
            rows=rows,
        )
        found = _fetched(statement, user)
        if len(found) >= most or sum(row[-1] for row in found) < rows:
            return [row[:3] for row in found[:most]]
        rows *= 8  # some visit has very many


def followed_up(user: User, most: int) -> list[Key]:
    """Visits whose latest review says that somebody is to follow them up, oldest first."""
    return _reviewed(user, most, "review.outcome = 'FOLLOW_UP'", "ASC")


def all_reviewed(user: User, most: int) -> list[Key]:
    """All reviewed visits, the latest review first."""
    return _reviewed(user, most, "TRUE", "DESC")


def _reviewed(user: User, most: int, condition: str, direction: str) -> list[Key]:
    statement = REVIEWED.format(
        condition=condition,
        direction=direction,
        holds=HOLDS.format(it="review"),
        seen=_has_row("review", user),
        most=most,
    )
    return _fetched(statement, user)


def sampled(sample: AccessSample, user: User) -> list[Key]:
    """The sample's visits that the reviewer may see; those without a review first."""
    return _fetched(SAMPLED.format(seen=_has_row("visit", user)), user, sample=sample.pk)


def _has_row(visit: str, user: User) -> str:
    """Whether a visit has a row in the part of the log that the reviewer sees; near its day, for the index."""
    if user.sees_whole_log:
        return "TRUE"
    return f"""EXISTS (
        SELECT FROM {WITH_WHOSE} WHERE it.user_id = {visit}.user_id AND it.patient_id = {visit}.patient_id
            AND it.at >= {visit}.day - interval '1 day' AND it.at < {visit}.day + interval '2 days' AND {seen_by(user)}
    )"""


def _fetched(statement: str, user: User, **values: int) -> list[Any]:
    with prepared() as cursor:
        cursor.execute(statement, {"own": list(user.municipality_ids), **values})
        rows: list[Any] = cursor.fetchall()
    return rows


def visits_of(keys: Sequence[Key], user: User) -> list[Visit]:
    """The visits themselves, in the order of their keys; two statements however many they are."""
    if not keys:
        return []
    users, patients, days = (list(set(part)) for part in zip(*keys, strict=True))
    first, before = span_of(min(days), max(days))
    values = {"users": users, "patients": patients, "days": days, "first": first, "before": before}
    rows: dict[Key, list[AccessLogEntry]] = defaultdict(list)
    near = f"it.at >= %(first)s AND it.at < %(before)s AND {OF_THE_SAME.format(it='it', day=DAY)} ORDER BY it.at, it.id"
    for entry in read_flagged(near, values, user):
        rows[entry.user_id, entry.patient_id, entry.day].append(entry)
    held = f"{OF_THE_SAME.format(it='it', day='it.day')} AND {HOLDS.format(it='it')}"
    latest = {(review.user_id, review.patient_id, review.day): review for review in REVIEWS.read(held, values)}
    return [Visit(day=key[2], entries=rows[key], review=latest.get(key)) for key in keys if key in rows]
