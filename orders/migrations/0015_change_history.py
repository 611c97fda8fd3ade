"""Changes of the kinds of order are written down, and the administrator may look at all such changes."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles

FORWARD = """
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON orders_ordersubtype
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('orders_ordersubtype', 'id', '', '');
"""

BACKWARD = "DROP TRIGGER change_history ON orders_ordersubtype;"


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_receipt_extra_devices"), ("audit", "0003_change_history")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
