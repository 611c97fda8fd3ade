import contextlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parties.identity import InvalidIdentityNumber, parse_identity_number
from parties.models import IdentityKind


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("19311104-9809", IdentityKind.PERSONAL, "193111049809"),
        ("193111049809", IdentityKind.PERSONAL, "193111049809"),
        ("311104-9809", IdentityKind.PERSONAL, "193111049809"),
        ("3111049809", IdentityKind.PERSONAL, "193111049809"),
        ("  19311104 - 9809\n", IdentityKind.PERSONAL, "193111049809"),
        ("19311104–9809", IdentityKind.PERSONAL, "193111049809"),  # a dash from a word processor
        ("20140408-2388", IdentityKind.PERSONAL, "201404082388"),
        ("140408-2388", IdentityKind.PERSONAL, "201404082388"),
        ("140408+2388", IdentityKind.PERSONAL, "191404082388"),  # over a hundred years old
        ("19620365-9922", IdentityKind.COORDINATION, "196203659922"),
        ("620365-9922", IdentityKind.COORDINATION, "196203659922"),
        ("19450829SF21", IdentityKind.RESERVE, "19450829SF21"),
        ("19450829-SF21", IdentityKind.RESERVE, "19450829SF21"),
        ("19450829sf21", IdentityKind.RESERVE, "19450829SF21"),
        ("19810829 su31", IdentityKind.RESERVE, "19810829SU31"),
        ("19810829SU3A", IdentityKind.RESERVE, "19810829SU3A"),
    ],
)
def test_takes_every_usual_writing(text: str, kind: IdentityKind, number: str) -> None:
    assert parse_identity_number(text) == (kind, number)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("19311104-9808", "Kontrollsiffran"),
        ("19311304-9809", "Kontrollsiffran eller datumet"),
        ("19310231-9809", "Kontrollsiffran eller datumet"),
        ("19450832SF21", "Datumet i reservnumret"),
        ("19450829SZ21", "Skriv identitetsnumret"),
        ("19450829SF2V", "Skriv identitetsnumret"),  # V is left out: too like U
        ("450829SF21", "Skriv identitetsnumret"),  # a reserve number has its century
        ("", "Skriv identitetsnumret"),
        ("   ", "Skriv identitetsnumret"),
        ("Astrid Fröding", "Skriv identitetsnumret"),
        ("311104-980", "Skriv identitetsnumret"),
        ("19311104-98090", "Skriv identitetsnumret"),
        ("١٩٣١١١٠٤-٩٨٠٩", "Skriv identitetsnumret"),  # Arabic digits
        ("<b>19311104-9809</b>", "Skriv identitetsnumret"),
        ("9" * 10_000, "Skriv identitetsnumret"),
    ],
)
def test_says_what_is_wrong(text: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentityNumber, match=sentence):
        parse_identity_number(text)


@settings(deadline=None)
@given(st.text(max_size=30) | st.from_regex(r"\A[0-9]{4,8}[-+S ]?[0-9A-Z]{4}\Z"))
@example("00000000-0000")
@example("0000000000")
@example("19000229-0000")
@example("٠٠٠٠٠٠-٠٠٠٠")
@example("١٩٤٥٠٨٢٩SF٢1")
@example("\x00")
def test_never_fails_in_another_way(text: str) -> None:
    """Whatever is typed is either a number in its stored form, or a sentence."""
    with contextlib.suppress(InvalidIdentityNumber):
        kind, number = parse_identity_number(text)
        assert len(number) == 12
        assert parse_identity_number(number) == (kind, number)
