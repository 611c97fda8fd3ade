import pytest
from django.db import IntegrityError, transaction

from inventory.locks import lock_levels, save_levels
from inventory.models import Location, LocationKind, MovementReason, StockMovement
from inventory.operations.locating import (
    Place,
    locations,
    outside_location,
    transit_location,
    warehouse_location,
)
from inventory.operations.moving import Move, level_keys, post_movements
from tests.fixtures import Town


def post(town: Town, *moves: Move) -> None:
    levels = lock_levels(level_keys(moves))
    post_movements(moves, levels=levels, reason=MovementReason.CORRECTION, by=town.per, at=town.now(), note="prov")
    save_levels(levels.values())


def move(town: Town, source: Location, target: Location, quantity: int = 2, key: str = "a") -> Move:
    return Move(key=key, article_id=town.chair.pk, quantity=quantity, source=source, target=target)


def test_from_one_warehouse_to_another(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    post(town, move(town, warehouse_location(town.central), warehouse_location(town.store)))
    assert town.level(town.central, town.chair) == (3, 0, 0)
    assert town.level(town.store, town.chair) == (2, 0, 0)
    movement = StockMovement.objects.get(key="a")
    assert (movement.quantity, movement.actor, movement.at, movement.note) == (2, town.per, town.clock, "prov")


def test_what_is_in_transit_is_incoming(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    post(town, move(town, warehouse_location(town.central), transit_location(town.store)))
    assert town.level(town.store, town.chair) == (0, 0, 2)


def test_outside_has_no_balance(town: Town) -> None:
    found, loss = outside_location(LocationKind.FOUND), outside_location(LocationKind.LOSS)
    assert level_keys([move(town, found, loss)]) == set()
    post(town, move(town, found, warehouse_location(town.store)))
    assert town.level(town.store, town.chair) == (2, 0, 0)


def test_a_patient_and_a_unit_have_their_place(town: Town) -> None:
    places: list[Place] = [
        (LocationKind.PATIENT, {"patient_id": town.patient.pk}),
        (LocationKind.CARE_UNIT, {"party_id": town.unit.pk}),
    ]
    patient, unit = locations(*places)
    assert (patient.patient, unit.party) == (town.patient, town.unit)
    assert locations(*reversed(places)) == [unit, patient]


def test_more_than_there_is_or_is_free_is_refused(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    town.register("bestallning", {town.chair: 4})
    for quantity in (6, 2):
        with pytest.raises(IntegrityError, match="stock_level_reserved_within_on_hand"), transaction.atomic():
            post(town, move(town, warehouse_location(town.central), warehouse_location(town.store), quantity))
    assert town.level(town.central, town.chair) == (5, 4, 0)
    assert not StockMovement.objects.filter(key="a").exists()
