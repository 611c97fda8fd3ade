import pytest

from inventory.models import StockLevel
from inventory.operations.reserving import free, release, reserve


@pytest.mark.parametrize(
    ("on_hand", "reserved", "wanted", "taken"),
    [(5, 0, 3, 3), (5, 3, 3, 2), (5, 5, 1, 0), (0, 0, 1, 0), (5, 0, 0, 0), (5, 0, -2, 0)],
)
def test_no_more_is_taken_than_is_free(on_hand: int, reserved: int, wanted: int, taken: int) -> None:
    level = StockLevel(on_hand=on_hand, reserved=reserved)
    assert reserve(level, wanted) == taken
    assert (level.reserved, free(level)) == (reserved + taken, on_hand - reserved - taken)


def test_a_release_gives_back() -> None:
    level = StockLevel(on_hand=5, reserved=4)
    release(level, 3)
    assert free(level) == 4
