"""What a draft lacks before it can be registered: the same list that the last step of the wizard shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .access import may_order_for
from .models import Order, OrderLine, OrderType, SenderRule
from .prescribing import municipalities_of, refusals

RECIPIENT_MISSING = {
    OrderType.TRANSFER: "Välj mottagande lager.",
    OrderType.REQUISITION: "Välj mottagande vårdenhet.",
    OrderType.PRESCRIPTION: "Välj vilken patient du förskriver till.",
}
NO_LONGER = {
    OrderType.TRANSFER: "får inte längre göra lagerflyttsorder för kunden.",
    OrderType.REQUISITION: "får inte längre göra beställningar för kunden.",
    OrderType.PRESCRIPTION: "är inte längre förskrivare hos kunden.",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """Plain sentences, by the step of the wizard that has something left to ask for."""

    parties: Sequence[str]
    lines: Sequence[str]

    @property
    def all(self) -> list[str]:
        return [*self.parties, *self.lines]


def missing_in(order: Order, lines: Sequence[OrderLine], *, on: date) -> Missing:
    return Missing(missing_parties(order), missing_lines(order, lines, on=on))


def missing_for_registration(order: Order, lines: Sequence[OrderLine], *, on: date) -> list[str]:
    """Sentences in Swedish, each saying one thing to do; empty when the order can be registered."""
    return missing_in(order, lines, on=on).all


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
    elif order.customer_id and not may_order_for(order.orderer, order.customer_id, OrderType(order.type)):
        # the tick may be weeks ago
        missing.append(f"{order.orderer.name} {NO_LONGER[OrderType(order.type)]} Ange och verifiera en annan.")
    if order.customer_id is None or order.payer_id is None:
        missing.append("Ange kund och betalare.")
    if order.sender is None:
        missing.append("Ange avsändare / lager.")
    elif (order.subtype.sender_rule == SenderRule.CENTRAL) != order.sender.is_central:
        missing.append(f"Avsändaren stämmer inte med {order.subtype.name.lower()}.")
    if not order.has_recipient:
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
        articles = [line.article for line in lines]
        missing += refusals(order.orderer, articles, municipalities=municipalities_of(order), on=on)
    return missing
