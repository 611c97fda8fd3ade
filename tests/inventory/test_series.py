import pytest

from inventory.series import SeriesImpossible, series


@pytest.mark.parametrize(
    ("first", "quantity", "numbers"),
    [
        ("12000001", 3, ("12000001", "12000002", "12000003")),
        ("00098", 3, ("00098", "00099", "00100")),
        ("HV0099", 2, ("HV0099", "HV0100")),
        ("A1B7", 1, ("A1B7",)),
    ],
)
def test_counts_on_from_the_first_and_keeps_its_length(first: str, quantity: int, numbers: tuple[str, ...]) -> None:
    assert series(first, quantity) == numbers


@pytest.mark.parametrize(
    ("first", "quantity", "words"),
    [
        ("HV", 2, "slutar inte med en siffra"),
        ("12A", 2, "slutar inte"),
        ("１２", 2, "slutar inte"),
        ("98", 3, "räcker"),
    ],
)
def test_what_is_no_series(first: str, quantity: int, words: str) -> None:
    with pytest.raises(SeriesImpossible, match=words):
        series(first, quantity)
