"""Changes of trainings, and of who has completed them, are written down: the latter as the person's own."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON inventory_training
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('inventory_training', 'id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON inventory_usertraining
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_user', 'user_id', '', '');
"""

BACKWARD = """
DROP TRIGGER change_history ON inventory_usertraining;
DROP TRIGGER change_history ON inventory_training;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_trainings"), ("audit", "0003_change_history")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
