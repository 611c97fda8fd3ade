"""The tick (*Verifiera*): who may be the orderer of a kind of order, and what follows from that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.models import Warehouse
from inventory.queries import central_warehouse, own_store
from orders.access import may_create_at
from orders.models import OrderLine, OrderSubtype, OrderType, SenderRule
from orders.prescribing import refusals
from parties.models import Party, User


class UserCannotOrder(Exception):
    """Unknown, inactive, without the role or without the right; the message says which, in Swedish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What follows from a customer by the rules of the kundordertyp. The patient is chosen by the user."""

    customer: Party
    payer: Party
    recipient: Warehouse | Party | None
    sender: Warehouse | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified(Defaults):
    user: User


MAY_NOT = {
    OrderType.TRANSFER: "får inte göra lagerflyttsorder. Det gör förrådspersonal och tekniker.",
    OrderType.REQUISITION: "får inte göra beställningar. Det gör beställare och förskrivare.",
    OrderType.PRESCRIPTION: "är inte förskrivare. Bara den som har förskrivningsrätt kan förskriva.",
}


def verify_orderer(
    *, username: str, subtype: OrderSubtype, by: User, on: date, lines: Sequence[OrderLine] = ()
) -> Verified:
    """Look up who orders, and what follows: the customer, its payer, the recipient and the sender.

    `by` registers the order: people outside `by`'s municipalities are unknown. For a prescription the right to
    prescribe must hold on the day for everything on the lines. Raises UserCannotOrder.
    """
    user = find_user(username, by=by)
    if user is None:
        raise UserCannotOrder(f"Det finns ingen användare {username} i din kommun. Kontrollera användarnamnet.")
    if not user.is_active:
        raise UserCannotOrder(f"{user.name} är inaktiv och kan inte stå på ordern.")
    type = OrderType(subtype.type)
    customers = customers_of(user, type=type, by=by)
    if not customers:
        raise UserCannotOrder(f"{user.name} {MAY_NOT[type]}")
    if type == OrderType.PRESCRIPTION:
        require_right(user, lines, municipalities=by.municipality_ids, on=on)
    defaults = defaults_for(customers[0], subtype)
    return Verified(
        user=user,
        customer=defaults.customer,
        payer=defaults.payer,
        recipient=defaults.recipient,
        sender=defaults.sender,
    )


def require_right(prescriber: User, lines: Sequence[OrderLine], *, municipalities: Collection[int], on: date) -> None:
    """Raises UserCannotOrder when the right to prescribe has ended, or does not reach what is on the lines."""
    if not prescriber.prescribable_prefixes(on):
        raise UserCannotOrder(f"{prescriber.name} har ingen förskrivningsrätt som gäller i dag.")
    articles = [line.article for line in lines]
    if sentences := refusals(prescriber, articles, municipalities=municipalities, on=on):
        raise UserCannotOrder(" ".join(sentences))


def find_user(username: str, *, by: User) -> User | None:
    """A person of the same municipality by user name, inactive ones too.

    Who names themselves, as most do, is the one who is logged in, with the unit that is acted for.
    """
    if username == by.username:
        return by
    user = User.objects.filter(username__iexact=username).first()
    if user and user.pk == by.pk:
        return by
    return user if user and user.municipality_ids & by.municipality_ids else None


def customers_of(user: User, *, type: OrderType, by: User) -> list[Party]:
    """The customers that the user may order for, as far as `by` may see them.

    First the unit that is acted for, else the default one.
    """
    here = [link for link in user.memberships if link.customer.municipality_id in by.municipality_ids]
    here.sort(key=lambda link: link != user.acting)
    return [link.customer for link in here if may_create_at(user, link, type)]


def defaults_for(customer: Party, subtype: OrderSubtype) -> Defaults:
    """Payer, recipient and sender by rule: the customer's own store, its own unit; nothing for a patient."""
    store = own_store(customer)
    recipient: Warehouse | Party | None = None
    if subtype.type == OrderType.TRANSFER:
        recipient = store
    elif subtype.type == OrderType.REQUISITION and customer.is_care_unit:
        recipient = customer
    return Defaults(
        customer=customer,
        payer=customer.payer or customer,
        recipient=recipient,
        sender=sender_by_rule(subtype, store),
    )


def sender_by_rule(subtype: OrderSubtype, store: Warehouse | None) -> Warehouse | None:
    """Warehouse 10, or the own store; another municipality's store is chosen by the user."""
    if subtype.sender_rule == SenderRule.CENTRAL:
        return central_warehouse(store)
    return store if subtype.sender_rule == SenderRule.OWN else None
