"""The steps of the wizard: where each is, which one a draft has come to, and the function menu beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from django.urls import reverse

from .completeness import Missing, missing_parties
from .functions import Entry, Functions
from .models import Order, OrderLine, OrderType

SLUGS = {
    "bestallning": OrderType.REQUISITION,
    "forskrivning": OrderType.PRESCRIPTION,
    "lagerflytt": OrderType.TRANSFER,
}
SLUG_OF = {type: slug for slug, type in SLUGS.items()}
TYPE, PARTIES, LINES, REVIEW = "order_type", "order_parties", "order_lines", "order_review"
TITLES = {TYPE: "Ordertyp", PARTIES: "Parter", LINES: "Orderrader", REVIEW: "Granska och spara"}


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str
    url: str = ""


def new_order_url(type: OrderType) -> str:
    """Where a new order of that type begins."""
    return reverse("order_new", args=[SLUG_OF[type]])


def steps_of_draft(order: Order | None, current: str, *, done: Sequence[str] = ()) -> list[Step]:
    """The five steps as a draft shows them; each of its own steps can be opened. Before the draft only the first is."""
    steps = []
    for name, label in TITLES.items():
        state = "current" if name == current else "done" if name in done else "todo"
        steps.append(Step(label, state, reverse(name, args=[order.pk]) if order else ""))
    return [*steps, Step("Utleverans", "todo")]


def done_steps(missing: Missing) -> list[str]:
    """The steps that have nothing left to ask for."""
    done = [TYPE]
    if not missing.parties:
        done.append(PARTIES)
    if not missing.lines:
        done.append(LINES)
    return done


def current_step_url(order: Order) -> str:
    """Where a draft goes on: at the parties until they are complete, then at the lines."""
    return reverse(PARTIES if missing_parties(order) else LINES, args=[order.pk])


def draft_functions(order: Order, lines: Sequence[OrderLine], step: str, missing: Sequence[str]) -> Functions:
    """The function menu of a draft at one step: the next thing first, the rest in their fixed order."""
    entries = [_register_lines(order, step), *_save(order, step, missing), _deliver(order, step, missing)]
    entries += [
        _review(order, step),
        Entry(label="Avbryt", url=reverse("order_discard", args=[order.pk]), method="post"),
    ]
    main = entries[0] if step == PARTIES else entries[1]
    return Functions(
        main=main,
        items=[entry for entry in entries if entry is not main and entry.url + entry.form + entry.reason],
        next_text=_next_text(order, lines, step, missing),
    )


def save_fields(order: Order) -> dict[str, str]:
    """What a button that saves sends: the version that the page shows, and a key for the delivery it may make."""
    return {"version": str(order.version), "key": str(uuid4())}


def _register_lines(order: Order, step: str) -> Entry:
    entry = Entry(label="Registrera orderrader")
    if step == PARTIES:
        return replace(entry, form="parties")
    return replace(entry, url=reverse(LINES, args=[order.pk])) if step == REVIEW else entry


def _save(order: Order, step: str, missing: Sequence[str]) -> list[Entry]:
    """*Spara*, and before it *Spara och lämna ut* for an order that the user hands out."""
    save = Entry(
        label="Spara",
        url=reverse("order_register", args=[order.pk]),
        method="post",
        shortcut="Ctrl S",
        fields=save_fields(order),
    )
    if step == REVIEW and not order.subtype.is_direct:  # the page's own form, with the wishes for the delivery
        save = replace(save, form="save")
    entries = [save]
    if order.subtype.is_direct:
        url = reverse("order_hand_out", args=[order.pk])
        entries = [replace(save, label="Spara och lämna ut", url=url, shortcut=""), save]
    reason = _why_not_save(step, missing)
    return [replace(entry, enabled=not reason, reason=reason) for entry in entries]


def _deliver(order: Order, step: str, missing: Sequence[str]) -> Entry:
    """*Skapa utleverans* before saving: for a direct order the same as saving and handing out."""
    if order.subtype.is_direct:
        return replace(_save(order, step, missing)[0], label="Skapa utleverans")
    return Entry(label="Skapa utleverans", enabled=False, reason="Görs av Hjälpmedelsservice när ordern är sparad.")


def _review(order: Order, step: str) -> Entry:
    entry = Entry(label="Granska och spara")
    return entry if step == REVIEW else replace(entry, url=reverse(REVIEW, args=[order.pk]))


def _why_not_save(step: str, missing: Sequence[str]) -> str:
    if step == PARTIES:
        return "När orderraderna är registrerade."
    return missing[0] if missing else ""


def _next_text(order: Order, lines: Sequence[OrderLine], step: str, missing: Sequence[str]) -> str:
    if step == PARTIES or not lines:
        after = f"{order.subtype} är klar först när den är utlämnad." if order.subtype.is_direct else "Sedan sparar du."
        return f"Lägg till minst en orderrad. {after}"
    if missing:
        return missing[0]
    if order.subtype.is_direct:
        store = f"lager {order.sender.number}" if order.sender else "lagret"
        return f"Du plockar i {store}. Saldot dras när du lämnar ut."
    if order.type == OrderType.TRANSFER:
        return "Hjälpmedelsservice plockar och levererar. Sedan kvitterar du mottagningen."
    return "Varorna reserveras när du sparar. Hjälpmedelsservice plockar och levererar."
