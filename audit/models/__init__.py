from parties.looks import Act

from .access import AccessLogEntry
from .change import ChangeEntry, ChangeKind
from .review import AccessReview, AccessSample, Outcome, SampledVisit

__all__ = [
    "AccessLogEntry",
    "AccessReview",
    "AccessSample",
    "Act",
    "ChangeEntry",
    "ChangeKind",
    "Outcome",
    "SampledVisit",
]
