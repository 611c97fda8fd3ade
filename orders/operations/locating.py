from inventory.models import Location
from inventory.operations.locating import care_unit_location, patient_location, transit_location
from orders.models import Order


def recipient_location(order: Order) -> Location:
    """Where the goods of a delivery go: a unit, a patient, or on the way to a store. Made the first time.

    Asked for before the balances are locked: a new place is a row that another transaction may have to wait for.
    """
    if order.recipient_warehouse:
        return transit_location(order.recipient_warehouse)
    if order.recipient_unit:
        return care_unit_location(order.recipient_unit)
    assert order.recipient_patient is not None
    return patient_location(order.recipient_patient)
