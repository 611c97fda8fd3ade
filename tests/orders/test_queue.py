"""The place in the queue, and the expected date, as they are said."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import StockLevel
from orders.models import Order, OrderLine
from orders.queue import Wait, behind, day_in_words, waits_of
from tests.factories import ArticleFactory
from tests.fixtures import Town

TODAY = date(2026, 3, 2)


def place(town: Town, order: Order) -> int:
    lines = list(order.lines.for_order_page())
    return waits_of(order, lines, on=TODAY)[lines[0].pk].place


def test_places_follow_the_order_in_which_goods_are_shared_out(town: Town) -> None:
    first, second, urgent, moved = (town.register("bestallning", {town.chair: 1}) for _ in range(4))
    assert [place(town, order) for order in (first, second, urgent, moved)] == [1, 2, 3, 4]
    Order.objects.filter(pk=urgent.pk).update(is_urgent=True)
    OrderLine.objects.filter(order=moved).update(priority=1)
    for order in (first, second, urgent, moved):
        order.refresh_from_db()
    assert [place(town, order) for order in (first, second, urgent, moved)] == [3, 4, 2, 1]


def test_other_queues_and_who_no_longer_waits_do_not_count(town: Town) -> None:
    other = ArticleFactory.create()
    town.register("bestallning", {other: 1})
    town.register("direktbestallning", {town.chair: 1})
    town.draft("bestallning", {town.chair: 1})
    assert place(town, town.register("bestallning", {town.chair: 1})) == 1


def test_each_waiting_line_of_an_order_has_its_place(town: Town) -> None:
    other = ArticleFactory.create()
    town.register("bestallning", {other: 1})
    order = town.register("bestallning", {town.chair: 1, other: 1})
    waits = waits_of(order, list(order.lines.for_order_page()), on=TODAY)
    assert [wait.place for wait in waits.values()] == [1, 2]


def test_a_line_that_is_reserved_does_not_wait(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("bestallning", {town.chair: 1})
    with CaptureQueriesContext(connection) as queries:
        lines = list(order.lines.for_order_page())
        assert waits_of(order, lines, on=TODAY) == {}
    assert len(queries) == 1


def test_two_statements_for_many_lines(town: Town) -> None:
    articles = [ArticleFactory.create() for _ in range(15)]
    order = town.register("bestallning", dict.fromkeys(articles, 2))
    lines = list(order.lines.for_order_page())
    with CaptureQueriesContext(connection) as queries:
        assert len(waits_of(order, lines, on=TODAY)) == 15
    assert len(queries) == 2


def test_behind_is_the_rest_of_the_queue(town: Town) -> None:
    lines = [town.line(town.register("bestallning", {town.chair: 1})) for _ in range(4)]
    assert list(OrderLine.objects.filter(behind(lines[1])).in_queue_order()) == lines[2:]


def test_the_date_that_the_warehouse_has_set_is_said(town: Town) -> None:
    order = town.register("bestallning", {town.chair: 1})
    StockLevel.objects.filter(article=town.chair).update(expected_on=date(2026, 5, 12))
    (wait,) = waits_of(order, list(order.lines.for_order_page()), on=TODAY).values()
    assert (wait.place_words, wait.expected_words) == ("Först i kön", "väntas 12 maj")


@pytest.mark.parametrize(
    ("place", "days", "words"),
    [
        (1, None, ("Först i kön", "")),
        (3, 0, ("Nummer 3 i kön", "väntas 2 mars")),
        (2, -1, ("Nummer 2 i kön", "skulle ha kommit 1 mars")),
        (2, 365, ("Nummer 2 i kön", "väntas 2 mars 2027")),
    ],
)
def test_words(place: int, days: int | None, words: tuple[str, str]) -> None:
    expected = None if days is None else TODAY + timedelta(days=days)
    wait = Wait(place=place, level_id=1, expected_on=expected, today=TODAY)
    assert (wait.place_words, wait.expected_words) == words


def test_a_day_has_its_year_only_when_it_is_another() -> None:
    assert day_in_words(date(2026, 12, 1), today=TODAY) == "1 december"
    assert day_in_words(date(2027, 1, 1), today=TODAY) == "1 januari 2027"
