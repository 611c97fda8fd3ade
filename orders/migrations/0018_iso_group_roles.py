"""The roles again, now that the headings of ISO groups are rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("orders", "0017_order_on_its_way"), ("inventory", "0012_iso_groups")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
