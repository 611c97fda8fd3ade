"""What happened to an order, as sentences: who did what (the time and the why stand beside them)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from parties.models import UserCustomer

from .models import EventKind, OrderEvent

SENTENCES = {
    EventKind.REGISTERED: "{who} registrerade ordern.",
    EventKind.CHANGED: "{who} ändrade ordern.",
    EventKind.CLAIMED: "{who} började plocka.",
    EventKind.UNCLAIMED: "{who} lämnade tillbaka plocket.",
    EventKind.DELIVERED: "{who} skapade en utleverans.",
    EventKind.FAILED: "{who} meddelade att leveransen misslyckades.",
    EventKind.RECEIVED: "{who} kvitterade mottagningen.",
    EventKind.SETTLED: "{who} reglerade en avvikelse.",
    EventKind.RETURNED: "{who} tog emot en retur.",
    EventKind.EXPECTED: "{who} satte ett nytt väntat datum.",
    EventKind.MOVED_FORWARD: "{who} flyttade ordern framåt i kön.",
    EventKind.ALLOCATED: "Restordern fick varor reserverade.",
    EventKind.UNALLOCATED: "{who} saknade reserverade varor vid en inventering.",
    EventKind.SUBSTITUTED: "{who} bytte till en likvärdig artikel.",
    EventKind.OWN_STORE: "{who} tar från eget lager i stället.",
    EventKind.LINE_CANCELED: "{who} makulerade resten av en rad.",
    EventKind.CANCELED: "{who} makulerade det som inte var levererat.",
}
"""What was reserved for a back order came by what somebody did elsewhere, perhaps in another municipality: no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of the history: `text` says who and what, `why` the details or the reason."""

    at: datetime
    text: str
    why: str


def history_of(events: Iterable[OrderEvent]) -> list[Happening]:
    """Events in words, with the house of those who work at the central service. Needs the actors loaded."""
    events = list(events)
    actors = {event.actor_id for event in events}
    links = UserCustomer.objects.filter(user__in=actors, customer__is_region=True)
    houses = dict(links.values_list("user", "customer__name")) if actors else {}
    return [_happening(event, house=houses.get(event.actor_id, "")) for event in events]


def _happening(event: OrderEvent, *, house: str) -> Happening:
    who = f"{event.actor.name}, {house}," if house else event.actor.name
    text = SENTENCES[EventKind(event.kind)].format(who=who)
    return Happening(at=event.at, text=text, why=event.detail)
