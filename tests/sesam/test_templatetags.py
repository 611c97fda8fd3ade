from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from heroicons.templatetags import heroicons

from sesam.templatetags.sesam import age, clock, day, get, moment, quantity

AFTERNOON = datetime(2026, 11, 12, 13, 5, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_day_is_written_with_the_month_as_a_word() -> None:
    assert plain(day(date(2026, 11, 12))) == "12 nov 2026"
    assert plain(day(date(2027, 5, 1))) == "1 maj 2027"


def test_a_late_evening_in_utc_is_the_next_day_in_sweden() -> None:
    assert plain(day(datetime(2026, 11, 12, 23, 30, tzinfo=UTC))) == "13 nov 2026"


def test_clock_and_moment_are_swedish_time() -> None:
    assert clock(AFTERNOON) == "14:05"
    assert clock(datetime(2026, 7, 1, 13, 5, tzinfo=UTC)) == "15:05"
    assert plain(moment(AFTERNOON)) == "12 nov 2026 14:05"


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(seconds=-5), "nyss"),
        (timedelta(seconds=59), "nyss"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=26, minutes=40), "26 h"),
        (timedelta(hours=48), "2 dagar"),
        (timedelta(days=3, hours=5), "3 dagar"),
    ],
)
def test_age_uses_the_largest_unit_that_still_says_something(waited: timedelta, words: str) -> None:
    assert plain(age(AFTERNOON - waited, AFTERNOON)) == words


def test_quantity_has_its_unit_and_its_thousands_apart() -> None:
    assert plain(quantity(2, "st")) == "2 st"
    assert plain(quantity(12000, "par")) == "12 000 par"
    assert plain(quantity(-3)) == "−3"
    assert quantity(0) == "0"


def test_what_is_not_known_is_a_dash() -> None:
    assert {day(None), clock(None), moment(None), age(None), quantity(None, "st")} == {"–"}


def test_get_reads_a_dict_by_a_variable() -> None:
    assert [get({1: "ett"}, key) for key in (1, 2)] == ["ett", None]


def test_an_icon_that_is_kept_is_the_package_s_own() -> None:
    written = '{% load heroicons %}{% heroicon_mini "x-mark" aria_hidden="true" %}{% heroicon_mini "x-mark" size=9 %}'
    own = heroicons.heroicon_mini("x-mark", aria_hidden="true") + heroicons.heroicon_mini("x-mark", size=9)
    for _ in range(2):
        assert Template(written).render(Context()) == own
