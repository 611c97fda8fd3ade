from django.db import migrations, models


class Migration(migrations.Migration):
    """The few devices that cannot leave are counted with each balance."""

    dependencies = [("inventory", "0008_training_history")]

    operations = [
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                name="device_blocked", fields=["article"], condition=models.Q(("state", "OK"), _negated=True)
            ),
        ),
    ]
