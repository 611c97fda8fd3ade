import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What came without being on the delivery has a line of its own, that says no more than that."""

    dependencies = [
        ("inventory", "0018_devices_by_serial_number"),
        ("orders", "0025_municipality_of_open_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="receiptline",
            name="other_article",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.article",
                verbose_name="annan artikel",
            ),
        ),
        migrations.AlterField(
            model_name="receiptline",
            name="delivery_line",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipt_line",
                to="orders.deliveryline",
                verbose_name="utleveransrad",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivery_line__isnull", False), ("other_article__isnull", True)),
                    models.Q(
                        ("damaged", 0),
                        ("delivery_line__isnull", True),
                        ("extra__gte", 1),
                        ("missing", 0),
                        ("other_article__isnull", False),
                        ("received", 0),
                    ),
                    _connector="OR",
                ),
                name="receipt_line_of_other_article_is_all_extra",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("other_article__isnull", False)),
                fields=("other_article", "receipt"),
                name="receipt_line_other_article_once",
            ),
        ),
    ]
