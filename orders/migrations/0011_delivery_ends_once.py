"""A delivery is received or has failed, never both: asked under a lock on the delivery, so that two at once are seen."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION delivery_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM orders_delivery WHERE id = NEW.delivery_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM orders_receipt WHERE delivery_id = NEW.delivery_id)
        OR EXISTS (SELECT 1 FROM orders_deliveryfailure WHERE delivery_id = NEW.delivery_id)
    THEN
        RAISE EXCEPTION 'delivery % has been received or has failed', NEW.delivery_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'delivery_ends_once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receipt_of_delivery_that_has_not_failed BEFORE INSERT ON orders_receipt
    FOR EACH ROW EXECUTE FUNCTION delivery_ends_once();
CREATE TRIGGER failure_of_delivery_that_is_not_received BEFORE INSERT ON orders_deliveryfailure
    FOR EACH ROW EXECUTE FUNCTION delivery_ends_once();
"""

BACKWARD = """
DROP TRIGGER failure_of_delivery_that_is_not_received ON orders_deliveryfailure;
DROP TRIGGER receipt_of_delivery_that_has_not_failed ON orders_receipt;
DROP FUNCTION delivery_ends_once;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_roles_for_returns")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
