"""Identity numbers of patients: personnummer, samordningsnummer and Värmland's reservnummer."""

import re
from datetime import date

from personnummer import personnummer

from .models.patient import IdentityKind

RESERVE = re.compile(r"^((?:18|19|20)\d{6})S[FUXPL]\d[A-UW-Z1-9]$")


class InvalidIdentityNumber(ValueError):
    """The number cannot belong to a person; the message says why, in Swedish."""


def parse_identity_number(text: str) -> tuple[IdentityKind, str]:
    """Return the kind and the stored form (12 characters, century included) of a number in any usual writing.

    Accepts `19451224-1234`, `451224-1234`, `451224+1234`, `194512241234`, spaces and lower-case letters, for
    personnummer and samordningsnummer (day + 60), and Värmland's reservnummer `yyyymmddS…`, which has letters and no
    check digit. Raises InvalidIdentityNumber.
    """
    cleaned = re.sub(r"[\s–]", "", text).upper()
    compact = cleaned.replace("-", "")
    if match := RESERVE.match(compact):
        _require_date(match[1])
        return IdentityKind.RESERVE, compact
    if not re.fullmatch(r"(\d{2})?\d{6}[-+]?\d{4}", cleaned, re.ASCII):
        raise InvalidIdentityNumber("Skriv identitetsnumret som ååååmmdd-nnnn eller ett reservnummer.")
    try:
        parsed = personnummer.parse(cleaned)
    except personnummer.PersonnummerException as error:
        raise InvalidIdentityNumber("Kontrollsiffran eller datumet i identitetsnumret stämmer inte.") from error
    kind = IdentityKind.COORDINATION if parsed.is_coordination_number() else IdentityKind.PERSONAL
    return kind, parsed.format(True)


def _require_date(digits: str) -> None:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError as error:
        raise InvalidIdentityNumber("Datumet i reservnumret finns inte.") from error
