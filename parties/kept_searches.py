"""What somebody typed to look for a patient: kept in the session, so that no address, history or log of a proxy has it.

The address names it by a short random key (`?s=…`). The last few are kept, so that two tabs do not mix and one can go
back. All are gone when the session ends and when another unit is chosen.
"""

from django.http import HttpRequest
from django.utils.crypto import get_random_string

from .units import KEPT_SEARCHES

PARAMETER = "s"
MOST_KEPT = 10
KEY_LENGTH = 8


def keep_search(request: HttpRequest, text: str) -> str:
    """Remember the text and give its key; the same text keeps the key that it has."""
    kept: dict[str, str] = request.session.get(KEPT_SEARCHES, {})
    key = next((key for key, other in kept.items() if other == text), None) or get_random_string(KEY_LENGTH)
    others = [(other, said) for other, said in kept.items() if other != key]
    request.session[KEPT_SEARCHES] = dict([*others[-(MOST_KEPT - 1) :], (key, text)])
    return key


def kept_search(request: HttpRequest) -> str:
    """The text that the address asks for; empty where it asks for none, or for one that is no longer kept."""
    kept: dict[str, str] = request.session.get(KEPT_SEARCHES, {})
    return kept.get(request.GET.get(PARAMETER, ""), "")


def is_search_gone(request: HttpRequest) -> bool:
    return bool(request.GET.get(PARAMETER)) and not kept_search(request)
