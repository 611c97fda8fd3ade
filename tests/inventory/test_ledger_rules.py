"""What the database refuses about stock, asked past every operation with the raw rows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from inventory.models import Article, Device, Location, LocationKind, MovementReason, StockLevel, StockMovement
from inventory.operations.locating import outside_location, transit_location, warehouse_location
from tests.factories import ArticleFactory
from tests.fixtures import Town


def refused(rule: str, change: Callable[[], Any]) -> None:
    """The database refuses, and the ledger and the balances are as before."""

    def attempt() -> None:
        with transaction.atomic():
            change()
            connection.check_constraints()

    tables = (StockMovement, StockLevel, Device)
    before = [list(table._default_manager.order_by("pk").values()) for table in tables]
    with pytest.raises(DatabaseError) as refusal:
        attempt()
    assert rule in f"{refusal.value} {refusal.value.__cause__.diag.constraint_name}"  # type: ignore[union-attr]
    assert [list(table._default_manager.order_by("pk").values()) for table in tables] == before


def movement(town: Town, article: Article, **fields: Any) -> StockMovement:
    """A row as an operation would write it: one unit from the store to the loss."""
    values: dict[str, Any] = {
        "key": "raw",
        "at": town.clock,
        "reason": MovementReason.CORRECTION,
        "quantity": 1,
        "from_location": warehouse_location(town.store),
        "to_location": outside_location(LocationKind.LOSS),
    }
    return StockMovement(article=article, **(values | fields))


class TestBalances:
    def levels(self, town: Town) -> Any:
        town.stock(town.store, town.chair, 3)
        return StockLevel.objects.filter(article=town.chair)

    @pytest.mark.parametrize(
        "values", [{"on_hand": -1}, {"reserved": 4}, {"reserved": -1}, {"on_hand": 1, "reserved": 2}]
    )
    def test_never_negative_nor_reserved_above_on_hand(self, town: Town, values: dict[str, int]) -> None:
        levels = self.levels(town)
        refused("stock_level_reserved_within_on_hand", lambda: levels.update(**values))

    def test_incoming_is_never_negative(self, town: Town) -> None:
        levels = self.levels(town)
        refused("stock_level_incoming_not_negative", lambda: levels.update(incoming=-1))

    def test_the_max_level_is_not_below_the_reorder_point(self, town: Town) -> None:
        levels = self.levels(town)
        refused("stock_level_max_not_below_reorder_point", lambda: levels.update(reorder_point=4, max_level=3))

    def test_one_for_each_warehouse_and_article(self, town: Town) -> None:
        self.levels(town)
        refused("stock_level_once", lambda: StockLevel.objects.create(warehouse=town.store, article=town.chair))


class TestMovements:
    def test_are_only_added(self, town: Town) -> None:
        town.stock(town.store, town.chair, 3)
        rows = StockMovement.objects.all()
        refused("append-only", lambda: rows.update(quantity=4))
        refused("append-only", lambda: rows.update(note="rättad"))
        refused("append-only", lambda: rows.delete())

    def test_a_key_is_used_once(self, town: Town) -> None:
        town.stock(town.store, town.chair, 3)
        used = StockMovement.objects.get().key
        refused("key", movement(town, town.chair, key=used).save)

    def test_a_quantity_is_positive(self, town: Town) -> None:
        for quantity in (0, -1):
            refused("check constraint", movement(town, town.chair, quantity=quantity).save)

    def test_it_goes_somewhere(self, town: Town) -> None:
        refused("movement_goes_somewhere", movement(town, town.chair, to_location=warehouse_location(town.store)).save)

    def test_a_numbered_article_moves_only_by_device(self, town: Town) -> None:
        town.devices(town.store, town.walker, 1)
        refused("movement_numbered_article_needs_device", movement(town, town.walker).save)

    def test_a_quantity_article_has_no_device(self, town: Town) -> None:
        (device,) = town.devices(town.store, town.walker, 1)
        refused("movement_quantity_article_has_no_device", movement(town, town.chair, device=device).save)

    def test_a_device_is_one(self, town: Town) -> None:
        (device,) = town.devices(town.store, town.walker, 1)
        refused("movement_device_is_one", movement(town, town.walker, device=device, quantity=2).save)


class TestDevices:
    def test_a_device_leaves_only_from_where_it_is(self, town: Town) -> None:
        (device,) = town.devices(town.central, town.walker, 1)
        refused("movement_device_is_at_source", movement(town, town.walker, device=device).save)

    def test_a_device_is_moved_as_its_own_article(self, town: Town) -> None:
        (device,) = town.devices(town.store, town.walker, 1)
        other = ArticleFactory.create(numbered=True)
        refused("movement_device_is_at_source", movement(town, other, device=device).save)

    def test_the_movement_moves_it(self, town: Town) -> None:
        (device,) = town.devices(town.store, town.walker, 1)
        movement(town, town.walker, device=device).save()
        device.refresh_from_db()
        assert device.location.kind == LocationKind.LOSS
        refused("movement_device_is_at_source", movement(town, town.walker, device=device, key="again").save)

    def test_nothing_else_moves_it(self, town: Town) -> None:
        (device,) = town.devices(town.store, town.walker, 1)
        elsewhere = warehouse_location(town.central)
        refused("device_moves_by_ledger", lambda: Device.objects.filter(pk=device.pk).update(location=elsewhere))

    def test_a_number_is_given_once(self, town: Town) -> None:
        (device,) = town.devices(town.store, town.walker, 1)
        twin = Device(number=device.number, article=town.walker, location=device.location)
        refused("number", twin.save)


class TestArticles:
    def test_whether_an_article_is_numbered_is_fixed_once_it_has_moved(self, town: Town) -> None:
        town.stock(town.store, town.chair, 1)
        refused("article_numbering_is_fixed", lambda: Article.objects.filter(pk=town.chair.pk).update(is_numbered=True))

    def test_until_then_it_can_be_corrected(self, town: Town) -> None:
        assert Article.objects.filter(pk=town.chair.pk).update(is_numbered=True) == 1

    def test_a_hired_main_article_is_numbered(self, town: Town) -> None:
        articles = Article.objects.filter(pk=town.chair.pk)
        refused("article_hired_main_is_numbered", lambda: articles.update(charging="HIRE"))


class TestLocations:
    def test_a_place_is_what_its_kind_says(self, town: Town) -> None:
        for wrong in (
            Location(kind=LocationKind.WAREHOUSE),
            Location(kind=LocationKind.PATIENT, warehouse=town.store),
            Location(kind=LocationKind.SUPPLIER, party=town.unit),
            Location(kind=LocationKind.CARE_UNIT, party=town.unit, patient=town.patient),
        ):
            refused("location_refers_to_what_its_kind_says", wrong.save)

    def test_a_place_is_there_once(self, town: Town) -> None:
        transit_location(town.store)
        refused("location_unique", Location(kind=LocationKind.TRANSIT, warehouse=town.store).save)
        outside_location(LocationKind.LOSS)
        refused("location_unique", Location(kind=LocationKind.LOSS).save)
