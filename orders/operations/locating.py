from inventory.models import Location, LocationKind
from inventory.operations.locating import Place, locations
from orders.models import Order


def recipient_location(order: Order) -> Location:
    """Where the goods of a delivery go: a unit, a patient, or on the way to a store. Made the first time.

    Asked for before the balances are locked: a new place is a row that another transaction may have to wait for.
    """
    (target,) = locations(_target(order))
    return target


def ends_of(order: Order) -> tuple[Location, Location]:
    """Where the goods of a delivery leave, and where they go."""
    assert order.sender_id is not None
    source, target = locations((LocationKind.WAREHOUSE, {"warehouse_id": order.sender_id}), _target(order))
    return source, target


def _target(order: Order) -> Place:
    if order.recipient_warehouse_id:
        return LocationKind.TRANSIT, {"warehouse_id": order.recipient_warehouse_id}
    if order.recipient_unit_id:
        return LocationKind.CARE_UNIT, {"party_id": order.recipient_unit_id}
    assert order.recipient_patient_id is not None
    return LocationKind.PATIENT, {"patient_id": order.recipient_patient_id}
