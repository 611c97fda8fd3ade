from django.db import migrations, models


class Migration(migrations.Migration):
    """Of a million orders some thousands are open; they have indexes of their own, in the order of the list."""

    dependencies = [("orders", "0029_holdings_in_the_order_of_returns")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ["REGISTERED", "PARTLY"])),
                fields=["-registered_at", "-id"],
                include=("sender", "recipient_warehouse"),
                name="order_open",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ["REGISTERED", "PARTLY"])),
                fields=["municipality", "-registered_at", "-id"],
                name="order_open_by_municipality",
            ),
        ),
    ]
