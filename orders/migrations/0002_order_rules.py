"""Rules between tables: an order's type is its subtype's, a registered order keeps its lines, events stay."""

from django.db import migrations

FORWARD = """
ALTER TABLE orders_order ADD CONSTRAINT order_type_is_subtypes
    FOREIGN KEY (subtype_id, type) REFERENCES orders_ordersubtype (id, type) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION order_registered_has_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'DRAFT' AND NOT EXISTS (SELECT 1 FROM orders_orderline WHERE order_id = NEW.id) THEN
        RAISE EXCEPTION 'order % has no lines', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_registered_has_lines';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state <> 'DRAFT' AND NEW.state = 'DRAFT' THEN
        RAISE EXCEPTION 'order % is registered', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_registered_stays_registered';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER order_registered_has_lines BEFORE INSERT OR UPDATE OF state ON orders_order
    FOR EACH ROW EXECUTE FUNCTION order_registered_has_lines();

CREATE FUNCTION order_registered_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a registered order is canceled, never deleted'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'order_registered_is_kept';
END $$;

CREATE TRIGGER order_registered_is_kept BEFORE DELETE ON orders_order
    FOR EACH ROW WHEN (OLD.state <> 'DRAFT') EXECUTE FUNCTION order_registered_is_kept();

CREATE FUNCTION order_line_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM orders_order WHERE id = OLD.order_id AND state <> 'DRAFT') THEN
        RAISE EXCEPTION 'a line of a registered order is canceled, never deleted'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'order_line_is_kept';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER order_line_is_kept BEFORE DELETE ON orders_orderline
    FOR EACH ROW EXECUTE FUNCTION order_line_is_kept();

CREATE TRIGGER order_event_append_only BEFORE UPDATE OR DELETE ON orders_orderevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

BACKWARD = """
DROP TRIGGER order_event_append_only ON orders_orderevent;
DROP TRIGGER order_line_is_kept ON orders_orderline;
DROP TRIGGER order_registered_is_kept ON orders_order;
DROP TRIGGER order_registered_has_lines ON orders_order;
DROP FUNCTION order_line_is_kept, order_registered_is_kept, order_registered_has_lines;
ALTER TABLE orders_order DROP CONSTRAINT order_type_is_subtypes;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_orders"), ("inventory", "0002_ledger_rules")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
