from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Collate


class Migration(migrations.Migration):
    """A word that very many articles have is found among the first of them, and in the order of the hits.

    Accessories and spare parts, which are few, are listed without looking at the others.
    """

    dependencies = [("inventory", "0022_municipality_of_places")]

    operations = [
        migrations.RemoveIndex(model_name="article", name="article_name_line"),
        migrations.AddIndex(
            model_name="article",
            index=GinIndex(
                name="article_oldest_trigram",
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=Q(id__lte=16_000),
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                Collate(
                    Func(
                        Func("search_text", Value("\n"), Value(1), function="SPLIT_PART"),
                        Value(" "),
                        Value(2),
                        function="SPLIT_PART",
                    ),
                    "C",
                ),
                F("is_orderable").desc(),
                Case(When(kind="MAIN", then=0), default=1),
                F("number"),
                name="article_first_word",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                name="article_parts", fields=["kind", "number"], condition=Q(in_assortment=True) & ~Q(kind="MAIN")
            ),
        ),
    ]
