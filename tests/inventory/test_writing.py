"""Rows that are written by one statement of our own are what Django would have written."""

import pytest
from django.db import DataError, IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from inventory.models import StockLevel
from inventory.writing import insert_rows, write_rows
from tests.factories import ArticleFactory
from tests.fixtures import Town


def levels(town: Town, count: int) -> list[StockLevel]:
    """New balances of as many new articles, of 1, 2, 3 … units, of which one is reserved."""
    articles = ArticleFactory.create_batch(count)
    return [
        StockLevel(warehouse=town.store, article=article, on_hand=units, reserved=1, shelf=f"A-{units}")
        for units, article in enumerate(articles, 1)
    ]


def test_inserted_rows_know_their_keys_and_what_the_database_worked_out(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = levels(town, 20)
    with django_assert_num_queries(1):
        assert insert_rows(iter(rows)) == rows
        assert [row.available for row in rows] == list(range(20))
    stored = StockLevel.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        same = stored[row.pk]
        assert (same.article_id, same.on_hand, same.shelf, same.expected_on) == (
            row.article_id,
            row.on_hand,
            row.shelf,
            None,
        )
        assert not row._state.adding
        row.full_clean()  # its uniqueness is looked at as that of a row which there is


def test_written_rows_are_written_in_their_fields_alone(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = insert_rows(levels(town, 20))
    for row in rows:
        row.shelf, row.on_hand = f"B-{row.on_hand}", 99
    with django_assert_num_queries(1):
        write_rows(rows, ["shelf"])
    stored = StockLevel.objects.in_bulk([row.pk for row in rows])
    assert [(stored[row.pk].shelf, stored[row.pk].on_hand) for row in rows] == [(f"B-{n}", n) for n in range(1, 21)]


def test_nothing_is_no_statement(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert insert_rows(()) == []
        write_rows([], ["shelf"])


def test_what_is_too_long_is_refused_and_not_cut(town: Town) -> None:
    (row,) = insert_rows(levels(town, 1))
    row.shelf = "A-03-2, längst ned"
    with pytest.raises(DataError), transaction.atomic():
        write_rows([row], ["shelf"])
    (new,) = levels(town, 1)
    new.shelf = row.shelf
    with pytest.raises(DataError), transaction.atomic():
        insert_rows([new])


def test_the_constraints_hold(town: Town) -> None:
    (row,) = levels(town, 1)
    row.reserved = 2
    with pytest.raises(IntegrityError, match="stock_level_reserved_within_on_hand"), transaction.atomic():
        insert_rows([row])
