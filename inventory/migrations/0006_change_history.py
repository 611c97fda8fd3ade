"""Changes of articles, warehouses, devices' descriptions and order levels are written down (see the app `audit`).

A device's place and a level's balances follow from the ledger, which is their history.
"""

from django.db import migrations

FORWARD = """
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON inventory_article
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('inventory_article', 'id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON inventory_warehouse
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('inventory_warehouse', 'id', '', '');
CREATE TRIGGER change_history AFTER UPDATE ON inventory_device FOR EACH ROW
    WHEN ((OLD.number, OLD.serial_number, OLD.state) IS DISTINCT FROM (NEW.number, NEW.serial_number, NEW.state))
    EXECUTE FUNCTION audit_record_change('inventory_device', 'id', 'location_id', '');
CREATE TRIGGER change_history AFTER UPDATE ON inventory_stocklevel FOR EACH ROW
    WHEN ((OLD.reorder_point, OLD.max_level) IS DISTINCT FROM (NEW.reorder_point, NEW.max_level))
    EXECUTE FUNCTION audit_record_change('inventory_stocklevel', 'id', 'on_hand reserved available incoming', '');
"""

BACKWARD = """
DROP TRIGGER change_history ON inventory_stocklevel;
DROP TRIGGER change_history ON inventory_device;
DROP TRIGGER change_history ON inventory_warehouse;
DROP TRIGGER change_history ON inventory_article;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_return_shelf"), ("audit", "0003_change_history")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
