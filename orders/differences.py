"""What is left to settle on a line of a receipt: how many of each kind, and in which ways it can end."""

from dataclasses import dataclass

from inventory.models import Device, Warehouse
from parties.models import User

from . import roles
from .models import DifferenceKind, Order, ReceiptLine, SettlementOutcome
from .models.receipt import ReceiptLineQuerySet

OUTCOMES = {
    DifferenceKind.MISSING: (SettlementOutcome.ARRIVED, SettlementOutcome.WITH_SENDER, SettlementOutcome.LOST),
    DifferenceKind.DAMAGED: (SettlementOutcome.ARRIVED, SettlementOutcome.WITH_SENDER, SettlementOutcome.LOST),
    DifferenceKind.EXTRA: (SettlementOutcome.FROM_SENDER, SettlementOutcome.FOUND, SettlementOutcome.WITH_SENDER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Units of one kind that nobody has settled; an extra device is one by itself."""

    kind: DifferenceKind
    quantity: int
    device: Device | None = None


def open_differences(line: ReceiptLine) -> list[Open]:
    """What is left of each kind. Asks for the line's settlements and, where there are extra devices, for those."""
    settled = list(line.settlements.all())
    sums = {kind: sum(one.quantity for one in settled if one.kind == kind) for kind in DifferenceKind}
    noted = {
        DifferenceKind.MISSING: line.missing,
        DifferenceKind.DAMAGED: line.damaged,
        DifferenceKind.EXTRA: line.extra,
    }
    if devices := list(line.extra_devices.all()):
        noted[DifferenceKind.EXTRA] = 0
    device = line.device
    left = [
        Open(kind=kind, quantity=noted[kind] - sums[kind], device=device)
        for kind in DifferenceKind
        if noted[kind] > sums[kind]
    ]
    done = {one.device_id for one in settled if one.kind == DifferenceKind.EXTRA}
    return left + [Open(kind=DifferenceKind.EXTRA, quantity=1, device=one) for one in devices if one.pk not in done]


def outcomes_of(open_: Open, sender: Warehouse) -> tuple[SettlementOutcome, ...]:
    """How it can end. Where an extra device came from is known: it is where the ledger has it."""
    if open_.kind != DifferenceKind.EXTRA or open_.device is None:
        return OUTCOMES[open_.kind]
    if open_.device.location.warehouse_id == sender.pk:
        return (SettlementOutcome.FROM_SENDER, SettlementOutcome.WITH_SENDER)
    return (SettlementOutcome.FOUND,)


def may_see_differences(user: User) -> bool:
    """Those who settle them, and the store's staff, who wait for it."""
    return user.has_perm(roles.SETTLE) or user.has_perm(roles.RECEIVE)


def may_settle(user: User, order: Order) -> bool:
    """HMS settles what left lager 10."""
    return user.is_central and user.has_perm(roles.SETTLE) and order.sender is not None and order.sender.is_central


def unsettled_for(user: User) -> ReceiptLineQuerySet:
    """The open differences that the user sees, the oldest receipt first."""
    if not may_see_differences(user):
        return ReceiptLine.objects.none()
    return ReceiptLine.objects.unsettled().visible_to(user).order_by("receipt__at", "pk")
