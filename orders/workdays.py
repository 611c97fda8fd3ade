"""Working days in Sweden: Monday to Friday, without the holidays of lag (1989:253) and the eves that lag (1930:173)
puts beside them (midsummer, Christmas and New Year's eve).
"""

from datetime import date, timedelta
from functools import cache
from typing import Final

from holidays.constants import DE_FACTO, PUBLIC
from holidays.countries.sweden import Sweden

SATURDAY: Final = 5


def is_workday(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def workdays_before(day: date, count: int) -> date:
    """The last day that is `count` (at least 1) working days before `day`: from it to `day` that many have passed.

    Working days are counted after the first day, up to and including `day`: from Monday to the Monday after it is 5.
    """
    while True:
        count -= is_workday(day)
        day -= timedelta(days=1)
        if count <= 0:
            return day


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(Sweden(years=year, include_sundays=False, categories=(PUBLIC, DE_FACTO)))
