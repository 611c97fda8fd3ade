from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of devices sorted by serial number is read from an index; devices without one are in it, too."""

    dependencies = [("inventory", "0017_articles_by_iso_code")]

    operations = [
        migrations.RemoveIndex(model_name="device", name="device_serial_number"),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["serial_number", "id"], name="device_by_serial_number"),
        ),
    ]
