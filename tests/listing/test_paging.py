"""Every row exactly once, in order, whatever is sorted by, forwards and back; and nothing for what means nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.models import StockLevel, Warehouse
from listing import Column, Listing, Page
from parties.sorting import swedish_order
from tests.listing.conftest import NAMES, Filling, fill

DAYS = [None, date(2026, 3, 2), date(2026, 3, 9)]
SORTS: dict[str, Sequence[str | Combinable]] = {
    "nummer": ["article__number"],
    "namn": [swedish_order("article__name")],
    "punkt": ["reorder_point"],
    "dag": ["expected_on"],
    "dag-punkt": ["expected_on", F("reorder_point")],
    "punkt-dag": ["reorder_point", "expected_on"],
}
FILLINGS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(DAYS)), max_size=len(NAMES))


def listing(size: int, default: str = "nummer") -> Listing[StockLevel]:
    columns = [Column[StockLevel](key=key, label=key.title(), order_by=keys) for key, keys in SORTS.items()]
    return Listing(name="saldo", columns=[*columns, Column(key="fast", label="Fast")], default=default, page_size=size)


def rank(level: StockLevel, key: str) -> tuple[object, ...]:
    """What the order means, said once more without the database: a missing value last, å ä ö after z."""
    swedish = str.maketrans("åäö", "{|}")
    day = (level.expected_on is None, level.expected_on or date.min)
    return {
        "nummer": (level.article.number,),
        "namn": (level.article.name.lower().translate(swedish),),
        "punkt": (level.reorder_point,),
        "dag": day,
        "dag-punkt": (*day, level.reorder_point),
        "punkt-dag": (level.reorder_point, *day),
    }[key] + (level.pk,)


def walk(listed: Listing[StockLevel], page: Page[StockLevel], *, by: str) -> Iterator[Page[StockLevel]]:
    for _ in range(len(NAMES) + 1):
        yield page
        if not (url := getattr(page, by)):
            return
        page = listed.page(StockLevel.objects.all(), QueryDict(url.removeprefix("?")))
    pytest.fail("the pages go round in a circle")


@pytest.mark.parametrize("sort", [f"{sign}{key}" for key in SORTS for sign in ("", "-")])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filling=FILLINGS, size=st.integers(1, 4))
def test_every_row_once_and_in_order(warehouse: Warehouse, sort: str, filling: Filling, size: int) -> None:
    levels = fill(warehouse, filling)
    expected = sorted(levels, key=lambda level: rank(level, sort.removeprefix("-")), reverse=sort.startswith("-"))
    listed = listing(size)
    forwards = list(walk(listed, listed.page(StockLevel.objects.all(), QueryDict(f"ordning={sort}")), by="next_url"))
    assert [row for page in forwards for row in page] == expected
    back = list(walk(listed, forwards[-1], by="previous_url"))
    if len(expected) % size == 0:
        assert [row for page in reversed(back) for row in page] == expected
    assert back[-1].rows == expected[:size], "the way back ends with the first page, and a full one"
    assert all(page.total.number == len(expected) for page in [*forwards, *back])


@pytest.fixture
def three(warehouse: Warehouse) -> list[StockLevel]:
    """Three levels, in the order of the list."""
    return fill(warehouse, [(0, None), (1, None), (2, None)])[::-1]


def shown(query: str, rows: list[StockLevel], size: int = 2) -> list[int]:
    """The places of the rows on the page."""
    return [rows.index(row) for row in listing(size).page(StockLevel.objects.all(), QueryDict(query))]


HOSTILE = ["", "x", "-1", "0", "%00", "1;", "1e3", "9" * 18, "9" * 500, "٣", "%F0%9F%A6%BD", "1%0D%0Ax", "None", "true"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["efter", "fore", "ordning", "format"])
def test_what_means_nothing_is_the_first_page(three: list[StockLevel], name: str, value: str) -> None:
    assert shown(f"{name}={value}", three) == [0, 1]


@pytest.mark.parametrize("order", ["fast", "-fast", "--punkt", "article__name", "-", "punkt,dag"])
def test_sorts_by_nothing_but_its_own_heads(three: list[StockLevel], order: str) -> None:
    assert shown(f"ordning={order}", three) == [0, 1]


def test_goes_on_only_from_a_row_that_it_may_know(three: list[StockLevel]) -> None:
    """Where a row stands would tell something of it."""
    others = StockLevel.objects.exclude(pk=three[1].pk)
    for name in ("efter", "fore"):
        page = listing(1).page(others, QueryDict(f"{name}={three[1].pk}"))
        assert page.rows == [three[0]]


def test_goes_on_from_a_row_that_no_longer_passes_the_filter(three: list[StockLevel]) -> None:
    found = StockLevel.objects.exclude(pk=three[1].pk)
    page = listing(1).page(found, QueryDict(f"efter={three[1].pk}"), known=StockLevel.objects.all())
    assert page.rows == [three[2]]


def test_after_the_last_row_comes_the_first_page(three: list[StockLevel]) -> None:
    assert shown(f"efter={three[2].pk}", three) == [0, 1]


def test_before_the_second_row_is_a_full_first_page(three: list[StockLevel]) -> None:
    page = listing(2).page(StockLevel.objects.all(), QueryDict(f"fore={three[1].pk}"))
    assert (page.rows, page.first_url, page.previous_url) == (three[:2], "", "")


def test_heads_turn_the_order_and_keep_the_filters(three: list[StockLevel]) -> None:
    query = QueryDict(f"sok=pall&tom=&ordning=punkt&efter={three[0].pk}")
    page = listing(2).page(StockLevel.objects.all(), query)
    heads = {head.label: head for head in page.heads}
    assert (heads["Punkt"].sorted, heads["Punkt"].url) == ("ascending", "?sok=pall&ordning=-punkt")
    assert (heads["Nummer"].sorted, heads["Nummer"].url) == ("", "?sok=pall&ordning=nummer")
    assert (heads["Fast"].sorted, heads["Fast"].url) == ("", "")
    assert page.csv_url == "?sok=pall&ordning=punkt&format=csv"
    assert [choice.value for choice in page.orders if choice.is_chosen] == ["punkt"]


def test_what_no_index_sorts_is_sorted_where_the_list_is_short(three: list[StockLevel]) -> None:
    StockLevel.objects.filter(pk=three[0].pk).update(reorder_point=9)
    columns = [replace(column, reads_all=column.key == "punkt") for column in listing(2).columns]
    listed, levels = replace(listing(2), columns=columns), StockLevel.objects.all()
    short = listed.page(levels, QueryDict("ordning=-punkt"))
    assert (short[0], short.total.number, [head.sorted for head in short.heads][2]) == (three[0], 3, "descending")
    assert [choice.value for choice in short.orders if choice.is_chosen] == ["-punkt"]
    long = listed.page(levels, QueryDict("ordning=-punkt"), most_counted=2)
    assert (list(long), [choice.value for choice in long.orders if choice.is_chosen]) == (three[:2], ["nummer"])
    assert [head.label for head in long.heads if head.is_too_long] == ["Punkt"]
    assert not {"punkt", "-punkt"} & {choice.value for choice in long.orders}


def test_no_value_of_a_row_stands_in_an_address(three: list[StockLevel]) -> None:
    page = listing(1).page(StockLevel.objects.all(), QueryDict("ordning=namn"))
    assert page.next_url == f"?ordning=namn&efter={page[0].pk}"


def test_one_comparison_where_no_value_can_be_missing(three: list[StockLevel]) -> None:
    """PostgreSQL begins an index with a comparison of rows, and not with several joined by OR."""
    with CaptureQueriesContext(connection) as queries:
        shown(f"ordning=punkt&efter={three[0].pk}", three)
    rows = next(query["sql"] for query in queries if "LIMIT 3" in query["sql"])
    assert '("inventory_stocklevel"."reorder_point", "inventory_stocklevel"."id") > (' in rows
    assert " OR " not in rows


def test_asks_four_statements(three: list[StockLevel]) -> None:
    with CaptureQueriesContext(connection) as queries:
        shown(f"ordning=punkt&efter={three[2].pk}", three)
    assert len(queries) == 4, "where it goes on, which rows, the rows, how many"


def test_keys_that_are_known_make_the_same_pages(warehouse: Warehouse) -> None:
    fill(warehouse, [(0, None)] * 7)
    listed, levels = listing(3), StockLevel.objects.all()
    keys = list(levels.order_by("article__number").values_list("pk", flat=True))
    queries = [QueryDict(""), QueryDict("ordning=namn"), QueryDict("efter=0"), QueryDict(f"efter={keys[-1]}")]
    queries += [QueryDict(f"{name}={key}") for name in ("efter", "fore") for key in keys]
    for query in queries:
        with CaptureQueriesContext(connection) as statements:
            page = listed.page(levels, query, keys=keys)
        assert page == listed.page(levels, query), query
        assert len(statements) == (2 if "ordning" in query else 1)
