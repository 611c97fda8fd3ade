"""The roles again: the administrator's (systemförvaltare) own permissions, instead of a superuser's."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_goods_receipt_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
