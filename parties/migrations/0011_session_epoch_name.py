from django.db import migrations, models


class Migration(migrations.Migration):
    """The history of a person names the field in Swedish."""

    dependencies = [("parties", "0010_patients_in_list_order")]
    operations = [
        migrations.AlterField(
            "user",
            "session_epoch",
            models.PositiveIntegerField("inloggningsomgång", default=0, db_default=0, editable=False),
        ),
    ]
