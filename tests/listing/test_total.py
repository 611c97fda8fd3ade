import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from inventory.models import SearchWord, StockLevel, Warehouse
from listing import Total
from listing.total import total_of
from tests.listing.conftest import fill


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (Total(0), "0"),
        (Total(1234), "1 234"),
        (Total(10_000), "10 000"),
        (Total(500, is_exact=False), "över 500"),
        (Total(10_000, is_exact=False), "över 10 000"),
        (Total(12_345, is_exact=False), "cirka 12 000"),
        (Total(99_500, is_exact=False), "cirka 100 000"),
        (Total(994_999, is_exact=False), "cirka 990 000"),
        (Total(999_999, is_exact=False), "cirka 1 miljon"),
        (Total(1_234_567, is_exact=False), "cirka 1,2 miljoner"),
        (Total(2_000_000, is_exact=False), "cirka 2 miljoner"),
        (Total(345_678_901, is_exact=False), "cirka 350 miljoner"),
    ],
)
def test_is_said_with_two_figures_where_it_is_an_estimate(total: Total, said: str) -> None:
    assert str(total).replace("\N{NO-BREAK SPACE}", " ") == said


def test_few_rows_are_counted(warehouse: Warehouse) -> None:
    fill(warehouse, [(0, None)] * 3)
    assert total_of(StockLevel.objects.with_blocked().order_by("pk")) == Total(3)


def fill_words(count: int) -> None:
    """So many rows that the planner knows of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE inventory_searchword AS SELECT n AS id FROM generate_series(1, %s) n", [count]
        )
        cursor.execute("ANALYZE inventory_searchword")


@pytest.mark.parametrize(("count", "is_exact"), [(10_000, True), (10_001, False)])
def test_many_rows_are_estimated(db: None, count: int, is_exact: bool) -> None:
    fill_words(count)
    assert total_of(SearchWord.objects.all()) == Total(count, is_exact=is_exact)


@pytest.mark.parametrize(
    ("count", "is_exact", "statements"), [(10_000, True, 2), (10_001, False, 2), (15_000, False, 2), (15_001, False, 1)]
)
def test_a_whole_list_is_counted_only_where_it_may_be_short(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, count: int, is_exact: bool, statements: int
) -> None:
    fill_words(count)
    with django_assert_num_queries(statements):
        assert total_of(SearchWord.objects.all(), is_whole=True) == Total(count, is_exact=is_exact)


def test_a_whole_list_of_nothing_has_none(db: None) -> None:
    assert total_of(SearchWord.objects.none(), is_whole=True) == Total(0)


def test_what_is_counted_to_fewer_is_not_estimated(warehouse: Warehouse) -> None:
    fill(warehouse, [(0, None)] * 3)
    rows = StockLevel.objects.with_blocked()
    assert total_of(rows, most=3) == Total(3)
    assert total_of(rows, most=2) == Total(2, is_exact=False)
