"""The administration asks for the movements of a day; without an index an empty day was looked for in all of them."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0018_devices_by_serial_number"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="stockmovement",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="movement_by_time"),
        ),
    ]
