"""The municipality of a place, which the database works out: nobody writes it, and it cannot be wrong.

What it follows from is read under a lock, so that a place that is made while its patient moves gets the new one.
"""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
SET LOCAL statement_timeout = 0;
UPDATE inventory_location AS place
SET municipality_id = coalesce(
    patient.municipality_id,
    CASE WHEN unit.is_municipality OR unit.is_region THEN unit.id ELSE unit.parent_id END
)
FROM inventory_location AS same
LEFT JOIN inventory_warehouse AS warehouse ON warehouse.id = same.warehouse_id
LEFT JOIN parties_party AS unit ON unit.id = coalesce(same.party_id, warehouse.owner_id)
LEFT JOIN parties_patient AS patient ON patient.id = same.patient_id
WHERE same.id = place.id;
"""

FORWARD = """
CREATE FUNCTION location_keeps_municipality() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unit bigint := NEW.party_id;
BEGIN
    NEW.municipality_id := NULL;
    IF NEW.warehouse_id IS NOT NULL THEN
        SELECT owner_id INTO STRICT unit FROM inventory_warehouse WHERE id = NEW.warehouse_id FOR SHARE;
    END IF;
    IF NEW.patient_id IS NOT NULL THEN
        SELECT municipality_id INTO STRICT NEW.municipality_id
            FROM parties_patient WHERE id = NEW.patient_id FOR SHARE;
    ELSIF unit IS NOT NULL THEN
        SELECT CASE WHEN is_municipality OR is_region THEN id ELSE parent_id END INTO STRICT NEW.municipality_id
            FROM parties_party WHERE id = unit FOR SHARE;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER location_municipality BEFORE INSERT OR UPDATE ON inventory_location
    FOR EACH ROW EXECUTE FUNCTION location_keeps_municipality();

CREATE FUNCTION locations_follow_municipality() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'parties_patient' THEN
        UPDATE inventory_location SET municipality_id = NULL WHERE patient_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'inventory_warehouse' THEN
        UPDATE inventory_location SET municipality_id = NULL WHERE warehouse_id = NEW.id;
    ELSE
        UPDATE inventory_location SET municipality_id = NULL
            WHERE party_id = NEW.id OR warehouse_id IN (SELECT id FROM inventory_warehouse WHERE owner_id = NEW.id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER locations_municipality AFTER UPDATE ON parties_patient
    FOR EACH ROW WHEN (OLD.municipality_id IS DISTINCT FROM NEW.municipality_id)
    EXECUTE FUNCTION locations_follow_municipality();
CREATE TRIGGER locations_municipality AFTER UPDATE ON inventory_warehouse
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id)
    EXECUTE FUNCTION locations_follow_municipality();
CREATE TRIGGER locations_municipality AFTER UPDATE ON parties_party
    FOR EACH ROW WHEN ((OLD.parent_id, OLD.is_municipality, OLD.is_region)
        IS DISTINCT FROM (NEW.parent_id, NEW.is_municipality, NEW.is_region))
    EXECUTE FUNCTION locations_follow_municipality();
"""

BACKWARD = """
DROP TRIGGER locations_municipality ON parties_party;
DROP TRIGGER locations_municipality ON inventory_warehouse;
DROP TRIGGER locations_municipality ON parties_patient;
DROP TRIGGER location_municipality ON inventory_location;
DROP FUNCTION locations_follow_municipality, location_keeps_municipality;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0021_balances_by_available")]
    operations = [
        migrations.AddField(
            model_name="location",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.party",
                verbose_name="kommun",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="location",
            index=models.Index(fields=["municipality", "kind", "id"], name="location_by_municipality"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
