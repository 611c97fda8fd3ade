"""What makes a look at a patient worth a second one: the log review's flags, computed by the database.

In plain SQL, as they are asked of each row of each page: `it` is the row of the log, `user`, `patient` and `unit` what
it refers to. The flags' own conditions may be unknown (a look without a unit), and then the flag is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.days import SWEDEN
from audit.models import AccessLogEntry
from audit.models.access import OF_THE_REVIEW
from parties.models import User
from parties.reading import Reader

NIGHT_FROM, NIGHT_TO = 22, 6  # o'clock, Swedish time
SOON = "interval '1 day'"
"""Somebody who is looked up to be prescribed for, is prescribed for within a day."""

LOCAL = f"""it.at AT TIME ZONE '{SWEDEN}'"""
DAY = f"({LOCAL})::date"
ORDERED = f"""
    o.recipient_patient_id = it.patient_id AND o.state <> 'DRAFT' AND o.registered_at < it.at + {SOON}
"""
RELATED = f"""
    EXISTS (SELECT FROM orders_order AS o WHERE {ORDERED} AND o.customer_id = it.unit_id)
    OR EXISTS (
        SELECT FROM parties_carerelation AS relation
        WHERE relation.patient_id = it.patient_id AND relation.unit_id = it.unit_id
            AND relation.since <= it.at + {SOON} AND (relation.until IS NULL OR relation.until >= {DAY})
    )
    OR unit.is_region AND EXISTS (
        SELECT FROM orders_order AS o JOIN inventory_warehouse AS sender ON sender.id = o.sender_id
        WHERE {ORDERED} AND sender.kind = 'CENTRAL'
    )
"""  # noqa: S608  # of constants
"""The unit prescribed for the patient, before or soon after, or is registered as taking part in the care.

For the central service: something was ordered to the patient from its warehouse.
"""


@dataclass(frozen=True, slots=True)
class Flag:
    """`name` is what the address says and the row's attribute, `tone` the colour of its tag."""

    name: str
    label: str
    condition: str
    tone: str = "warn"

    @property
    def is_set(self) -> str:
        return f"({self.condition}) IS TRUE"


def _last_word(name: str) -> str:
    return rf"regexp_replace(lower({name}), '^.*\s', '')"


def _without_spaces(code: str) -> str:
    return f"replace({code}, ' ', '')"


FLAGS = (
    Flag("is_emergency", "Nödöppning", "it.is_emergency", "bad"),
    Flag("is_protected", "Skyddad identitet", "it.is_protected"),
    Flag("has_own_name", "Eget namn", 'lower("user".name) = lower(patient.name)', "bad"),
    Flag("has_same_surname", "Samma efternamn", f"{_last_word('"user".name')} = {_last_word('patient.name')}"),
    Flag(
        "has_same_address",
        "Samma adress",
        f"""
            "user".home_street <> '' AND lower("user".home_street) = lower(patient.street)
            AND {_without_spaces('"user".home_postal_code')} = {_without_spaces("patient.postal_code")}
        """,
    ),
    Flag("is_at_night", "Natt", f"extract(hour FROM {LOCAL}) NOT BETWEEN {NIGHT_TO} AND {NIGHT_FROM - 1}"),
    Flag(
        "has_no_relation",
        "Ingen vårdrelation",
        f"it.act NOT IN ({', '.join(f"'{act}'" for act in OF_THE_REVIEW)}) AND ({RELATED}) IS NOT TRUE",
    ),
)

WHO = {
    "user": ("id", "username", "name", "title", "hsa_id"),
    "patient": ("id", "identity_kind", "identity_number", "name", "protection"),
    "unit": ("id", "number", "name"),
}
FLAGGED = Reader(
    AccessLogEntry,
    *WHO,
    only=WHO,
    computed={"day": DAY} | {flag.name: flag.is_set for flag in FLAGS},
    is_sealed=True,
)


def read_flagged(condition: str, values: Mapping[str, Any], user: User) -> list[AccessLogEntry]:
    """The rows of the log that fit and the log reviewer sees, each with its day and one truth for each flag."""
    seen = {"own": list(user.municipality_ids)}
    return FLAGGED.read(f"{seen_by(user)} AND {condition}", {**values, **seen})


def seen_by(user: User) -> str:
    """What a log reviewer sees: the looks of the own municipality's units and at its patients; `own` is its key.

    Everything for a reviewer at the central service, and for one who belongs to no unit.
    """
    if user.sees_whole_log:
        return "TRUE"
    own = "= ANY(%(own)s)"
    return f"(it.unit_id {own} OR unit.parent_id {own} OR patient.municipality_id {own})"


def flags_of(entry: AccessLogEntry) -> list[Flag]:
    """Of a row from `read_flagged`."""
    return [flag for flag in FLAGS if getattr(entry, flag.name)]
