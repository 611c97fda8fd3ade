from .party import Party
from .patient import PROTECTED_LABEL, IdentityKind, Patient, Protection
from .prescribing import PrescribingRight
from .relation import CareRelation
from .user import User, UserCustomer

__all__ = [
    "PROTECTED_LABEL",
    "CareRelation",
    "IdentityKind",
    "Party",
    "Patient",
    "PrescribingRight",
    "Protection",
    "User",
    "UserCustomer",
]
