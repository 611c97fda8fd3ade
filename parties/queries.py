from django.db.models import Q

from .identity import InvalidIdentityNumber, parse_identity_number
from .models import Protection
from .searching import name_matches


def patient_matches(text: str) -> Q:
    """Identity number in any usual writing (a former one too), or every word in the name.

    A person with protected identity is found by the whole number only: a name would tell who the masked row is.
    """
    try:
        _, number = parse_identity_number(text)
    except InvalidIdentityNumber:
        return Q(protection=Protection.NONE) & name_matches(text)
    return Q(identity_number=number) | Q(former_numbers__contains=[number])
