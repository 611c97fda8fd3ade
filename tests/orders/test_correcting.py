"""The books are changed past the operations, and made to agree again without touching what was written."""

from uuid import uuid4

import pytest

from inventory.models import LocationKind, MovementReason, StockLevel, StockMovement
from orders.models import Delivery, Order, OrderLine
from orders.operations.correcting import correct_balances
from orders.reconciling import differences
from tests.fixtures import Town


@pytest.fixture
def history(town: Town) -> Town:
    """10 chairs in lager 10, 2 delivered to the unit, 3 reserved; two walkers, one of them at the patient's."""
    town.stock(town.central, town.chair, 10)
    walker, _ = town.devices(town.central, town.walker, 2)
    town.deliver(town.register("bestallning", {town.chair: 2}))
    town.register("bestallning", {town.chair: 3})
    town.deliver(town.register("forskrivning", [(town.walker, 1, walker)]))
    return town


def correct(town: Town) -> list[str]:
    return correct_balances(key=uuid4(), by=None, at=town.now())


def chairs(town: Town) -> "StockLevel":
    return StockLevel.objects.get(article=town.chair, warehouse=town.central)


@pytest.mark.parametrize(
    ("on_hand", "said", "source", "target"),
    [(9, "+1", LocationKind.FOUND, LocationKind.WAREHOUSE), (5, "-3", LocationKind.WAREHOUSE, LocationKind.LOSS)],
)
def test_the_ledger_gets_the_difference_as_an_entry(
    history: Town, on_hand: int, said: str, source: str, target: str
) -> None:
    before = list(StockMovement.objects.order_by("pk").values())
    StockLevel.objects.filter(pk=chairs(history).pk).update(on_hand=on_hand)
    assert correct(history) == [f"Lager 10, artikel 14710: rättade {said} st. Inventera artikeln."]
    *kept, entry = StockMovement.objects.order_by("pk")
    assert list(StockMovement.objects.filter(pk__in=[row.pk for row in kept]).order_by("pk").values()) == before
    assert (entry.reason, entry.quantity) == (MovementReason.CORRECTION, abs(int(said)))
    assert (entry.from_location.kind, entry.to_location.kind) == (source, target)
    assert chairs(history).on_hand == on_hand
    assert differences() == []


def test_counters_without_a_movement_are_counted_again(history: Town) -> None:
    StockLevel.objects.filter(pk=chairs(history).pk).update(reserved=0, incoming=4)
    StockLevel.objects.filter(article=history.walker).update(on_hand=7)
    movements = StockMovement.objects.count()
    assert correct(history) == ["Räknade om 2 saldon efter orderrader och lagerrörelser."]
    assert StockMovement.objects.count() == movements
    assert history.level(history.central, history.chair) == (8, 3, 0)
    assert history.level(history.central, history.walker) == (1, 0, 0)
    assert differences() == []


def test_a_balance_that_is_missing_is_made_from_the_ledger(history: Town) -> None:
    chairs(history).delete()
    assert correct(history) == ["Räknade om 1 saldon efter orderrader och lagerrörelser."]
    assert history.level(history.central, history.chair) == (8, 3, 0)


def test_what_is_right_is_not_touched(history: Town) -> None:
    levels, movements = list(StockLevel.objects.values()), StockMovement.objects.count()
    assert correct(history) == []
    assert (list(StockLevel.objects.values()), StockMovement.objects.count()) == (levels, movements)


def test_levels_of_the_store_are_kept(history: Town) -> None:
    StockLevel.objects.filter(pk=chairs(history).pk).update(reserved=0, reorder_point=3, max_level=8)
    correct(history)
    level = chairs(history)
    assert (level.reserved, level.reorder_point, level.max_level) == (3, 3, 8)


def test_what_cannot_be_is_left_and_said(history: Town) -> None:
    OrderLine.objects.filter(reserved=3).update(quantity=9, reserved=9)  # the lines hold 9 of 8
    assert correct(history) == []
    assert differences() == ["Lager 10, artikel 14710: reserverat är 3, men orderraderna håller 9."]


def test_orders_and_deliveries_are_not_touched(history: Town) -> None:
    StockLevel.objects.filter(pk=chairs(history).pk).update(on_hand=9)
    seen = [list(model.objects.order_by("pk").values()) for model in (Order, OrderLine, Delivery)]
    correct(history)
    assert [list(model.objects.order_by("pk").values()) for model in (Order, OrderLine, Delivery)] == seen
