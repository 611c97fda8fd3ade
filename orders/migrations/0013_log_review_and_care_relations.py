"""The log reviewer's right, and the care relations of what had been prescribed before there were any."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import grant_roles

RELATIONS = """
INSERT INTO parties_carerelation (patient_id, unit_id, since, registered_by_id)
SELECT DISTINCT ON (recipient_patient_id, customer_id)
       recipient_patient_id, customer_id, (registered_at AT TIME ZONE 'Europe/Stockholm')::date, registrar_id
FROM orders_order
WHERE recipient_patient_id IS NOT NULL AND state NOT IN ('DRAFT', 'CANCELED')
ORDER BY recipient_patient_id, customer_id, registered_at
"""


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0012_count_event"),
        ("parties", "0003_care_relations"),
        ("audit", "0002_reviews"),
    ]
    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunSQL(RELATIONS, migrations.RunSQL.noop),
    ]
