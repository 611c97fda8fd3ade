import random
import secrets
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction

from audit.days import month_after, start_of
from audit.models import AccessLogEntry, AccessSample, SampledVisit
from audit.models.access import OF_THE_REVIEW
from parties.models import User

type Visit = tuple[int, int, date]  # user, patient, day


class MonthHasNotEnded(Exception):
    """What happens until the month ends could never be drawn. The message is in Swedish."""

    def __init__(self) -> None:
        super().__init__("Månaden är inte slut. Stickprovet dras när alla besök kan komma med.")


@transaction.atomic
def draw_sample(*, month: date, by: User, at: datetime, seed: int | None = None) -> AccessSample:
    """Draw the month's random sample, once: ACCESS_SAMPLE_PER_UNIT visits of each unit, or all where there are fewer.

    `month` is its first day. A sample that is drawn already is returned. Raises MonthHasNotEnded.
    """
    if start_of(month_after(month)) > at:
        raise MonthHasNotEnded
    seed = secrets.randbits(63) if seed is None else seed
    per_unit = settings.ACCESS_SAMPLE_PER_UNIT
    sample, is_new = AccessSample.objects.get_or_create(
        month=month, defaults={"seed": seed, "per_unit": per_unit, "drawn_by": by, "drawn_at": at}
    )
    if is_new:
        chosen = dict.fromkeys(_choose(month, seed, per_unit))
        SampledVisit.objects.bulk_create(
            SampledVisit(sample=sample, user_id=user, patient_id=patient, day=day) for user, patient, day in chosen
        )
    return sample


def _choose(month: date, seed: int, per_unit: int) -> Iterator[Visit]:
    """Unit by unit, so that no unit escapes; the seed and the log say the same visits every time."""
    first, before = start_of(month), start_of(month_after(month))
    visits = (
        AccessLogEntry.objects.between(first, before)  # type: ignore[misc]  # `day` is annotated
        .exclude(act__in=OF_THE_REVIEW)
        .with_day()
        .values_list("unit", "user", "patient", "day")
        .distinct()
        .order_by("unit", "user", "patient", "day")
    )
    lot = random.Random(seed)  # noqa: S311  # a draw that can be repeated, not a secret
    for _unit, rows in groupby(visits.iterator(), key=lambda row: row[0]):
        found = [row[1:] for row in rows]
        yield from lot.sample(found, min(per_unit, len(found)))
