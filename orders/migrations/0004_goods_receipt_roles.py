"""The roles again, now that goods receipts exist."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_subtypes_and_roles"), ("inventory", "0003_goods_receipt")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
