"""Who picks what (plock): the words about a claimed line, and what of an order can be picked at all."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.dateformat import format as format_date

from .models import Order, OrderLine


def claim_words(line: OrderLine) -> str:
    """`Håkan Lantz sedan 12 nov 2026 14:05`: who is picking a claimed line."""
    assert line.claimed_by is not None
    assert line.claimed_at is not None
    return f"{line.claimed_by.name} sedan {format_date(timezone.localtime(line.claimed_at), 'j b Y H:i')}"


def can_go(lines: Sequence[OrderLine], free: Mapping[int, int]) -> dict[int, int]:
    """By line pk, how many units of each line can go now: its own reservation, then what is free of the article.

    `free` is article pk → units that nobody has reserved; lines that share an article share it, first line first.
    It is negative where devices have been blocked that were reserved.
    """
    promised: Counter[int] = Counter()
    possible = {}
    for line in lines:
        left = free.get(line.article_id, 0) - promised[line.article_id]
        extra = max(min(line.remaining - line.reserved, left), -line.reserved)
        promised[line.article_id] += extra
        possible[line.pk] = line.reserved + extra
    return possible


def missing_for_complete(order: Order, lines: Sequence[OrderLine], possible: Mapping[int, int]) -> list[OrderLine]:
    """The lines that hold back an order which is delivered only complete; none for another order."""
    return [line for line in lines if possible[line.pk] < line.remaining] if order.only_complete else []
