"""Fill an empty database: people, goods, history, and the balances that follow from them."""

import gc
from collections.abc import Callable
from random import Random

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from orders.models import Order
from orders.operations.correcting import recount_balances

from .copying import copier, without_indexes
from .goods import make_goods
from .history import START, YEARS, History
from .looks import make_looks
from .people import make_people
from .sizes import Size

APPS = ("parties", "inventory", "orders", "audit")
BIG = [
    "orders_order", "orders_orderline", "orders_delivery", "orders_deliveryline", "orders_receipt",
    "orders_receiptline", "orders_holding", "orders_orderevent", "inventory_stockmovement", "inventory_device",
    "inventory_article", "inventory_location", "parties_patient",
]  # fmt: skip
EMPTY_BALANCES = """
    INSERT INTO inventory_stocklevel (warehouse_id, article_id)
    SELECT DISTINCT sender_id, article_id FROM orders_orderline AS line JOIN orders_order ON orders_order.id = order_id
    WHERE backordered > 0
    ON CONFLICT DO NOTHING
"""
"""Of what has never been in stock, and somebody waits for: registering an order makes such a balance."""


class DatabaseIsNotEmpty(Exception):
    """Only a database without orders is filled; the message says so in Swedish."""


def fill(size: Size, *, seed: int, tell: Callable[[str], object]) -> dict[str, int]:
    """Fill the database of the default connection, and give the number of rows by table.

    The same size and seed make the same rows. Needs a superuser, since triggers and foreign keys rest meanwhile: the
    rows are made consistent, and `reconcile_stock` looks at them afterwards. Raises DatabaseIsNotEmpty.
    """
    if Order.objects.exists():
        raise DatabaseIsNotEmpty("Databasen har redan order. Välj en tom databas.")
    chance = Random(seed)  # noqa: S311  # repeatable is what it must be
    gc.freeze()
    with without_indexes(BIG), copier() as target:
        people = make_people(target, size, chance)
        goods = make_goods(target, size, people, chance)
        tell("Parter, användare, patienter och artiklar är skapade.")
        History(target, size, people, goods, chance).make()
        make_looks(target, size, people, chance, until=START + YEARS)
        target.close()
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; SELECT refresh_search_text(); RESET statement_timeout")
        tell("Order och lagerrörelser är skapade. Index byggs …")
        counts = dict(target.count)
    _restart_sequences()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        recount_balances()
        cursor.execute(EMPTY_BALANCES)
        cursor.execute("UPDATE inventory_stocklevel SET reorder_point = 2, max_level = 10 WHERE id %% 3 = 0", [])
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")
    return counts


def _restart_sequences() -> None:
    """Keys were given by hand: the next row that the program makes comes after them."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
