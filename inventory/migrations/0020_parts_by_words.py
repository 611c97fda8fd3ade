from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    """The parts that a word is said of are found without reading the main articles that are called so."""

    dependencies = [("inventory", "0019_movements_by_time")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=GinIndex(
                name="article_parts_trigram",
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=models.Q(in_assortment=True) & ~models.Q(kind="MAIN"),
            ),
        ),
    ]
