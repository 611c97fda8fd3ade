from .party import Party
from .patient import IdentityKind, Patient, Protection
from .prescribing import PrescribingRight
from .user import User, UserCustomer

__all__ = ["IdentityKind", "Party", "Patient", "PrescribingRight", "Protection", "User", "UserCustomer"]
