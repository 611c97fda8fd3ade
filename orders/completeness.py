"""What a draft lacks before it can be registered: the same list that the last step of the wizard shows."""

from collections.abc import Sequence
from datetime import date

from parties.models import User

from .models import Order, OrderLine, OrderType, SenderRule

RECIPIENT_MISSING = {
    OrderType.TRANSFER: "Välj mottagande lager.",
    OrderType.REQUISITION: "Välj mottagande vårdenhet.",
    OrderType.PRESCRIPTION: "Välj vilken patient du förskriver till.",
}


def missing_for_registration(order: Order, lines: Sequence[OrderLine], *, on: date) -> list[str]:
    """Sentences in Swedish, each saying one thing to do; empty when the order can be registered."""
    return missing_parties(order) + missing_lines(order, lines, on=on)


def missing_parties(order: Order) -> list[str]:
    """What the step *Parter* still has to say."""
    missing = []
    if order.orderer is None:
        missing.append(
            "Ange och verifiera förskrivare."
            if order.type == OrderType.PRESCRIPTION
            else "Ange och verifiera beställare."
        )
    elif not order.orderer.is_active:  # since the tick
        missing.append(f"{order.orderer.name} är inaktiv. Ange och verifiera en annan.")
    if order.customer is None or order.payer is None:
        missing.append("Ange kund och betalare.")
    if order.sender is None:
        missing.append("Ange avsändare / lager.")
    elif (order.subtype.sender_rule == SenderRule.CENTRAL) != order.sender.is_central:
        missing.append(f"Avsändaren stämmer inte med {order.subtype.name.lower()}.")
    if order.recipient is None:
        missing.append(RECIPIENT_MISSING[OrderType(order.type)])
    elif order.recipient_patient and order.recipient_patient.deceased_on:
        missing.append("Patienten är avliden. Inget mer kan förskrivas.")
    return missing


def missing_lines(order: Order, lines: Sequence[OrderLine], *, on: date) -> list[str]:
    """What the step *Orderrader* still has to say."""
    if not lines:
        return ["Lägg till minst en orderrad."]
    missing = [
        f"{line.article} går inte att beställa. Ta bort raden." for line in lines if not line.article.is_orderable
    ]
    if order.type == OrderType.PRESCRIPTION and order.orderer:
        missing += outside_right(order.orderer, lines, on=on)
    return missing


def outside_right(prescriber: User, lines: Sequence[OrderLine], *, on: date) -> list[str]:
    """The lines that the prescriber has no right to prescribe that day (förskrivningsrätt per ISO 9999 group)."""
    prefixes = tuple(prescriber.prescribable_prefixes(on))
    return [
        f"{prescriber.name} har inte förskrivningsrätt för {line.article} (ISO {line.article.formatted_iso})."
        for line in lines
        if not line.article.iso_code.startswith(prefixes)
    ]
