from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inventory.locks import LevelKey
from inventory.models import Article, StockLevel
from inventory.operations.reserving import free, reserve
from orders.models import CancelReason, EventKind, Order, OrderEvent, OrderLine, OrderType
from orders.prescribing import municipalities_of, refusals
from orders.reading import read_lines
from parties.models import User

from .allocating import amount_of
from .canceling import note_if_nothing_is_left, save_canceled, take_off
from .locking import lock_order, require_version
from .notifying import notify
from .waiting import WayOutRefused, lock_levels_with, require_waiting


def equivalents_of(article: Article) -> QuerySet[Article]:
    """Articles that can be ordered instead: the same substitution group (ersättningsgrupp)."""
    if not article.substitution_group:
        return Article.objects.none()
    same = Article.objects.filter(substitution_group=article.substitution_group, is_orderable=True)
    return same.exclude(pk=article.pk).order_by("number")


def why_not_prescribe(order: Order, article: Article, *, by: User, on: date) -> str:
    """Why the article may not stand on a prescription: its prescriber, and whoever chooses, need the right that day."""
    if order.type != OrderType.PRESCRIPTION:
        return ""
    for person in dict.fromkeys([order.orderer, by]):
        if person and (sentences := refusals(person, [article], municipalities=municipalities_of(order), on=on)):
            return " ".join(sentences)
    return ""


@transaction.atomic
def substitute_rest(
    *, order_id: int, line_id: int, version: int, article: Article, quantity: int, by: User, at: datetime
) -> OrderLine:
    """Take an equivalent article instead of what a line waits for: it is reserved at once, and the line waits for less.

    Returns the line of the equivalent. `version` is what the page showed; the same page sent again changes nothing.
    Raises LineDoesNotWait, WayOutRefused, OrderHasChanged, and then nothing has changed.
    """
    order = lock_order(order_id)
    assert order.sender_id is not None
    key = (order.sender_id, article.pk)
    levels = lock_levels_with(order, key)
    lines = read_lines(order)  # looked at after the lock
    same = next((line for line in lines if line.article_id == article.pk and not line.device_id), None)
    if same and was_sent_before(order, version, by=by):
        return same
    require_version(order, version)
    line = require_waiting(order, lines, line_id, quantity)
    _require_equivalent(order, line, article, same, by=by, on=timezone.localdate(at))
    if free(levels[key]) < quantity:
        raise WayOutRefused(f"Bara {max(free(levels[key]), 0)} av {article} finns i {order.sender}.")
    instead = _reserve_instead(order, lines, line, same, article, quantity, levels)
    take_off(line, quantity, levels)
    after = [*lines, *([] if same else [instead])]
    note_if_nothing_is_left(order, after, reason=CancelReason.NOT_AVAILABLE, at=at)
    save_canceled(order, after, levels, by=by, at=at)
    detail = f"{amount_of(line, quantity)[:90]} mot {article}"[:200]
    notify([OrderEvent.objects.create(order=order, kind=EventKind.SUBSTITUTED, actor=by, at=at, detail=detail)])
    return instead


def _require_equivalent(
    order: Order, line: OrderLine, article: Article, same: OrderLine | None, *, by: User, on: date
) -> None:
    if not equivalents_of(line.article).filter(pk=article.pk).exists():
        raise WayOutRefused(f"{article} kan inte ersätta {line.article}.", field="article")
    if why_not := why_not_prescribe(order, article, by=by, on=on):
        raise WayOutRefused(why_not, field="article")
    if same and same.claimed_by_id:
        raise WayOutRefused(f"{article} plockas just nu. Försök igen när plocket är klart.", field="article")


def _reserve_instead(
    order: Order,
    lines: Sequence[OrderLine],
    line: OrderLine,
    same: OrderLine | None,
    article: Article,
    quantity: int,
    levels: dict[LevelKey, StockLevel],
) -> OrderLine:
    """The order's line of the equivalent with that much more, or a new last one."""
    instead = same or OrderLine(order=order, article=article, quantity=0, position=_next_position(lines))
    instead.quantity += quantity
    assert order.sender_id is not None
    instead.reserved += reserve(levels[order.sender_id, article.pk], quantity)
    instead.substitutes = instead.substitutes or line
    instead.save(update_fields=["quantity", "reserved", "substitutes"] if instead.pk else None)
    return instead


def _next_position(lines: Iterable[OrderLine]) -> int:
    return max(line.position for line in lines) + 1


def was_sent_before(order: Order, version: int | None, *, by: User) -> bool:
    """Whether the page's act is what made the next version: pressed twice, or sent again after a lost answer."""
    is_next = version is not None and order.version == version + 1
    return is_next and order.events.filter(kind=EventKind.SUBSTITUTED, actor=by).exists()
