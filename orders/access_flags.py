"""What makes a look at a patient worth a second one: the log review's flags, computed by the database."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db.models import Case, CharField, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import ExtractHour, Lower, Replace
from django.db.models.lookups import Exact

from audit.days import SWEDEN
from audit.models import AccessLogEntry
from audit.models.access import OF_THE_REVIEW, AccessLogQuerySet
from inventory.models import WarehouseKind
from parties.models import CareRelation

from .models import Order, OrderState

SOON = timedelta(days=1)  # somebody who is looked up to be prescribed for, is prescribed for within a day
NIGHT_FROM, NIGHT_TO = 22, 6  # o'clock, Swedish time


@dataclass(frozen=True, slots=True)
class Flag:
    """`name` is the annotation's (and what the address says), `tone` the colour of its tag."""

    name: str
    label: str
    tone: str = "warn"


FLAGS = (
    Flag("is_emergency", "Nödöppning", "bad"),
    Flag("is_protected", "Skyddad identitet"),
    Flag("has_own_name", "Eget namn", "bad"),
    Flag("has_same_surname", "Samma efternamn"),
    Flag("has_same_address", "Samma adress"),
    Flag("is_at_night", "Natt"),
    Flag("has_no_relation", "Ingen vårdrelation"),
)


def flagged_entries() -> AccessLogQuerySet:
    """The log, each row with its day and with one truth for each flag."""
    return _flagged().all()


@cache
def _flagged() -> AccessLogQuerySet:
    """Made once: Django takes longer to put the statement together than the database to answer it for a page."""
    hour = ExtractHour("at", tzinfo=SWEDEN)
    user, patient = Lower("user__name"), Lower("patient__name")
    entries = AccessLogEntry.objects.with_day().alias(
        hour=hour, user_name=user, surname=_last_word(user), patient_surname=_last_word(patient)
    )
    return entries.annotate(
        has_own_name=_is(Q(user_name=patient)),
        has_same_surname=_is(Q(surname=F("patient_surname"))),
        has_same_address=_is(_same_address()),
        is_at_night=_is(Q(hour__gte=NIGHT_FROM) | Q(hour__lt=NIGHT_TO)),
        has_no_relation=_is(~Q(act__in=OF_THE_REVIEW) & ~_related()),
    )


def flags_of(entry: AccessLogEntry) -> list[Flag]:
    """Of a row from `flagged_entries`."""
    return [flag for flag in FLAGS if getattr(entry, flag.name)]


def _related() -> Q:
    """The unit prescribed for the patient, before or soon after, or is registered as taking part in the care.

    For the central service: something was ordered to the patient from its warehouse.
    """
    orders = Order.objects.filter(
        ~Q(state=OrderState.DRAFT), recipient_patient=OuterRef("patient"), registered_at__lt=OuterRef("at") + SOON
    )
    relations = CareRelation.objects.filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("at__date")),
        patient=OuterRef("patient"),
        unit=OuterRef("unit"),
        since__lte=OuterRef("at") + SOON,
    )
    return (
        Exists(orders.filter(customer=OuterRef("unit")))
        | Exists(relations)
        | Q(Exists(orders.filter(sender__kind=WarehouseKind.CENTRAL)), unit__is_region=True)
    )


def _same_address() -> Q:
    """The user's home, where it is known, and the patient's: street and postal code."""
    return (
        ~Q(user__home_street="")
        & Q(Exact(Lower("user__home_street"), Lower("patient__street")))
        & Q(Exact(_without_spaces("user__home_postal_code"), _without_spaces("patient__postal_code")))
    )


def _is(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))


def _last_word(name: Lower) -> Func:
    return Func(name, Value(r"^.*\s"), Value(""), function="regexp_replace", output_field=CharField())


def _without_spaces(field: str) -> Replace:
    return Replace(F(field), Value(" "), Value(""))
