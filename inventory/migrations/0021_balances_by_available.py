import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The balances of a warehouse by what is available; the index by the warehouse alone is not needed beside it."""

    dependencies = [("inventory", "0020_parts_by_words")]

    operations = [
        migrations.AddIndex(
            model_name="stocklevel",
            index=models.Index(name="stock_level_by_available", fields=["warehouse", "available", "id"]),
        ),
        migrations.AlterField(
            model_name="stocklevel",
            name="warehouse",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="levels",
                to="inventory.warehouse",
                verbose_name="lager",
            ),
        ),
    ]
