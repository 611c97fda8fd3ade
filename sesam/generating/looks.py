"""A year of looks at patients, some of which wait for the log review, and what reviewers came to about the others."""

from datetime import datetime, timedelta
from random import Random

from django.db import connection

from audit.days import SWEDEN
from audit.models import Act, Outcome
from audit.partitions import make_months, month_of

from .copying import Copier
from .people import PROTECTED_EVERY, People
from .sizes import Size

YEAR = timedelta(days=365)
ORDERS_PER_LOOK = 4
EMERGENCY_EVERY = 40
REASON = "Jourbesök efter fall, patienten behöver ett hjälpmedel i dag."


def make_looks(copier: Copier, size: Size, people: People, chance: Random, *, until: datetime) -> None:
    """Every other emergency opening has been reviewed; a row's key is given, since a review names the last it saw."""
    looks = copier.into(
        "audit_accesslogentry",
        "id, at, user_id, unit_id, patient_id, act, about, route, reason, is_emergency, is_protected",
    )
    reviews = copier.into("audit_accessreview", "user_id, patient_id, day, seen_to, outcome, note, reviewer_id, at")
    count = size.orders // ORDERS_PER_LOOK
    times = [until - YEAR + YEAR / count * n for n in range(count)]
    with connection.cursor() as cursor:
        make_months(cursor, dict.fromkeys(map(month_of, times)))
    for key, at in enumerate(times, 1):
        store = chance.choice(people.stores)
        user, patient = chance.choice(store.prescribers), chance.choice(store.patients)
        is_emergency = key % EMERGENCY_EVERY == 0
        act, reason = (Act.EMERGENCY, REASON) if is_emergency else (Act.PATIENT, "")
        is_protected = patient % PROTECTED_EVERY == 0
        looks.add(
            key, at, user, store.customer, patient, act.value, "", "patient_detail", reason, is_emergency, is_protected
        )
        if key % (2 * EMERGENCY_EVERY) == 0:
            day, reviewed_at = at.astimezone(SWEDEN).date(), at + timedelta(days=7)
            reviewer = people.central_staff[0]
            reviews.add(user, patient, day, key, Outcome.OK.value, "", reviewer, reviewed_at)
