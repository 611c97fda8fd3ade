"""The administrator's right to look at returns, and holdings for what was delivered before there were any."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles

OPEN_HOLDINGS = """
    INSERT INTO orders_holding (delivery_line_id, location_id, article_id, device_id, quantity, returned, opened_at)
    SELECT sent.id, place.id, line.article_id, sent.device_id, sent.quantity, 0, delivery.at
    FROM orders_deliveryline AS sent
    JOIN orders_delivery AS delivery ON delivery.id = sent.delivery_id
    JOIN orders_order AS customer_order ON customer_order.id = delivery.order_id
    JOIN orders_orderline AS line ON line.id = sent.order_line_id
    JOIN inventory_location AS place
        ON place.party_id = customer_order.recipient_unit_id OR place.patient_id = customer_order.recipient_patient_id
    ON CONFLICT DO NOTHING
"""


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_goods_returns"), ("inventory", "0005_return_shelf")]
    operations = [
        migrations.RunSQL(OPEN_HOLDINGS, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
