"""How fast a person may look for patients: work never needs hundreds of searches a minute, copying a register does."""

import logging
from datetime import datetime

from django.conf import settings

from .models import SearchCount, SecurityEvent, SecurityEventKind, User

security = logging.getLogger("sesam.security")


class TooManySearches(Exception):
    """The person has searched for patients too often this minute. The message is in Swedish."""


def count_patient_search(*, by: User, at: datetime) -> None:
    """Count a search for patients, or a patient that is opened, before it is done.

    Raises TooManySearches; the first refusal a minute is logged and kept.
    """
    limit = settings.PATIENT_SEARCHES_PER_MINUTE
    count = SearchCount.count_one(by, at)
    if count == limit + 1:
        security.warning("User %s searches for patients more than %s times a minute", by.username, limit)
        SecurityEvent.objects.create(at=at, kind=SecurityEventKind.SEARCHES, user=by, unit=by.unit)
    if count > limit:
        raise TooManySearches(
            f"Du har sökt efter eller öppnat patienter mer än {limit} gånger på en minut. Vänta en minut."
        )
