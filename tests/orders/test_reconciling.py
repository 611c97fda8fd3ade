"""A history that agrees, then one thing changed past the operations: the difference is found and said in words."""

from collections.abc import Callable

import pytest
from django.db import connection

from inventory.models import Device, StockLevel
from inventory.operations.locating import warehouse_location
from orders.models import DeliveryLine, Holding, Order, OrderLine, OrderNumberSeries, ReceiptLine
from orders.operations.delivering import Pick
from orders.operations.receiving import Counted, receive_delivery
from orders.reconciling import differences
from tests.fixtures import Town


@pytest.fixture
def history(town: Town) -> Town:
    """10 chairs: 3 sent to the store (2 came), 2 of 4 delivered to the unit, 1 reserved; a walker at the patient's."""
    town.stock(town.central, town.chair, 10)
    walker, _ = town.devices(town.central, town.walker, 2)
    transfer = town.deliver(town.register("lagerflytt", {town.chair: 3}))
    counted = {transfer.lines.get().pk: Counted(received=2, missing=1, reason="Kom inte")}
    receive_delivery(delivery_id=transfer.pk, by=town.per, at=town.now(), counted=counted)
    part = town.register("bestallning", {town.chair: 4})
    town.deliver(part, [Pick(line_id=town.line(part).pk, quantity=2)])
    town.deliver(town.register("forskrivning", [(town.walker, 1, walker)]))
    town.register("forskrivning", {town.chair: 1})
    return town


def of(town: Town) -> dict[str, StockLevel]:
    return {level.warehouse.number: level for level in StockLevel.objects.filter(article=town.chair)}


def test_a_history_made_by_the_operations_agrees(history: Town) -> None:
    assert differences() == []
    levels = of(history)
    assert (levels["10"].on_hand, levels["10"].reserved) == (5, 3)
    assert (levels["50101"].on_hand, levels["50101"].incoming) == (2, 1)


def test_nothing_at_all_agrees(town: Town) -> None:
    assert differences() == []


def change_line(**values: int) -> Callable[[Town], object]:
    return lambda town: OrderLine.objects.filter(order__number="B-26-000001").update(**values)


def change_level(**values: int) -> Callable[[Town], object]:
    return lambda town: StockLevel.objects.filter(article=town.chair, warehouse=town.central).update(**values)


def without_triggers(table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def move_device(town: Town) -> None:
    place = warehouse_location(town.store)
    without_triggers(
        "inventory_device",
        f"UPDATE inventory_device SET location_id = {place.pk} WHERE number = 'HV000001'",  # noqa: S608
    )


def make_device(town: Town) -> None:
    Device.objects.create(number="HV9", article=town.walker, location=warehouse_location(town.store))


def lose_movement(town: Town) -> None:
    without_triggers(
        "inventory_stockmovement",
        "UPDATE inventory_stockmovement SET quantity = 1 WHERE key LIKE 'delivery:%' AND quantity = 2",
    )


@pytest.mark.parametrize(
    ("tamper", "sentences"),
    [
        (
            change_level(on_hand=6),
            [
                "Artikel 14710: i lager, på väg, på returhyllor och hos brukare är 11, men in minus ut är 10.",
                "Lager 10, artikel 14710: i lager är 6, men lagerrörelserna ger 5.",
            ],
        ),
        (
            lambda town: Holding.objects.filter(article=town.chair).update(quantity=3),
            [
                "Artikel 14710 hos Björkbacken: innehavet är 3, men lagerrörelserna ger 2.",
                "Artikel 14710: i lager, på väg, på returhyllor och hos brukare är 11, men in minus ut är 10.",
            ],
        ),
        (change_level(reserved=1), ["Lager 10, artikel 14710: reserverat är 1, men orderraderna håller 3."]),
        (
            change_level(incoming=2),
            [
                "Artikel 14710: i lager, på väg, på returhyllor och hos brukare är 12, men in minus ut är 10.",
                "Lager 10, artikel 14710: väntat in är 2, men lagerrörelserna ger 0.",
                "Lager 10, artikel 14710: väntat in är 2, men på väg enligt utleveranserna är 0.",
            ],
        ),
        (change_line(reserved=1), ["Lager 10, artikel 14710: reserverat är 3, men orderraderna håller 2."]),
        (change_line(delivered=1), ["Order B-26-000001, rad 1: levererat är 1, men utleveranserna ger 2."]),
        (
            change_line(received=1),
            ["Order B-26-000001, rad 1: mottaget är 1, men mottagningarna ger 0."],
        ),
        (
            lambda town: Order.objects.filter(number="B-26-000001").update(state="DELIVERED"),
            ["Order B-26-000001: status är DELIVERED, men raderna ger PARTLY."],
        ),
        (
            lambda town: OrderNumberSeries.objects.filter(type="F").update(last=4),
            ["Nummerserie F-2026: sista numret är 4, men 2 order har nummer."],
        ),
        (
            lambda town: DeliveryLine.objects.filter(delivery__number="B-26-000001-1").update(quantity=1),
            [
                "Order B-26-000001, rad 1: levererat är 2, men utleveranserna ger 1.",
                "Utleverans B-26-000001-1: 1 skickades, men lagerrörelsen är 2.",
            ],
        ),
        (
            lambda town: ReceiptLine.objects.update(received=1, missing=2),
            [
                "Lager 50101, artikel 14710: väntat in är 1, men på väg enligt utleveranserna är 2.",
                "Order L-26-000001, rad 1: mottaget är 2, men mottagningarna ger 1.",
                "Utleverans L-26-000001-1: 1 togs emot, men lagerrörelsen är 2.",
            ],
        ),
        (
            lambda town: Holding.objects.filter(article=town.chair).update(customer=town.unit),
            ["Utleverans B-26-000001-1: innehavets kund är 01-05, men ordern är gjord av 50101."],
        ),
        (
            move_device,
            [
                "Individ HV000001: platsen är inte den som lagerrörelserna ger.",
            ],
        ),
        (make_device, ["Individ HV9: platsen är inte den som lagerrörelserna ger."]),
        (
            lose_movement,
            [
                "Artikel 14710 hos Björkbacken: innehavet är 2, men lagerrörelserna ger 1.",
                "Lager 10, artikel 14710: i lager är 5, men lagerrörelserna ger 6.",
                "Utleverans B-26-000001-1: 2 skickades, men lagerrörelsen är 1.",
            ],
        ),
    ],
)
def test_what_differs_is_said(history: Town, tamper: Callable[[Town], object], sentences: list[str]) -> None:
    tamper(history)
    assert differences() == sentences


def test_a_numbered_balance_is_the_number_of_devices(history: Town) -> None:
    StockLevel.objects.filter(article=history.walker, warehouse=history.central).update(on_hand=2)
    assert "Lager 10, artikel 15121: i lager är 2, men 1 individer finns där." in differences()


def test_a_reserved_device_is_in_the_sender(history: Town) -> None:
    (device,) = history.devices(history.central, history.walker, 1)
    order = history.register("forskrivning", [(history.walker, 1, device)])
    Order.objects.filter(pk=order.pk).update(sender=history.store)
    assert (
        f"Order {order.number}, rad 1: individ {device.number} är reserverad men finns inte i lagret." in differences()
    )
