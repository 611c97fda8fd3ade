from inventory.models import Location, LocationKind, Warehouse
from parties.models import Party, Patient


def warehouse_location(warehouse: Warehouse) -> Location:
    return _location(LocationKind.WAREHOUSE, warehouse=warehouse)


def transit_location(warehouse: Warehouse) -> Location:
    """Where goods are while on their way to a warehouse."""
    return _location(LocationKind.TRANSIT, warehouse=warehouse)


def returns_location(warehouse: Warehouse) -> Location:
    """The shelf of a warehouse where returned goods wait to be checked; not yet in its balance."""
    return _location(LocationKind.RETURNS, warehouse=warehouse)


def care_unit_location(party: Party) -> Location:
    return _location(LocationKind.CARE_UNIT, party=party)


def patient_location(patient: Patient) -> Location:
    return _location(LocationKind.PATIENT, patient=patient)


def outside_location(kind: LocationKind) -> Location:
    """Supplier, loss or found: the places where stock begins and ends."""
    return _location(kind)


def _location(
    kind: LocationKind,
    *,
    warehouse: Warehouse | None = None,
    party: Party | None = None,
    patient: Patient | None = None,
) -> Location:
    location, _ = Location.objects.get_or_create(kind=kind, warehouse=warehouse, party=party, patient=patient)
    return location
