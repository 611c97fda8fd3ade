"""The rows of the work list (*Att plocka*), written without templates.

A page of 25 orders asked its templates for 1,370 names and resolved fifty addresses: a third of its processor time.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from orders.models import Order
from orders.pick_rows import ArticleGroup, OrderGroup, PickRow
from parties.models import User

from .sesam import Address, address_of, moment, quantity

register = template.Library()

ORDER = """\
<tr>
<td class="nowrap"><label>{tick}<a class="mono" href="{url}">{number}</a></label>
{tags}<small>{registered}</small></td>
<td data-label="Till">{to}</td>
<td data-label="Kan gå nu"><ul>
{lines}</ul></td>
<td data-label="Plock">{picks}</td>
<td class="act"><a class="btn" href="{deliver}" aria-label="Leverera {number}">Leverera</a></td>
</tr>
"""
ARTICLE = """\
<tbody>
<tr><th scope="rowgroup" colspan="6"><span class="mono">{number}</span> {name} \
<span class="muted">{possible} kan gå nu</span></th></tr>
{rows}</tbody>
"""
LINE = """\
<tr>
<td class="nowrap"><label>{tick}<a class="mono" href="{url}">{number}</a></label>
{tags}</td>
<td data-label="Till">{to}</td>
<td class="num" data-label="Återstår">{remaining}</td>
<td class="num" data-label="Kan gå nu">{possible}</td>
<td data-label="Plock">{picks}</td>
<td class="act"><a class="btn" href="{deliver}" aria-label="Leverera {number}">Leverera</a></td>
</tr>
"""
TICK = '<input type="checkbox" name="{name}" value="{key}" aria-label="{label}"> '
URGENT = '<span class="tag bad">Brådskande</span>'
HELD = '<span class="tag warn">Väntar på komplett</span>'
ONLY_COMPLETE = '<span class="tag info">Endast komplett</span>'
MINE = '<span class="tag ok">Du plockar</span>'


@register.filter
def by_order(groups: Iterable[OrderGroup]) -> SafeString:
    """A row for each order."""
    detail, deliver = address_of("order_detail"), address_of("order_deliver")
    rows = "".join(_order(group, detail, deliver) for group in groups)
    return mark_safe(rows)  # noqa: S308  # what comes from the database is escaped


@register.filter
def by_article(groups: Iterable[ArticleGroup]) -> SafeString:
    """A body for each article, with a row for each order that waits for it."""
    detail, deliver = address_of("order_detail"), address_of("order_deliver")
    bodies = "".join(
        ARTICLE.format(
            number=escape(group.article.number),
            name=escape(group.article.name),
            possible=_units(group.possible, group.article.unit),
            rows="".join(_line(row, detail, deliver) for row in group.rows),
        )
        for group in groups
    )
    return mark_safe(bodies)  # noqa: S308  # what comes from the database is escaped


def _order(group: OrderGroup, detail: Address, deliver: Address) -> str:
    order, url = group.order, detail(group.order.pk)
    number = escape(str(order))
    complete = ONLY_COMPLETE if order.only_complete and not group.is_held else ""
    more = f'<li><a href="{url}">{group.more} rader till</a></li>' if group.more else ""
    holders = [f"<small>{escape(holder.name)} plockar {_take_over(order, holder)}</small>" for holder in group.holders]
    return ORDER.format(
        tick=TICK.format(name="order", key=order.pk, label=number) if group.can_be_ticked else "",
        url=url,
        number=number,
        tags=_tags(order, is_held=group.is_held) + complete,
        registered=moment(order.registered_at),
        to=_to(order),
        lines="".join(map(_what_can_go, group.rows)) + more,
        picks=(MINE if group.mine else "") + "".join(holders),
        deliver=deliver(order.pk),
    )


def _what_can_go(row: PickRow) -> str:
    line, article = row.line, row.line.article
    device = f' <span class="mono">({escape(str(line.device))})</span>' if line.device else ""
    holder = (
        f"<small>Plockas av {escape(row.holder.name)} sedan {moment(line.claimed_at)}</small>" if row.holder else ""
    )
    return (
        f"<li><b>{quantity(row.possible)} av {_units(line.remaining, article.unit)}</b> "
        f'<span class="mono">{escape(article.number)}</span> {escape(article.name)}{device}{holder}</li>\n'
    )


def _line(row: PickRow, detail: Address, deliver: Address) -> str:
    line, order, article = row.line, row.line.order, row.line.article
    number = escape(str(order))
    label = f"{escape(article.number)} till {number}"
    device = f"<small>Individ {escape(str(line.device))}</small>" if line.device else ""
    picks = MINE if row.is_mine else ""
    if row.holder:
        since = moment(line.claimed_at)
        picks = f"<small>{escape(row.holder.name)} sedan {since} {_take_over(order, row.holder)}</small>"
    return LINE.format(
        tick=TICK.format(name="rad", key=line.pk, label=label) if row.can_be_ticked else "",
        url=detail(order.pk),
        number=number,
        tags=_tags(order, is_held=row.is_held) + device,
        to=_to(order),
        remaining=_units(line.remaining, article.unit),
        possible=_units(row.possible, article.unit),
        picks=picks,
        deliver=deliver(order.pk),
    )


def _tags(order: Order, *, is_held: bool) -> str:
    return (URGENT if order.is_urgent else "") + (HELD if is_held else "")


def _to(order: Order) -> str:
    municipality = f" · {escape(order.municipality.name)}" if order.municipality else ""
    return f"{escape(order.recipient_label)}<small>{escape(order.subtype.name)}{municipality}</small>"


def _take_over(order: Order, holder: User) -> str:
    url = reverse("pick_take_over", args=[order.pk, holder.pk])
    label = escape(f"Ta över {order} från {holder.name}")
    return f'<a href="{url}" aria-label="{label}">Ta över</a>'


def _units(number: int, unit: str) -> str:
    return escape(quantity(number, unit))
