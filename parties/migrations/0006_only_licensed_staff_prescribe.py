"""Only licensed staff hold a right to prescribe: looked at when the right is given, and when a profession changes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION may_hold_prescribing_right(profession text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT profession IN ('OT', 'PT', 'NURSE', 'DISTRICT', 'PHYSICIAN', 'SPEECH', 'AUDIO', 'OPTICIAN', 'PROSTHETIST',
                          'DIETITIAN')
$$;

CREATE FUNCTION prescribing_right_profession() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text;
BEGIN
    SELECT profession INTO STRICT held FROM parties_user WHERE id = NEW.user_id FOR SHARE;
    IF NOT may_hold_prescribing_right(held) THEN
        RAISE EXCEPTION 'user % is not licensed staff and cannot hold a right to prescribe', NEW.user_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prescribing_right_profession';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER prescribing_right_profession BEFORE INSERT OR UPDATE ON parties_prescribingright
    FOR EACH ROW EXECUTE FUNCTION prescribing_right_profession();

CREATE FUNCTION user_profession_of_prescriber() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT may_hold_prescribing_right(NEW.profession) AND EXISTS (
        SELECT FROM parties_prescribingright
        WHERE user_id = NEW.id AND (valid_until IS NULL OR valid_until >= CURRENT_DATE)
    ) THEN
        RAISE EXCEPTION 'user % holds a right to prescribe and must be licensed staff', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prescribing_right_profession';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER user_profession_of_prescriber AFTER UPDATE OF profession ON parties_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION user_profession_of_prescriber();
"""

BACKWARD = """
DROP TRIGGER user_profession_of_prescriber ON parties_user;
DROP FUNCTION user_profession_of_prescriber();
DROP TRIGGER prescribing_right_profession ON parties_prescribingright;
DROP FUNCTION prescribing_right_profession();
DROP FUNCTION may_hold_prescribing_right(text);
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0005_professions_of_titles")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
