"""How the address says what was typed into the overview's search, without saying who a patient is.

A whole identity number becomes a reference to the patient. What can be part of an order's or an article's number stands
there as it is. Words may be a name: from those whose search finds patients they are kept in the session.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from parties.identity import InvalidIdentityNumber, parse_identity_number
from parties.kept_searches import PARAMETER, keep_search
from parties.limits import count_patient_search
from parties.models import Patient, User
from parties.queries import patient_matches
from parties.requests import UserRequest

from .access import may_see_patients
from .filters import registered_orders
from .numbers import number_matches

TEXT, PATIENT = "sok", "patient"
NOBODY = "0"  # no patient's reference
FEWEST_OF_IDENTITY = 10  # digits


def may_stand_in_address(text: str, user: User) -> bool:
    if number_matches(text) is not None:
        return True
    return not may_see_patients(user) and sum(character.isdigit() for character in text) < FEWEST_OF_IDENTITY


def said_in_address(request: UserRequest, text: str) -> dict[str, str]:
    """The parameter that stands for the text. Raises TooManySearches where it is an identity number."""
    try:
        parse_identity_number(text)
    except InvalidIdentityNumber:
        shown = may_stand_in_address(text, request.user)
        return {TEXT: text} if shown else {PARAMETER: keep_search(request, text)}
    count_patient_search(by=request.user, at=timezone.now())
    patient = findable_patients(request.user).filter(patient_matches(text)).first()
    return {PATIENT: str(patient.pk) if patient else NOBODY}


def findable_patients(user: User) -> QuerySet[Patient]:
    """Whom the user may look for in the overview: the municipality's, and those with an order that the user sees."""
    if not may_see_patients(user):
        return Patient.objects.none()
    orders = registered_orders(user).filter(recipient_patient=OuterRef("pk"))
    return Patient.objects.filter(Q(municipality__in=user.municipality_ids) | Q(Exists(orders)))
