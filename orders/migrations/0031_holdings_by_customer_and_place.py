from django.db import migrations, models


class Migration(migrations.Migration):
    """With whom a unit's things are is found place by place, however many things are at one place."""

    dependencies = [("orders", "0030_open_orders")]

    operations = [
        migrations.RemoveIndex(model_name="holding", name="holding_open_by_customer"),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["customer", "location"],
                name="holding_open_by_customer",
            ),
        ),
    ]
