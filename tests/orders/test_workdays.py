from datetime import date, timedelta

import pytest

from orders.workdays import is_workday, workdays_before


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),  # a Friday
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 1, 5), True),  # trettondagsafton, a Monday
        (date(2026, 1, 6), False),  # trettondedag jul
        (date(2026, 4, 2), True),  # skärtorsdagen
        (date(2026, 4, 3), False),  # långfredagen
        (date(2026, 4, 6), False),  # annandag påsk
        (date(2026, 5, 14), False),  # Kristi himmelsfärdsdag
        (date(2026, 5, 15), True),  # klämdag: many are free, the law is not
        (date(2026, 6, 19), False),  # midsommarafton
        (date(2025, 6, 6), False),  # nationaldagen, a Friday
        (date(2026, 12, 23), True),
        (date(2026, 12, 24), False),  # julafton
        (date(2026, 12, 25), False),
        (date(2026, 12, 31), False),  # nyårsafton
        (date(2027, 1, 1), False),
    ],
)
def test_a_workday(day: date, works: bool) -> None:
    assert is_workday(day) is works


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 16)),  # Monday to Monday
        (date(2026, 11, 24), 6, date(2026, 11, 16)),
        (date(2026, 11, 20), 1, date(2026, 11, 19)),
        (date(2026, 11, 22), 1, date(2026, 11, 19)),  # on a Sunday nothing has been added since Friday
        (date(2026, 6, 24), 3, date(2026, 6, 21)),  # midsummer: only Monday to Wednesday count
        (date(2026, 6, 24), 4, date(2026, 6, 17)),
        (date(2027, 1, 4), 4, date(2026, 12, 27)),  # 28, 29, 30 December and 4 January
        (date(2027, 1, 4), 6, date(2026, 12, 21)),  # Christmas and New Year are between
    ],
)
def test_so_many_workdays_before(day: date, count: int, before: date) -> None:
    assert workdays_before(day, count) == before
    passed = [before + timedelta(days=n) for n in range(1, (day - before).days + 1)]
    assert sum(map(is_workday, passed)) == count
