import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """One text to search in for each article, the headings of ISO groups and the words that occur."""

    dependencies = [("inventory", "0009_blocked_devices")]

    operations = [
        migrations.CreateModel(
            name="IsoGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(help_text="2, 4 eller 6 siffror.", max_length=6, unique=True, verbose_name="kod"),
                ),
                ("title", models.CharField(db_collation="swedish", max_length=120, verbose_name="rubrik")),
            ],
            options={
                "verbose_name": "ISO-grupp",
                "verbose_name_plural": "ISO-grupper",
                "constraints": [
                    models.CheckConstraint(
                        name="iso_group_code",
                        condition=models.Q(code__regex=r"^([0-9]{2}){1,3}$"),
                        violation_error_message="Koden är 2, 4 eller 6 siffror.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=60, unique=True, verbose_name="ord")),
                ("stem", models.CharField(db_index=True, max_length=60, verbose_name="stam")),
            ],
            options={
                "verbose_name": "sökord",
                "verbose_name_plural": "sökord",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigram"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="search_text",
            field=models.TextField(blank=True, db_default="", default="", editable=False, verbose_name="söktext"),
        ),
        migrations.RemoveIndex(model_name="article", name="article_name_trigram"),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], opclasses=["gin_trgm_ops"], name="article_search_trigram"
            ),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                name="device_serial_number",
                fields=["serial_number"],
                condition=models.Q(("serial_number", ""), _negated=True),
            ),
        ),
    ]
