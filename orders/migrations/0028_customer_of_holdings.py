"""Whose order a holding came by stands on the holding too, so that own care is asked for by one index."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
SET LOCAL statement_timeout = 0;
UPDATE orders_holding AS holding SET customer_id = stored.customer_id
FROM orders_deliveryline AS sent
JOIN orders_delivery AS delivery ON delivery.id = sent.delivery_id
JOIN orders_order AS stored ON stored.id = delivery.order_id
WHERE sent.id = holding.delivery_line_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


def customer(*, null: bool) -> models.ForeignKey:  # type: ignore[type-arg]  # takes none when it runs
    return models.ForeignKey(
        null=null,
        db_index=False,
        help_text="Enheten vars order det kom med.",
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="parties.party",
        verbose_name="kund",
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0027_extra_goods_back"), ("parties", "0011_session_epoch_name")]

    operations = [
        migrations.AddField("holding", "customer", customer(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("holding", "customer", customer(null=False)),
        migrations.AddIndex(
            "holding",
            models.Index(
                name="holding_open_by_customer",
                fields=["customer"],
                include=["location"],
                condition=models.Q(closed_at__isnull=True),
            ),
        ),
    ]
