from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of articles sorted by ISO code is read from an index."""

    dependencies = [("inventory", "0016_article_swedish_name"), ("parties", "0009_security_events")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["iso_code", "id"], name="article_by_iso_code"),
        ),
    ]
