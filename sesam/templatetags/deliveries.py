"""Rows of deliveries that nobody has confirmed, written without templates, as those of orders are.

A template asks each for a dozen names, three times for its address and for the form's token: half of the processor time
of Mottagning.
"""

from html import escape

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from orders.models import Delivery
from orders.start import ReceiptRow

from .sesam import Address, address_of, csrf_input, day, moment, quantity, since

register = template.Library()

ON_ITS_WAY = """\
<tr>
<th scope="row"><a class="mono" href="{url}">{number}</a>{late}</th>
<td data-label="Från">{sender}</td>
<td data-label="Till">{recipient}</td>
<td data-label="Skickad"><div>{at}<small>{since}</small></div></td>
<td data-label="Innehåll">{lines}, {units} st</td>
<td class="act">{acts}</td>
</tr>
"""
COUNT = """\
<a class="btn" href="{url}" aria-label="Räkna {number}">Räkna</a>
<form method="post" action="{url}">{token}<input type="hidden" name="list" value="1">\
<button class="btn primary" name="everything" value="1" aria-label="Allt stämmer i {number}">Allt stämmer</button>\
</form>"""
OPEN = '<a class="btn" href="{url}" aria-label="Öppna {order}">Öppna</a>'
LATE = '<span class="tag bad">Försenad</span>'

WAITING = """\
<tr>
<th scope="row" class="mono"><a href="{order_url}">{number}</a></th>
<td data-label="Till">{recipient}</td>
<td data-label="Innehåll">{lines}, {units}</td>
<td data-label="Skickad">{day}<small>{since}</small></td>
<td data-label="Status">{status}</td>
<td class="act">{acts}</td>
</tr>
"""
CONFIRM = """\
<form method="post" action="{url}">{token}\
<button class="btn" name="everything" value="1" aria-label="Allt stämmer i {number}">Allt stämmer</button></form> \
<a class="btn ghost" href="{url}" aria-label="Något skiljer sig i {number}">Skiljer sig</a>"""
ON_THE_WAY = '<span class="tag info">På väg</span>'


@register.simple_tag(takes_context=True)
def deliveries_on_their_way(context: Context) -> SafeString:
    """A row for each delivery; asks the context for what `orders/on_their_way.html` names."""
    receives = context.get("may_receive", False)
    page = address_of("delivery_receive" if receives else "order_detail")
    acts = COUNT.replace("{token}", csrf_input(context)) if receives else OPEN
    late_since = None if context.get("is_late") else context["late_since"]
    rows = "".join(
        _on_its_way(
            delivery,
            page(delivery.pk if receives else delivery.order_id),
            acts,
            is_late=late_since is None or delivery.at <= late_since,
        )
        for delivery in context["deliveries"]
    )
    return mark_safe(rows)  # noqa: S308  # what comes from the database is escaped


def _on_its_way(delivery: Delivery, url: str, acts: str, *, is_late: bool) -> str:
    number, order = escape(delivery.number), delivery.order
    return ON_ITS_WAY.format(
        url=url,
        number=number,
        late=f" {LATE}" if is_late else "",
        sender=escape(str(order.sender)),
        recipient=escape(str(order.recipient_warehouse)),
        at=moment(delivery.at),
        since=since(delivery.at),
        lines=_lines(delivery.line_count),
        units=quantity(delivery.unit_count),
        acts=acts.format(url=url, number=number, order=escape(str(order))),
    )


@register.simple_tag(takes_context=True)
def deliveries_waiting(context: Context) -> SafeString:
    """The same on the start page: asks for the rows of `orders/start_receipts.html`."""
    order, receive = address_of("order_detail"), address_of("delivery_receive")
    confirm = CONFIRM.replace("{token}", csrf_input(context))
    rows = "".join(_waiting(row, order, receive, confirm) for row in context["rows"])
    return mark_safe(rows)  # noqa: S308  # what comes from the database is escaped


def _waiting(row: ReceiptRow, order: Address, receive: Address, confirm: str) -> str:
    delivery, number = row.delivery, escape(row.delivery.number)
    order_url = order(delivery.order_id)
    url, acts = (receive(delivery.pk), confirm) if row.is_mine else (order_url, OPEN)
    return WAITING.format(
        order_url=order_url,
        number=number,
        recipient=escape(str(delivery.order.recipient_warehouse)),
        lines=_lines(delivery.line_count),
        units=quantity(delivery.unit_count, "st"),
        day=day(delivery.at),
        since=since(delivery.at),
        status=LATE if row.is_overdue else ON_THE_WAY,
        acts=acts.format(url=url, number=number, order=escape(str(delivery.order))),
    )


def _lines(count: int) -> str:
    return f"{count} {'rad' if count == 1 else 'rader'}"
