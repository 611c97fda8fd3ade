from .party import Party
from .patient import PROTECTED_LABEL, IdentityKind, Patient, Protection
from .prescribing import PrescribingRight
from .relation import CareRelation
from .search_count import SearchCount
from .security_event import SecurityEvent, SecurityEventKind
from .user import PRESCRIBING_PROFESSIONS, Profession, User, UserCustomer

__all__ = [
    "PRESCRIBING_PROFESSIONS",
    "PROTECTED_LABEL",
    "CareRelation",
    "IdentityKind",
    "Party",
    "Patient",
    "PrescribingRight",
    "Profession",
    "Protection",
    "SearchCount",
    "SecurityEvent",
    "SecurityEventKind",
    "User",
    "UserCustomer",
]
