from parties.looks import Act

from .access import AccessLogEntry
from .review import AccessReview, AccessSample, Outcome, SampledVisit

__all__ = ["AccessLogEntry", "AccessReview", "AccessSample", "Act", "Outcome", "SampledVisit"]
