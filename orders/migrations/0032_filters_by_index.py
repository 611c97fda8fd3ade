import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A municipality's orders are filtered and counted by their index alone, and a type's are in the order of numbers."""

    dependencies = [("orders", "0031_holdings_by_customer_and_place")]

    operations = [
        migrations.RemoveIndex(model_name="order", name="order_by_municipality"),
        migrations.AlterField(
            model_name="order",
            name="municipality",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.party",
                verbose_name="kommun",
                db_index=False,
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                name="order_by_municipality",
                fields=["municipality", "-registered_at", "-id"],
                include=["type", "subtype", "state", "sender"],
                condition=~Q(state="DRAFT"),
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(name="order_by_type_and_number", fields=["type", "number"], condition=~Q(state="DRAFT")),
        ),
    ]
