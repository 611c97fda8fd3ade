import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import Device, LocationKind, MovementReason, StockMovement
from inventory.operations.receiving import Arrival, receive_goods
from tests.factories import ArticleFactory
from tests.fixtures import Town


def receive(town: Town, *arrivals: Arrival, key: str = "goods:1") -> None:
    receive_goods(warehouse=town.store, arrivals=arrivals, by=town.per, at=town.now(), key=key, note="F-1")


def test_goods_come_from_the_supplier(town: Town) -> None:
    receive(town, Arrival(article=town.chair, quantity=4))
    assert town.level(town.store, town.chair) == (4, 0, 0)
    movement = StockMovement.objects.get()
    assert (movement.from_location.kind, movement.to_location.warehouse) == (LocationKind.SUPPLIER, town.store)
    assert (movement.reason, movement.actor, movement.note) == (MovementReason.GOODS_RECEIPT, town.per, "F-1")
    assert movement.key == "goods:1:article:14710"


def test_devices_are_made_and_are_where_they_came(town: Town) -> None:
    receive(town, Arrival(article=town.walker, device_numbers=("HV1", "HV2")), Arrival(article=town.chair, quantity=1))
    assert town.level(town.store, town.walker) == (2, 0, 0)
    assert set(Device.objects.in_warehouse(town.store).values_list("number", flat=True)) == {"HV1", "HV2"}
    assert StockMovement.objects.count() == 3


def test_the_same_article_twice_is_added_up(town: Town) -> None:
    receive(town, Arrival(article=town.chair, quantity=4), Arrival(article=town.chair, quantity=3))
    assert town.level(town.store, town.chair) == (7, 0, 0)


def test_the_same_key_again_is_refused_whole(town: Town) -> None:
    receive(town, Arrival(article=town.chair, quantity=4))
    other = ArticleFactory.create()
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        receive(town, Arrival(article=other, quantity=1), Arrival(article=town.chair, quantity=4))
    assert town.level(town.store, town.chair) == (4, 0, 0)
    assert town.level(town.store, other) == (0, 0, 0)


def test_a_known_device_number_is_refused(town: Town) -> None:
    receive(town, Arrival(article=town.walker, device_numbers=("HV1",)))
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        receive(town, Arrival(article=town.walker, device_numbers=("HV1",)), key="goods:2")
    assert town.level(town.store, town.walker) == (1, 0, 0)


def test_serial_numbers_follow_their_devices(town: Town) -> None:
    receive(town, Arrival(article=town.walker, device_numbers=("HV1", "HV2"), serial_numbers=("SN-9", "SN-8")))
    receive(town, Arrival(article=town.walker, device_numbers=("HV3",)), key="goods:2")
    found = Device.objects.order_by("number").values_list("number", "serial_number")
    assert list(found) == [("HV1", "SN-9"), ("HV2", "SN-8"), ("HV3", "")]


def statements(town: Town, quantity: int) -> int:
    numbers = tuple(f"S{quantity}-{number:04}" for number in range(quantity))
    arrivals = [Arrival(article=town.walker, device_numbers=numbers), Arrival(article=town.chair, quantity=1)]
    with CaptureQueriesContext(connection) as queries:
        receive(town, *arrivals, key=f"goods:{quantity}")
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_devices(town: Town) -> None:
    statements(town, 1)  # places and balances are made the first time
    assert statements(town, 2) == statements(town, 200) <= 10
