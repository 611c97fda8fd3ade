from datetime import date, datetime

from django.db import transaction

from audit.models import AccessReview, Outcome
from parties.models import User


class CannotReview(Exception):
    """The review is not one that may be kept; the message is in Swedish."""


@transaction.atomic
def record_review(
    *, user: User, patient_id: int, day: date, seen_to: int, outcome: Outcome, note: str, by: User, at: datetime
) -> AccessReview:
    """Keep what a reviewer came to about all that `user` did with the patient that day, up to the log's row `seen_to`.

    The same again is harmless. Raises CannotReview.
    """
    if user == by:
        raise CannotReview("Ingen granskar sin egen åtkomst. Be en annan loggranskare.")
    if outcome != Outcome.OK and not note:
        raise CannotReview("Skriv vad som ska följas upp eller vad som var fel.")
    same = {"user": user, "patient_id": patient_id, "day": day, "seen_to": seen_to, "outcome": outcome, "note": note}
    latest = AccessReview.objects.filter(user=user, patient_id=patient_id, day=day).order_by("-pk").first()
    if latest and latest.reviewer_id == by.pk and all(getattr(latest, name) == value for name, value in same.items()):
        return latest
    return AccessReview.objects.create(**same, reviewer=by, at=at)
