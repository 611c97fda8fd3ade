from functools import reduce
from operator import or_

from django.db.models import Q

from inventory.models import Location, LocationKind, Warehouse
from parties.models import Party, Patient

type Place = tuple[LocationKind, dict[str, Warehouse | Party | Patient]]
"""The kind of a location, and whose it is: `warehouse`, `party` or `patient`."""

OWNERS = ("warehouse", "party", "patient")


def warehouse_location(warehouse: Warehouse) -> Location:
    return _location(LocationKind.WAREHOUSE, warehouse=warehouse)


def transit_location(warehouse: Warehouse) -> Location:
    """Where goods are while on their way to a warehouse."""
    return _location(LocationKind.TRANSIT, warehouse=warehouse)


def returns_location(warehouse: Warehouse) -> Location:
    """The shelf of a warehouse where returned goods wait to be checked; not yet in its balance."""
    return _location(LocationKind.RETURNS, warehouse=warehouse)


def locations(*places: Place) -> list[Location]:
    """The location of each place, in their order: one statement, and more for those that are made now."""
    known = {
        (found.kind, found.warehouse_id, found.party_id, found.patient_id): found
        for found in Location.objects.filter(reduce(or_, (Q(kind=kind, **owner) for kind, owner in places)))
    }
    keys = [(kind, *(owner[name].pk if name in owner else None for name in OWNERS)) for kind, owner in places]
    return [
        known.get(key) or _location(kind, **owner)  # type: ignore[arg-type]  # the owner has its name's type
        for key, (kind, owner) in zip(keys, places, strict=True)
    ]


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
