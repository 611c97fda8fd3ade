"""A unit with tens of thousands of things: *Returer* shows those that it has had the longest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0018_devices_by_serial_number"),
        ("orders", "0028_customer_of_holdings"),
        ("parties", "0012_first_passwords"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="holding",
            name="holding_open",
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["location", "opened_at", "id"],
                name="holding_open",
            ),
        ),
    ]
