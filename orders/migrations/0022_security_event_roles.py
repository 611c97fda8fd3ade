"""The roles again, now that log-ins are rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("orders", "0021_end_of_number_index"), ("parties", "0009_security_events")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
