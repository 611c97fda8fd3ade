"""The ledger's rules in the database: append-only, and a device moves only from where it is."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct with a new row', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE ON inventory_stockmovement
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION stock_movement_moves_device() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    numbered boolean;
BEGIN
    SELECT is_numbered INTO STRICT numbered FROM inventory_article WHERE id = NEW.article_id;
    IF numbered AND NEW.device_id IS NULL THEN
        RAISE EXCEPTION 'article % is individually numbered and moves only by device', NEW.article_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_numbered_article_needs_device';
    ELSIF NOT numbered AND NEW.device_id IS NOT NULL THEN
        RAISE EXCEPTION 'article % is not individually numbered', NEW.article_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_quantity_article_has_no_device';
    END IF;
    IF NEW.device_id IS NOT NULL THEN
        UPDATE inventory_device SET location_id = NEW.to_location_id
            WHERE id = NEW.device_id AND article_id = NEW.article_id AND location_id = NEW.from_location_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'device % is not at location %', NEW.device_id, NEW.from_location_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_device_is_at_source';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER stock_movement_moves_device BEFORE INSERT ON inventory_stockmovement
    FOR EACH ROW EXECUTE FUNCTION stock_movement_moves_device();

CREATE FUNCTION device_moves_by_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'device % moves only by a stock movement', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'device_moves_by_ledger';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER device_moves_by_ledger BEFORE UPDATE ON inventory_device
    FOR EACH ROW WHEN (OLD.location_id IS DISTINCT FROM NEW.location_id) EXECUTE FUNCTION device_moves_by_ledger();

CREATE FUNCTION article_numbering_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM inventory_stockmovement WHERE article_id = OLD.id) THEN
        RAISE EXCEPTION 'article % has moved; whether it is numbered cannot change', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'article_numbering_is_fixed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER article_numbering_is_fixed BEFORE UPDATE ON inventory_article
    FOR EACH ROW WHEN (OLD.is_numbered IS DISTINCT FROM NEW.is_numbered)
    EXECUTE FUNCTION article_numbering_is_fixed();
"""

BACKWARD = """
DROP TRIGGER article_numbering_is_fixed ON inventory_article;
DROP TRIGGER device_moves_by_ledger ON inventory_device;
DROP TRIGGER stock_movement_moves_device ON inventory_stockmovement;
DROP TRIGGER stock_movement_append_only ON inventory_stockmovement;
DROP FUNCTION article_numbering_is_fixed, device_moves_by_ledger, stock_movement_moves_device, refuse_change;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_inventory")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
