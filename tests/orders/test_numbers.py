import pytest
from django.db import transaction

from orders.models import Order, OrderNumberSeries, OrderType
from orders.numbers import next_order_number, number_matches, whole_number
from orders.operations.registering import OrderCannotBeRegistered, register_order
from tests.fixtures import Town


@pytest.mark.django_db
def test_letter_year_and_running_number() -> None:
    assert next_order_number(type=OrderType.PRESCRIPTION, year=2026) == "F-26-000001"
    OrderNumberSeries.objects.update(last=4210)
    assert next_order_number(type=OrderType.PRESCRIPTION, year=2026) == "F-26-004211"


@pytest.mark.django_db
def test_each_type_and_year_has_its_own_series() -> None:
    numbers = [
        next_order_number(type=type, year=year)
        for type, year in [
            (OrderType.TRANSFER, 2026),
            (OrderType.REQUISITION, 2026),
            (OrderType.REQUISITION, 2027),
            (OrderType.REQUISITION, 2026),
        ]
    ]
    assert numbers == ["L-26-000001", "B-26-000001", "B-27-000001", "B-26-000002"]


def test_an_act_that_is_rolled_back_gives_its_number_back(town: Town) -> None:
    order = town.draft("bestallning", {town.chair: 1})
    with transaction.atomic():
        register_order(order_id=order.pk, by=town.lina, at=town.now())
        transaction.set_rollback(True)
    refused = town.draft("bestallning", {})
    with pytest.raises(OrderCannotBeRegistered):
        register_order(order_id=refused.pk, by=town.lina, at=town.now())
    assert town.register("bestallning", {town.chair: 1}).number == "B-26-000001"


@pytest.mark.parametrize("text", ["F-26-004211", "f-26-004211", "F26004211", " f 26 004211 ", "F-26-4211"])
def test_a_whole_number_in_any_writing(text: str) -> None:
    assert whole_number(text) == "F-26-004211"


@pytest.mark.parametrize("text", ["", "4211", "X-26-004211", "F-2026-004211", "F-26-", "F-26-0042111", "Ｆ-26-004211"])
def test_what_is_no_whole_number(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("B-26-000001", ["B-26-000001"]),
        ("b26-1", ["B-26-000001"]),
        ("B-26-000", ["B-26-000001", "B-26-000012"]),
        ("1", ["B-26-000001"]),
        ("12", ["B-26-000012"]),
        ("012", ["B-26-000012"]),
        ("2", []),
        ("112", []),
    ],
)
def test_orders_by_number_beginning_or_end(town: Town, text: str, found: list[str]) -> None:
    OrderNumberSeries.objects.create(type=OrderType.REQUISITION, year=2026, last=0)
    town.register("bestallning", {town.chair: 1})
    OrderNumberSeries.objects.update(last=11)
    town.register("bestallning", {town.chair: 1})
    matching = number_matches(text)
    assert matching is not None
    assert list(Order.objects.filter(matching).order_by("number").values_list("number", flat=True)) == found


@pytest.mark.parametrize("text", ["", "rullstol", "1234567", "193111049809", "%", "a\0b", "F-26-%", "²"])
def test_what_can_be_no_part_of_a_number(text: str) -> None:
    assert number_matches(text) is None
