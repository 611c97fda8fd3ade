"""A database as full as a region's in proportion: what waits is few among many that are done."""

from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from orders.models import Delivery, DeliveryLine, Order, OrderLine, Receipt, ReceiptLine

MODELS = (Order, OrderLine, Delivery, DeliveryLine, Receipt, ReceiptLine)
TABLES = {model._meta.db_table for model in MODELS}


def repeat(order: Order, count: int, *, is_received: bool = False) -> None:
    """Copy a registered order of one line, with its delivery if it has one, `count` times, an hour apart and long ago.

    Without triggers and balances, as the generator does it; the statistics know of the rows afterwards.
    """
    line = order.lines.get()
    first = 1_000_000 * order.pk
    at = f"%s::timestamptz - interval '1000 days' + n * interval '{86400 * 900 // count} seconds'"
    number = f"'X' || to_hex({first} + n)"  # short enough, however many orders other tests have made
    state = "'RECEIVED'" if is_received else "state"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")

        def copy(row: models.Model, **changed: str) -> None:
            changed["id"] = f"{first} + n"
            fields = [str(field.column) for field in row._meta.concrete_fields if not field.generated]
            values = ", ".join(changed.get(name, f'"{name}"') for name in fields)
            names = ", ".join(f'"{name}"' for name in fields)
            table = row._meta.db_table
            statement = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {count}) AS n"  # noqa: S608
            times = [order.registered_at] * values.count("%s")
            cursor.execute(f"{statement} WHERE {table}.id = {row.pk}", times)

        copy(order, number=number, draft_key="gen_random_uuid()", state=state, registered_at=at)
        copy(line, order_id=f"{first} + n")
        if delivery := order.deliveries.first():
            copy(delivery, order_id=f"{first} + n", number=number, key="gen_random_uuid()", at=at)
            copy(delivery.lines.get(), delivery_id=f"{first} + n", order_line_id=f"{first} + n")
        if delivery and is_received:
            receipt = delivery.receipt
            copy(receipt, delivery_id=f"{first} + n", at=at)
            copy(receipt.lines.get(), receipt_id=f"{first} + n", delivery_line_id=f"{first} + n")
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE " + ", ".join(TABLES))


def plans(queries: CaptureQueriesContext) -> list[str]:
    """The plan of each statement that only reads."""
    found = []
    with connection.cursor() as cursor:
        for query in list(queries.captured_queries):
            if query["sql"].lstrip("( \n").startswith(("SELECT", "WITH")):
                cursor.execute("EXPLAIN " + query["sql"])
                found.append("\n".join(row for (row,) in cursor.fetchall()))
    return found
