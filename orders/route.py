"""The route sentence: from which store, to whom, who pays. Shown above parties and lines, so that nothing is hidden."""

from dataclasses import dataclass

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
    sentence: str = ""


def route_of(order: Order) -> Route:
    """The two ends of an order, a draft's too. A patient with protected identity is not named."""
    return Route(
        from_label="Från lager",
        from_name=str(order.sender or "–"),
        from_note=_sender_note(order),
        to_label=TO_LABEL[OrderType(order.type)],
        to_name=_recipient_name(order),
        to_note=f"betalas av {order.payer}" if order.payer else "",
    )


def _sender_note(order: Order) -> str:
    if order.subtype.is_direct:
        return "eget kommunlager – du plockar själv"
    return "Hjälpmedelsservice plockar och levererar" if order.sender and order.sender.is_central else ""


def _recipient_name(order: Order) -> str:
    patient = order.recipient_patient
    if patient is None:
        return str(order.recipient or "–")
    return patient.label if patient.is_protected else f"{patient.name}, {patient.formatted_number}"
