from django.db.models import Q

from .identity import InvalidIdentityNumber, parse_identity_number
from .models import Protection


def patient_matches(text: str) -> Q:
    """Identity number in any usual writing (a former one too), or every word in the name.

    A person with protected identity is found by the whole number only: a name would tell who the masked row is.
    """
    try:
        _, number = parse_identity_number(text)
    except InvalidIdentityNumber:
        named = Q(protection=Protection.NONE)
        for word in text.split():
            named &= Q(name__icontains=word)
        return named
    return Q(identity_number=number) | Q(former_numbers__contains=[number])
