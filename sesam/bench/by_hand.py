"""The limit to compare with: register and deliver a direct requisition as one writes it for nothing but speed."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from parties.prepared import prepared

LOCK = """
    SELECT line.id, line.article_id, line.quantity, stored.sender_id, stored.recipient_unit_id, stored.customer_id
    FROM orders_order AS stored JOIN orders_orderline AS line ON line.order_id = stored.id
    WHERE stored.id = %(order)s ORDER BY line.article_id FOR NO KEY UPDATE OF stored
"""
PLACES = """
    SELECT (SELECT id FROM inventory_location WHERE kind = 'WAREHOUSE' AND warehouse_id = %(sender)s),
           (SELECT id FROM inventory_location WHERE kind = 'CARE_UNIT' AND party_id = %(unit)s)
"""
LEVELS = """
    SELECT id FROM inventory_stocklevel WHERE warehouse_id = %(sender)s AND article_id = ANY (%(articles)s)
    ORDER BY article_id FOR NO KEY UPDATE
"""
TAKE = """
    UPDATE inventory_stocklevel AS level SET on_hand = level.on_hand - line.quantity
    FROM orders_orderline AS line
    WHERE line.order_id = %(order)s AND level.warehouse_id = %(sender)s AND level.article_id = line.article_id
        AND level.on_hand - level.reserved >= line.quantity
"""
NUMBER = """
    INSERT INTO orders_ordernumberseries AS series (type, year, last) VALUES ('B', %(year)s, 1)
    ON CONFLICT (type, year) DO UPDATE SET last = series.last + 1 RETURNING last
"""
ORDER = """
    UPDATE orders_order SET number = %(number)s, state = 'DELIVERED', registered_at = %(at)s, version = version + 2
    WHERE id = %(order)s AND state = 'DRAFT'
"""
LINES = "UPDATE orders_orderline SET delivered = quantity WHERE order_id = %(order)s"
DELIVERY = """
    INSERT INTO orders_delivery (key, number, order_id, at, actor_id)
    VALUES (%(key)s, %(number)s || '-1', %(order)s, %(at)s, %(by)s) RETURNING id
"""
SENT = """
    INSERT INTO orders_deliveryline (delivery_id, order_line_id, quantity)
    SELECT %(delivery)s, id, quantity FROM orders_orderline WHERE order_id = %(order)s
"""
MOVED = """
    INSERT INTO inventory_stockmovement
        (key, at, actor_id, reason, article_id, quantity, from_location_id, to_location_id)
    SELECT format('delivery:%%s:line:%%s', %(delivery)s::bigint, id), %(at)s, %(by)s, 'DELIVERY', article_id, quantity,
           %(shelf)s, %(place)s
    FROM orders_orderline WHERE order_id = %(order)s
"""
HELD = """
    INSERT INTO orders_holding (delivery_line_id, customer_id, location_id, article_id, quantity, returned, opened_at)
    SELECT sent.id, %(customer)s, %(place)s, line.article_id, sent.quantity, 0, %(at)s
    FROM orders_deliveryline AS sent JOIN orders_orderline AS line ON line.id = order_line_id
    WHERE delivery_id = %(delivery)s
"""
EVENTS = """
    INSERT INTO orders_orderevent (order_id, kind, at, actor_id, detail)
    VALUES (%(order)s, 'REGISTERED', %(at)s, %(by)s, ''), (%(order)s, 'DELIVERED', %(at)s, %(by)s, %(number)s || '-1')
"""


@transaction.atomic
def register_and_deliver_by_hand(order_id: int, by: int, at: datetime) -> None:
    """Thirteen statements in one transaction; a balance that is too low raises AssertionError."""
    with prepared() as cursor:
        values: dict[str, Any] = {"order": order_id, "by": by, "at": at, "year": at.year, "key": uuid4()}
        cursor.execute(LOCK, values)
        lines = cursor.fetchall()
        _, _, _, sender, unit, customer = lines[0]
        articles = [line[1] for line in lines]
        values |= {"sender": sender, "unit": unit, "customer": customer, "articles": articles}
        cursor.execute(PLACES, values)
        values["shelf"], values["place"] = cursor.fetchone()
        cursor.execute(LEVELS, values)
        cursor.execute(TAKE, values)
        assert cursor.rowcount == len(lines)
        cursor.execute(NUMBER, values)
        values["number"] = f"B-{at.year % 100:02}-{cursor.fetchone()[0]:06}"
        cursor.execute(ORDER, values)
        cursor.execute(LINES, values)
        cursor.execute(DELIVERY, values)
        values["delivery"] = cursor.fetchone()[0]
        for statement in (SENT, MOVED, HELD, EVENTS):
            cursor.execute(statement, values)
