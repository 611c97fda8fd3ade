"""The roles again: the administrator keeps the trainings, and who has completed them."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_change_history"), ("inventory", "0007_trainings")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
