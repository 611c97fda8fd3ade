import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.locks import lock_levels, save_levels
from inventory.models import Device, DeviceState, MovementReason, StockLevel
from inventory.operations.locating import returns_location, warehouse_location
from inventory.operations.moving import Move, level_keys, post_movements
from tests.factories import ArticleFactory
from tests.fixtures import Town


def test_balances_are_locked_in_key_order_by_one_statement(town: Town) -> None:
    other = ArticleFactory.create()
    keys = [(place.pk, article.pk) for place in (town.store, town.central) for article in (other, town.chair)]
    lock_levels(keys)
    with CaptureQueriesContext(connection) as queries:
        levels = lock_levels([*keys, keys[0]])
    locking = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(locking) == 1
    order = re.search(r"ORDER BY (.*)\s+FOR NO KEY UPDATE OF inventory_stocklevel$", locking[0])
    assert order
    assert re.findall(r"inventory_stocklevel\.(\w+)", order[1]) == ["warehouse_id", "article_id"]
    assert list(levels) == sorted(keys)


def test_a_balance_that_is_missing_is_made_at_zero_before_the_lock(town: Town) -> None:
    key = (town.store.pk, town.chair.pk)
    with CaptureQueriesContext(connection) as queries:
        levels = lock_levels([key])
    kinds = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert kinds == ["WITH", "INSERT", "WITH"]
    assert (levels[key].on_hand, levels[key].reserved, levels[key].incoming) == (0, 0, 0)
    assert StockLevel.objects.count() == 1


def test_a_locked_balance_knows_what_is_blocked_as_other_balances_do(town: Town) -> None:
    """Devices that stand in the warehouse and cannot leave; not those on its return shelf or of another warehouse."""
    other = ArticleFactory.create(is_numbered=True)
    devices = [
        device
        for place, article in ((town.central, town.walker), (town.central, other), (town.store, town.walker))
        for device in town.devices(place, article, 3)
    ]
    shelf, returns = warehouse_location(town.central), returns_location(town.central)
    move = Move(
        key="back",
        article_id=town.walker.pk,
        quantity=1,
        device_id=devices[0].pk,
        source=shelf,
        target=returns,
    )
    levels = lock_levels(level_keys([move]))
    post_movements([move], levels=levels, reason=MovementReason.CORRECTION, by=town.hakan, at=town.now())
    save_levels(levels.values())
    blocked = (*devices[:2], devices[3], *devices[6:])
    Device.objects.filter(pk__in=[device.pk for device in blocked]).update(state=DeviceState.BLOCKED)
    locked = lock_levels(
        (place.pk, article.pk) for place in (town.central, town.store) for article in (town.walker, other)
    )
    expected = {(row.warehouse_id, row.article_id): row.blocked for row in StockLevel.objects.with_blocked()}
    assert {key: row.blocked for key, row in locked.items()} == expected
    assert sorted(expected.values()) == [0, 1, 1, 3]


def test_no_keys_ask_nothing(town: Town) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert lock_levels([]) == {}
    assert not len(queries)


def test_balances_are_written_in_one_statement(town: Town) -> None:
    levels = lock_levels((town.store.pk, ArticleFactory.create().pk) for _ in range(5))
    for level in levels.values():
        level.on_hand = 3
    with CaptureQueriesContext(connection) as queries:
        save_levels(levels.values())
    assert len(queries) == 1
    assert set(StockLevel.objects.values_list("on_hand", flat=True)) == {3}
