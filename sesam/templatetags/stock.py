"""What warehouses have of an article, written without templates: a page of hits says it sixty times."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from inventory.queries import Balance

from .sesam import day, quantity

register = template.Library()


@register.simple_tag
def balances(balances: Sequence[Balance] | None, unit: str) -> SafeString:
    """What each warehouse can promise, and what is on its way there; the first is the one that matters."""
    spans = [_span(balance, unit, is_first=place == 0) for place, balance in enumerate(balances or ())]
    return mark_safe(f'<span class="stock">{"".join(spans)}</span>')  # noqa: S308  # all of it is escaped


def _span(balance: Balance, unit: str, *, is_first: bool) -> str:
    where = escape(balance.warehouse.number)
    coming = f" · {quantity(balance.incoming)} väntas in" if balance.incoming else ""
    if balance.expected_on:
        coming += f"{'' if coming else ' · väntas'} {day(balance.expected_on)}"
    if is_first and not balance.available:
        return f'<span><span class="tag warn">slut i {where}</span>{coming}</span>'
    number = f"<b>{quantity(balance.available)}</b> {escape(unit)}" if balance.available else "slut"
    place = f"lager {where}" if balance.warehouse.is_central else where
    return f"<span{'' if is_first else ' class="muted"'}>{number} i {place}{coming}</span>"
