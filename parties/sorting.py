from django.db.models import CharField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, Lower


def swedish_order(field: str) -> Collate:
    """An ORDER BY that puts å, ä and ö last and in that order, also where the server does not know Swedish.

    In code points ä comes before å: the two are swapped, and compared without a language.
    """
    return Collate(_swapped(field), "C")


def listed_name() -> Collate:
    """The order of patients in a list: by name, and last, in no order that tells a name, the protected ones."""
    return _unless_protected(_swapped("name"))


def listed_number() -> Collate:
    """The same by identity number."""
    return _unless_protected(F("identity_number"))


def _unless_protected(shown: Combinable) -> Collate:
    masked = Func(
        F("protection"),
        shown,
        arg_joiner=" = 'NONE' THEN ",  # before `template`, as in the migration: Django compares them in order
        template="CASE WHEN %(expressions)s ELSE chr(1114111) END",
        output_field=CharField(),
    )
    return Collate(masked, "C")


def _swapped(field: str) -> Func:
    return Func(Lower(F(field)), Value("åä"), Value("äå"), function="translate", output_field=CharField())
