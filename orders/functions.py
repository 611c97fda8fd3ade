"""The blue function menu of a registered order: the same entries in the same order, with the next thing to do first."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

from django.urls import reverse

from parties.models import User

from .access import may_cancel, may_change, may_deliver, may_receive
from .availability import LineStock
from .changes import why_closed
from .models import Delivery, Order, OrderState, OrderType


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: a link, a form of its own (`method="post"`), or the button of a form on the page (`form`)."""

    label: str
    url: str = ""
    method: str = "get"
    enabled: bool = True
    reason: str = ""
    shortcut: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """`main` is the next thing to do, `items` the rest in their fixed order, `next_text` what happens next."""

    main: Entry | None = None
    items: Sequence[Entry] = ()
    next_text: str = ""


def functions_of(
    order: Order,
    *,
    viewer: User,
    stock: Sequence[LineStock],
    waiting: Sequence[Delivery],
    failed: Delivery | None = None,
) -> Functions:
    """The menu of a registered order. `waiting` are its deliveries that the receiving store has not confirmed.

    `failed` is its last delivery, if that came back: then the next delivery is booked with the same goods.
    """
    receive = _receive(order, viewer, waiting)
    entries = [*_deliver(order, viewer, stock, failed), receive, _change(order, viewer), _cancel(order, viewer)]
    first = next((entry for entry in (receive, entries[0]) if entry.enabled), None)
    return Functions(
        main=first,
        items=[entry for entry in entries if entry is not first],
        next_text=_next_text(order, viewer, stock, waiting, failed),
    )


def act_functions(
    label: str, *, form: str, back: str, next_text: str, why_not: str = "", back_label: str = "Tillbaka till ordern"
) -> Functions:
    """The menu of a page with one form: its button first (or why it cannot be pressed), and the way back."""
    return Functions(
        main=Entry(label=label, form=form, enabled=not why_not, reason=why_not),
        items=[Entry(label=back_label, url=back)],
        next_text=next_text,
    )


def _deliver(order: Order, viewer: User, stock: Sequence[LineStock], failed: Delivery | None) -> list[Entry]:
    """*Skapa utleverans* delivers all that remains when nothing is left to choose; otherwise it leads to the choice."""
    url = reverse("order_deliver", args=[order.pk])
    part = Entry(label="Delleverans …", url=url)
    if reason := _why_not_deliver(order, viewer, stock):
        blocked = replace(part, enabled=False, reason=reason)
        return [replace(blocked, label="Skapa utleverans"), blocked]
    if order.only_complete:
        part = replace(part, enabled=False, reason="Ordern levereras endast komplett.")
    if failed:
        return [Entry(label="Boka ny leverans", url=f"{url}?efter={failed.pk}"), part]
    if any(row.needs_choice or row.line.claimed_by_id not in (None, viewer.pk) for row in stock):
        return [Entry(label="Skapa utleverans", url=url), part]
    fields = {"key": str(uuid4()), "everything": "1"}
    return [Entry(label="Skapa utleverans", url=url, method="post", fields=fields), part]


def _why_not_deliver(order: Order, viewer: User, stock: Sequence[LineStock]) -> str:
    assert order.sender is not None
    if not order.is_open:
        return "Ordern är makulerad." if order.state == OrderState.CANCELED else "Allt är levererat."
    if not may_deliver(viewer, order):
        return f"Görs av {'Hjälpmedelsservice' if order.sender.is_central else order.sender}."
    return why_nothing_goes(order, stock)


def why_nothing_goes(order: Order, stock: Sequence[LineStock]) -> str:
    """A sentence when nothing can leave: the sender has none of it, or not all of what goes only complete."""
    assert order.sender is not None
    short = next((row.line.article for row in stock if row.deliverable < row.line.remaining), None)
    if order.only_complete and short:
        return f"Ordern levereras endast komplett, och {short} räcker inte än."
    has_some = any(row.deliverable for row in stock)
    return "" if has_some else f"Inget av det som återstår finns i {order.sender.number}."


def _receive(order: Order, viewer: User, waiting: Sequence[Delivery]) -> Entry:
    entry = Entry(label="Kvittera mottagning", enabled=False)
    if order.type != OrderType.TRANSFER:
        return replace(entry, reason="Bara en lagerflytt kvitteras.")
    if not waiting:
        received = order.state == OrderState.RECEIVED
        return replace(entry, reason="Allt är kvitterat." if received else "Inget är på väg.")
    if not may_receive(viewer, order):
        return replace(entry, reason=f"Görs av {order.recipient_warehouse}.")
    url = reverse("delivery_receive", args=[waiting[0].pk])
    return replace(entry, enabled=True, url=url)


def _change(order: Order, viewer: User) -> Entry:
    entry = Entry(label="Ändra order", url=reverse("order_change", args=[order.pk]))
    reason = why_closed(order) or ("" if may_change(viewer, order) else "Din roll får inte ändra ordern.")
    return replace(entry, enabled=not reason, reason=reason)


def _cancel(order: Order, viewer: User) -> Entry:
    entry = Entry(label="Makulera", url=reverse("order_cancel", args=[order.pk]))
    if not order.is_open:
        canceled = order.state == OrderState.CANCELED
        reason = "Ordern är redan makulerad." if canceled else "Det som är levererat makuleras inte, det returneras."
        return replace(entry, enabled=False, reason=reason)
    if not may_cancel(viewer, order):
        return replace(entry, enabled=False, reason="Din roll får inte makulera ordern.")
    return entry


def _next_text(
    order: Order, viewer: User, stock: Sequence[LineStock], waiting: Sequence[Delivery], failed: Delivery | None
) -> str:
    sender, store = order.sender, order.recipient_warehouse
    assert sender is not None
    if waiting and store and may_receive(viewer, order):
        return f"Räkna varorna. Saldot i lager {store.number} ökar när du kvitterar."
    if order.is_open and failed and may_deliver(viewer, order):
        return f"Utleverans {failed.number} kom tillbaka. Boka en ny med samma varor."
    if order.is_open and not any(row.deliverable for row in stock):
        return f"Resten levereras när varorna har kommit till lager {sender.number}."
    if order.is_open and not may_deliver(viewer, order):
        return f"{'Hjälpmedelsservice' if sender.is_central else sender} plockar. Du behöver inte göra något."
    if order.is_open and store:
        return f"Plocka i lager {sender.number} och skapa utleveransen. Sedan är varorna på väg till {store.number}."
    if order.is_open:
        return f"Plocka i lager {sender.number}. Saldot dras när utleveransen skapas."
    if waiting and store:
        return f"{store} kvitterar när varorna har kommit."
    return "Makulerad. Inget mer ska göras." if order.state == OrderState.CANCELED else "Klar. Inget mer ska göras."
