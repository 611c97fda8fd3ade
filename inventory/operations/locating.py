from inventory.models import Location, LocationKind, Warehouse

type Place = tuple[LocationKind, dict[str, int]]
"""The kind of a location, and whose it is, by key: `warehouse_id`, `party_id` or `patient_id`."""

OWNERS = ("warehouse_id", "party_id", "patient_id")


def warehouse_location(warehouse: Warehouse) -> Location:
    return _location(LocationKind.WAREHOUSE, warehouse_id=warehouse.pk)


def transit_location(warehouse: Warehouse) -> Location:
    """Where goods are while on their way to a warehouse."""
    return _location(LocationKind.TRANSIT, warehouse_id=warehouse.pk)


def returns_location(warehouse: Warehouse) -> Location:
    """The shelf of a warehouse where returned goods wait to be checked; not yet in its balance."""
    return _location(LocationKind.RETURNS, warehouse_id=warehouse.pk)


def locations(*places: Place) -> list[Location]:
    """The location of each place, in their order: one statement, and more for those that are made now."""
    conditions = (" AND ".join(f"{column} = %s" for column in ("kind", *owner)) for _, owner in places)
    values = [value for kind, owner in places for value in (str(kind), *owner.values())]
    rows = Location.objects.raw(f"SELECT * FROM inventory_location WHERE {' OR '.join(conditions)}", values)  # noqa: S608  # names of columns
    known = {(row.kind, row.warehouse_id, row.party_id, row.patient_id): row for row in rows}
    found = []
    for kind, owner in places:
        warehouse, party, patient = (owner.get(name) for name in OWNERS)
        found.append(known.get((kind, warehouse, party, patient)) or _location(kind, **owner))
    return found


def outside_location(kind: LocationKind) -> Location:
    """Supplier, loss or found: the places where stock begins and ends."""
    return _location(kind)


def _location(kind: LocationKind, **owner: int) -> Location:
    whole: dict[str, int | None] = dict.fromkeys(OWNERS) | owner
    location, _ = Location.objects.get_or_create(defaults=None, kind=kind, **whole)
    return location
