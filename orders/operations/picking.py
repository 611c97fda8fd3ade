"""Which goods leave with a delivery: picks paired with lines, stock and devices looked at under the locks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from inventory.locks import LevelKey
from inventory.models import Device, StockLevel, Warehouse
from inventory.operations.reserving import free, release
from orders.claims import claim_words
from orders.devices import holding_lines, why_not
from orders.models import Order, OrderLine
from parties.models import User


class DeliveryNotPossible(Exception):
    """The delivery would not be true; `line_id` says at which line, if at one. The message is in Swedish."""

    def __init__(self, message: str, *, line_id: int | None = None) -> None:
        super().__init__(message)
        self.line_id = line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """How many units of a line go out; for a numbered article the devices, one a unit."""

    line_id: int
    quantity: int
    device_ids: tuple[int, ...] = ()

    @property
    def parts(self) -> list[tuple[int | None, int]]:
        """(device, quantity): one a device, or one for all where the article is not numbered."""
        return [(pk, 1) for pk in self.device_ids] or [(None, self.quantity)]


TAKEN = ("reserved", "delivered", "claimed_by", "claimed_at")
"""What changes of a line that is delivered."""

type Chosen = list[tuple[OrderLine, Pick]]


def choose(lines: Sequence[OrderLine], picks: Sequence[Pick] | None) -> Chosen:
    """Pair each pick with its line; without picks everything that remains. Raises DeliveryNotPossible."""
    if picks is None:
        picks = [
            Pick(line_id=line.pk, quantity=line.remaining, device_ids=(line.device_id,) if line.device_id else ())
            for line in lines
            if line.remaining
        ]
    if not picks:
        raise DeliveryNotPossible("Ange antal på minst en rad.")
    by_pk = {line.pk: line for line in lines}
    chosen: Chosen = []
    for pick in picks:
        line = by_pk.pop(pick.line_id, None)
        if line is None:
            raise DeliveryNotPossible("Raden hör inte till ordern eller står två gånger.")
        if not 1 <= pick.quantity <= line.remaining:
            raise DeliveryNotPossible(f"{line.article}: {line.remaining} återstår att leverera.", line_id=line.pk)
        chosen.append((line, pick))
    return chosen


def require_own_pick(chosen: Chosen, by: User) -> None:
    """Nobody else is picking what goes: they take the pick over first. Raises DeliveryNotPossible."""
    for line, _ in chosen:
        if line.claimed_by_id not in (None, by.pk):
            raise DeliveryNotPossible(f"{line.article} plockas av {claim_words(line)}.", line_id=line.pk)


def require_complete(order: Order, lines: Sequence[OrderLine], chosen: Chosen) -> None:
    """An order that is delivered only complete goes all at once. Raises DeliveryNotPossible at the first short line."""
    if not order.only_complete:
        return
    goes = {line.pk: pick.quantity for line, pick in chosen}
    for line in lines:
        if goes.get(line.pk, 0) < line.remaining:
            raise DeliveryNotPossible(
                f"Ordern levereras endast komplett: {line.remaining} {line.article.unit} {line.article} ska med.",
                line_id=line.pk,
            )


def take_stock(sender: Warehouse, chosen: Chosen, levels: dict[LevelKey, StockLevel]) -> None:
    """Take each pick from the line's own reservation first, then from what is free; or raise DeliveryNotPossible.

    In memory: the caller writes the balances, and of the lines what TAKEN names.
    """
    promised: Counter[int] = Counter()  # two lines can share an article: one with a chosen device, one without
    for line, pick in chosen:
        level = levels[sender.pk, line.article_id]
        from_reserved = min(line.reserved, pick.quantity)
        possible = from_reserved + max(free(level) - promised[line.article_id], 0)
        if pick.quantity > possible:
            raise DeliveryNotPossible(
                f"{line.article}: bara {possible} av {pick.quantity} finns i {sender}.", line_id=line.pk
            )
        release(level, from_reserved)
        promised[line.article_id] += pick.quantity
        line.reserved -= from_reserved
        line.delivered += pick.quantity
        line.claimed_by = line.claimed_at = None  # the pick is done; what remains is anybody's


def require_devices(sender: Warehouse, chosen: Chosen) -> None:
    """Each unit of a numbered article has its own device, which can leave. Raises DeliveryNotPossible."""
    for line, pick in chosen:
        expected = pick.quantity if line.article.is_numbered else 0
        if len(pick.device_ids) != expected:
            raise DeliveryNotPossible(f"{line.article}: välj {expected} individ(er).", line_id=line.pk)
    wanted = [pk for _, pick in chosen for pk in pick.device_ids]
    if not wanted:
        return
    known = Device.objects.filter(pk__in=wanted).select_related("article", "location__warehouse").in_bulk()
    held = holding_lines(wanted)
    seen: set[int] = set()
    for line, pick in chosen:
        for pk in pick.device_ids:
            device = known.get(pk)
            if device is None:
                raise DeliveryNotPossible("Individen finns inte.", line_id=line.pk)
            refusal = why_not(device, line, sender=sender, holder=held.get(pk))
            if pk in seen:
                refusal = f"{device} står två gånger i utleveransen."
            if refusal:
                raise DeliveryNotPossible(refusal, line_id=line.pk)
            seen.add(pk)
