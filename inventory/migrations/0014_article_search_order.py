import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a search reads in order: names from their beginning, and what *Avancerat sök* counts by ISO group."""

    dependencies = [("inventory", "0013_shelf"), ("parties", "0007_sessions_and_search_counts")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                django.db.models.functions.comparison.Collate(
                    models.Func(models.F("search_text"), models.Value("\n"), models.Value(1), function="SPLIT_PART"),
                    "C",
                ),
                name="article_name_line",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["iso_code"],
                include=("in_assortment", "is_orderable", "kind", "is_numbered", "charging", "supplier"),
                name="article_facets",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
    ]
