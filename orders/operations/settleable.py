"""From where to where the goods of a difference move when it is settled, and whether they can."""

from inventory.locks import LevelKey
from inventory.models import Device, Location, LocationKind, StockLevel
from inventory.operations.locating import outside_location, transit_location, warehouse_location
from inventory.operations.moving import Move
from inventory.operations.reserving import free
from orders.differences import OUTCOMES, Open
from orders.models import DifferenceKind, Order, OrderLine, ReceiptLine, SettlementOutcome

ELSEWHERE = {
    LocationKind.CARE_UNIT: "finns hos en vårdenhet. Ta emot den som retur i stället",
    LocationKind.PATIENT: "finns hos en patient. Ta emot den som retur i stället",
    LocationKind.RETURNS: "ligger på en returhylla. Kontrollera returen först",
    LocationKind.TRANSIT: "är på väg till ett lager. Kvittera eller reglera den leveransen först",
}
"""An extra device that other papers still account for: what to do about them first."""


class DifferenceCannotBeSettled(Exception):
    """The settlement would not be true; the message is in Swedish, `field` says what it is about."""

    def __init__(self, message: str, *, field: str = "outcome") -> None:
        super().__init__(message)
        self.field = field


class DifferenceIsSettled(DifferenceCannotBeSettled):
    """Somebody else has settled it."""


def require_possible(open_: Open, outcome: SettlementOutcome, quantity: int) -> None:
    if outcome not in OUTCOMES[open_.kind]:
        raise DifferenceCannotBeSettled(f"{open_.kind.label} kan inte regleras så. Välj ett annat utfall.")
    if not 1 <= quantity <= open_.quantity:
        raise DifferenceCannotBeSettled(f"{open_.quantity} är kvar att reglera.", field="quantity")


def places_of(order: Order, open_: Open, outcome: SettlementOutcome) -> tuple[Location, Location]:
    """From where to where the goods move; the same place twice where they are. Made before the balances are locked."""
    assert order.sender is not None
    assert order.recipient_warehouse is not None
    sender, store = warehouse_location(order.sender), warehouse_location(order.recipient_warehouse)
    transit = transit_location(order.recipient_warehouse)
    if open_.kind == DifferenceKind.EXTRA:
        origin = _origin(outcome, open_.device, sender, store)
        return origin, origin if outcome == SettlementOutcome.WITH_SENDER else store
    match outcome:
        case SettlementOutcome.ARRIVED:
            return transit, store
        case SettlementOutcome.WITH_SENDER:
            return transit, sender
        case _:
            return transit, outside_location(LocationKind.LOSS)


def _origin(outcome: SettlementOutcome, device: Device | None, sender: Location, store: Location) -> Location:
    """Where the extra goods came from; for a device where the ledger has it, if no other papers account for it."""
    if device is None:
        return outside_location(LocationKind.FOUND) if outcome == SettlementOutcome.FOUND else sender
    place = Location.objects.get(pk=device.location_id)
    if place == store:
        raise DifferenceCannotBeSettled(f"Individ {device} finns redan i lagret.")
    if where := ELSEWHERE.get(LocationKind(place.kind)):
        raise DifferenceCannotBeSettled(f"Individ {device} {where}.")
    if (place == sender) == (outcome == SettlementOutcome.FOUND):
        there = "i avsändarens lager" if place == sender else "inte i avsändarens lager"
        raise DifferenceCannotBeSettled(f"Individ {device} finns {there} enligt lagerrörelserna.")
    return place


def require_free(move: Move, open_: Open, line: ReceiptLine, levels: dict[LevelKey, StockLevel]) -> None:
    """Under the balances' lock: a warehouse gives what it has not promised, and a device that nobody holds."""
    device, article, source = open_.device, line.article, move.source
    if device and not Device.objects.filter(pk=device.pk, location=source).exists():
        raise DifferenceCannotBeSettled(f"Individ {device} har flyttats. Ladda om sidan och försök igen.")
    if source.kind != LocationKind.WAREHOUSE or source == move.target:
        return
    assert source.warehouse_id is not None
    if device and OrderLine.objects.filter(device=device, reserved__gt=0).exists():
        raise DifferenceCannotBeSettled(f"Individ {device} är reserverad för en annan order.")
    if (possible := free(levels[source.warehouse_id, article.pk])) < move.quantity:
        raise DifferenceCannotBeSettled(
            f"Bara {max(possible, 0)} {article.unit} av {article} är disponibla i {source.warehouse}. "
            "Resten är reserverat eller finns inte."
        )
