"""Where in its warehouse an article lies; who changed it is written down like the other levels set by hand."""

from django.db import migrations, models


def history(columns: list[str]) -> str:
    """The trigger for these columns, in place of the one that is there."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"""
    DROP TRIGGER change_history ON inventory_stocklevel;
    CREATE TRIGGER change_history AFTER UPDATE ON inventory_stocklevel FOR EACH ROW
        WHEN (({old}) IS DISTINCT FROM ({new}))
        EXECUTE FUNCTION audit_record_change('inventory_stocklevel', 'id', 'on_hand reserved available incoming', '');
    """


BEFORE = ["reorder_point", "max_level"]


class Migration(migrations.Migration):
    dependencies = [("inventory", "0012_iso_groups")]
    operations = [
        migrations.AddField(
            "stocklevel",
            "shelf",
            models.CharField(
                "hyllplats",
                max_length=16,
                blank=True,
                default="",
                db_default="",
                help_text="Var i lagret artikeln ligger, t.ex. A-03-2. Plocklistan går i den ordningen.",
            ),
        ),
        migrations.RunSQL(history([*BEFORE, "shelf"]), history(BEFORE)),
    ]
