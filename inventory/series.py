"""Device numbers made as a series: the first and how many, leading zeros and all."""

import re

ENDS_WITH_DIGITS = re.compile(r"(.*?)([0-9]+)", re.DOTALL)


class SeriesImpossible(Exception):
    """No such series; the message is in Swedish."""


def series(first: str, quantity: int) -> tuple[str, ...]:
    """`quantity` numbers from `first` on, all as long as it: HV0099 and 3 is HV0099, HV0100, HV0101.

    Raises SeriesImpossible where `first` does not end with a digit, and where its digits do not suffice.
    """
    found = ENDS_WITH_DIGITS.fullmatch(first)
    if found is None:
        raise SeriesImpossible(f"{first} slutar inte med en siffra. Skriv seriens första nummer, t.ex. 12000001.")
    prefix, digits = found.groups()
    start, last = int(digits), int(digits) + quantity - 1
    if last >= 10 ** len(digits):
        raise SeriesImpossible(f"Serien från {first} räcker inte till {quantity} individer.")
    return tuple(f"{prefix}{number:0{len(digits)}}" for number in range(start, last + 1))
