"""Who stands on a document. Of a person with protected identity: the unit, never name, address or number."""

from dataclasses import dataclass

from orders.models import Order
from parties.models import Party, Patient


@dataclass(frozen=True, slots=True)
class Address:
    """A name in large letters and the lines below it."""

    name: str
    lines: tuple[str, ...] = ()


def is_protected(order: Order) -> bool:
    return order.recipient_patient is not None and order.recipient_patient.is_protected


def sender_address(order: Order) -> Address:
    assert order.sender is not None
    return Address(str(order.sender), _postal(order.sender.owner))


def recipient_address(order: Order) -> Address:
    """Where the goods go. To a protected person they go by way of the orderer's unit (domain: delivery to a unit)."""
    patient, unit, store = order.recipient_patient, order.recipient_unit, order.recipient_warehouse
    if patient and patient.is_protected:
        return Address(str(order.customer), ("Lämnas till enheten. Ange ordernumret.",))
    if patient:
        return Address(patient.name, _postal(patient))
    if unit:
        return Address(str(unit), _postal(unit))
    assert store is not None
    return Address(str(store), _postal(store.owner))


def orderer_address(order: Order) -> Address:
    """Who ordered, and for which unit; of an order to a protected person only the unit."""
    if is_protected(order) or order.orderer is None:
        return Address(str(order.customer))
    return Address(order.orderer.name, tuple(line for line in (order.orderer.title, str(order.customer)) if line))


def short_recipient(order: Order) -> str:
    """One line for the pick list, which lies about in a warehouse: no more of a patient than lists show."""
    return str(order.customer) if is_protected(order) else order.recipient_label


def _postal(place: Party | Patient) -> tuple[str, ...]:
    return tuple(line for line in (place.street, f"{place.postal_code} {place.city}".strip()) if line)
