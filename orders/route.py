"""The route sentence: from which store, to whom, who pays. Shown above parties and lines, so that nothing is hidden."""

from dataclasses import dataclass

from parties.models import User

from .access import may_see_patient_of
from .models import Order, OrderType

TO_LABEL = {
    OrderType.TRANSFER: "Till lager",
    OrderType.REQUISITION: "Till vårdenhet",
    OrderType.PRESCRIPTION: "Till patient",
}


@dataclass(frozen=True, slots=True)
class Route:
    from_label: str
    from_name: str
    from_note: str
    to_label: str
    to_name: str
    to_note: str


def route_of(order: Order, *, viewer: User) -> Route:
    """The two ends of an order, a draft's too, with no more of a patient than the viewer may see."""
    return Route(
        from_label="Från lager",
        from_name=str(order.sender or "–"),
        from_note=_sender_note(order),
        to_label=TO_LABEL[OrderType(order.type)],
        to_name=_recipient_name(order, viewer),
        to_note=f"betalas av {order.payer}" if order.payer else "",
    )


def _sender_note(order: Order) -> str:
    if order.subtype.is_direct:
        return "eget kommunlager – du plockar själv"
    return "Hjälpmedelsservice plockar och levererar" if order.sender and order.sender.is_central else ""


def _recipient_name(order: Order, viewer: User) -> str:
    patient = order.recipient_patient
    if patient and not patient.is_protected and may_see_patient_of(viewer, order):
        return f"{patient.name}, {patient.formatted_number}"
    return order.recipient_label or "–"
