"""What is always reviewed is found in the index alone, which leaves out lists and the looks of the review itself."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_roles_at_units_and_care_relations"),
        ("parties", "0011_session_epoch_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="accesslogentry",
            name="access_log_always_reviewed",
        ),
        migrations.AddIndex(
            model_name="accesslogentry",
            index=models.Index(
                condition=models.Q(
                    models.Q(("is_emergency", True), ("is_protected", True), _connector="OR"),
                    models.Q(("act__in", ("SEARCH", "LIST", "ADMINLIST", "REVIEW", "EXTRACT")), _negated=True),
                ),
                fields=["at"],
                include=("id", "user", "patient"),
                name="access_log_always_reviewed",
            ),
        ),
    ]
