"""The roles again: changing, back orders, differences, returns and counts; and what is only ever added stays."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles

APPEND_ONLY = ["deliveryfailure", "receiptsettlement"]


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0006_after_registration"),
        ("inventory", "0004_substitution_and_expected_date"),
    ]
    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON orders_{name}"
                " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                f"DROP TRIGGER {name}_append_only ON orders_{name}",
            )
            for name in APPEND_ONLY
        ),
    ]
