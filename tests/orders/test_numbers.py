import pytest
from django.db import transaction

from orders.models import OrderNumberSeries, OrderType
from orders.numbers import next_order_number
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
