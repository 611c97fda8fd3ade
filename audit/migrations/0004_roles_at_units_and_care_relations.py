"""Roles that a user has at one unit, and ended care relations, are written down too.

A role at a unit is written as a change of the user's unit, so that it stands with the user and says where. A care
relation itself says who registered it and since when; only what is changed afterwards is news.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_record_unit_role() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    link parties_usercustomer;
    was jsonb;
    becomes jsonb;
BEGIN
    SELECT * INTO link FROM parties_usercustomer WHERE id = COALESCE(NEW.usercustomer_id, OLD.usercustomer_id);
    was := jsonb_build_object('customer_id', link.customer_id, 'roles', OLD.group_id);
    becomes := jsonb_build_object('customer_id', link.customer_id, 'roles', NEW.group_id);
    INSERT INTO audit_changeentry
        (at, actor_id, kind, table_name, object_id, subject_table, subject_id, before, after)
        VALUES (
            now(), NULLIF(current_setting('sesam.actor', true), '')::bigint, 'UPDATE', 'parties_usercustomer',
            link.id, 'parties_user', link.user_id, was, becomes
        );
    RETURN NULL;
END $$;

CREATE TRIGGER change_history AFTER INSERT OR DELETE ON parties_usercustomer_roles
    FOR EACH ROW EXECUTE FUNCTION audit_record_unit_role();
CREATE TRIGGER change_history AFTER UPDATE ON parties_carerelation
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_patient', 'patient_id', '', '');
"""

BACKWARD = """
DROP TRIGGER change_history ON parties_carerelation;
DROP FUNCTION audit_record_unit_role CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_change_history"), ("parties", "0003_care_relations")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
