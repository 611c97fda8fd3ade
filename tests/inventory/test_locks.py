import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.locks import lock_levels, save_levels
from inventory.models import StockLevel
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
