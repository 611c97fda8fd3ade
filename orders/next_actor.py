"""Who does what now (*vem gör vad nu*), in words that depend on who reads them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from parties.models import User

from .access import is_store_staff, may_deliver, may_receive
from .conditions import ESCALATED_AFTER
from .models import Order, OrderState
from .progress import Progress

CENTRAL = "Hjälpmedelsservice"


@dataclass(frozen=True, slots=True)
class NextAct:
    """`words` say who does what; `since` when it began to wait, `done_at` when the order was finished."""

    words: str
    is_yours: bool = False
    since: datetime | None = None
    done_at: datetime | None = None


def next_act(order: Order, progress: Progress, *, viewer: User) -> NextAct:
    """Who does what now with one order. Needs the owners of both warehouses, the orderer and the subtype loaded."""
    if order.is_draft:
        return NextAct("Du gör klart utkastet", is_yours=order.registrar_id == viewer.pk)
    if progress.awaits_receipt and may_receive(viewer, order):
        return NextAct("Du kvitterar mottagning", is_yours=True)
    if order.is_delivery_missing:
        return _hand_out(order, viewer)
    if order.is_open:
        return _pick(order, progress, viewer)
    if order.state == OrderState.IN_TRANSIT:
        assert order.recipient_warehouse is not None
        return NextAct(f"{_place(order.recipient_warehouse.owner.name)} kvitterar mottagning")
    word = "Avslutad" if order.state == OrderState.CANCELED else "Klar"
    return NextAct(word, done_at=progress.last_event_at)


def hands_out(user: User, order: Order) -> bool:
    """Whether handing out a direct order is this person's to do: it is theirs, or has lain a day in their store."""
    theirs = user.pk in (order.registrar_id, order.orderer_id)
    return may_deliver(user, order) and (theirs or (is_store_staff(user) and _is_escalated(order)))


def _is_escalated(order: Order) -> bool:
    return order.registered_at is not None and timezone.now() - order.registered_at >= ESCALATED_AFTER


def _hand_out(order: Order, viewer: User) -> NextAct:
    if hands_out(viewer, order):
        return NextAct("Du lämnar ut", is_yours=True, since=order.registered_at)
    who = order.orderer.name if order.orderer else "Beställaren"
    return NextAct(f"{who} lämnar ut", since=order.registered_at)


def _pick(order: Order, progress: Progress, viewer: User) -> NextAct:
    assert order.sender is not None
    who = CENTRAL if order.sender.is_central else _place(order.sender.owner.name)
    if not progress.reserved or (order.only_complete and progress.backordered):
        return NextAct(f"{who} väntar på varor", since=order.registered_at)
    if may_deliver(viewer, order) and (viewer.is_central or is_store_staff(viewer)):
        words = "Du plockar" if progress.picker == viewer.pk else "Ni plockar"
        return NextAct(words, is_yours=True, since=order.registered_at)
    return NextAct(f"{who} plockar")


def _place(name: str) -> str:
    """`Arvika` of `Arvika kommun Rehabenhet`: people speak of the place."""
    return name.partition(" kommun")[0]
