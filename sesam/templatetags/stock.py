"""Rows of balances, devices and articles, and what warehouses have of an article, written without templates.

A page of fifty balances asked its template for 1,000 names: a third of its processor time.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from inventory.models import Article, Device, DeviceStatus, StockLevel
from inventory.queries import Balance

from .sesam import NOTHING, day, quantity

register = template.Library()

LEVEL = """\
<tr>
<td><b class="mono">{number}</b><small>{iso}{count}</small></td>
<td>{name}</td>
<td class="num" data-label="I lager">{on_hand}</td>
<td class="num" data-label="Reserverat">{reserved}</td>
<td class="num" data-label="Disponibelt">{available}</td>
<td class="num" data-label="Väntat in">{incoming}</td>
<td class="num" data-label="Beställningspunkt">{reorder_point}</td>
</tr>
"""
COUNT = ' · <a href="{}{}/">Inventera</a>'
DEVICE = """\
<tr>
<th scope="row" class="mono">{number}</th>
<td data-label="Serienummer" class="mono">{serial_number}</td>
{article}<td data-label="Finns">{place}</td>
<td data-label="Status"><span class="tag {tone}">{status}</span></td>
</tr>
"""
OF_ARTICLE = """\
<td data-label="Artikel" class="mono">{}</td>
<td data-label="Benämning">{}</td>
"""
ARTICLE = """\
<tr>
<th scope="row" class="mono"><a href="{url}{quoted}/">{number}</a></th>
<td data-label="Benämning">{name}<small>{about}</small></td>
<td data-label="ISO-kod" class="mono">{iso}</td>
<td data-label="Leverantör">{supplier}<small class="mono">{supplier_number}</small></td>
<td data-label="Disponibelt">{balances}</td>
</tr>
"""
TONES = {
    DeviceStatus.IN_STOCK: "ok",
    DeviceStatus.UNCHECKED: "warn",
    DeviceStatus.ON_ITS_WAY: "info",
    DeviceStatus.BLOCKED: "bad",
}
"""Free to use, on its way to it, not to be used; elsewhere without a color."""


@register.simple_tag
def level_rows(levels: Iterable[StockLevel], count_in: str) -> SafeString:
    """A row for each balance of a warehouse, with a link to count it where there is an address for that."""
    rows = "".join(_level(level, escape(count_in)) for level in levels)
    return mark_safe(rows)  # noqa: S308  # what comes from the database is escaped


def _level(level: StockLevel, count_in: str) -> str:
    article = level.article
    blocked = f"<small>varav {level.blocked} spärrade</small>" if level.blocked else ""
    return LEVEL.format(
        number=escape(article.number),
        iso=escape(article.formatted_iso),
        count=COUNT.format(count_in, quote(article.number, safe="")) if count_in else "",
        name=escape(article.name),
        on_hand=escape(quantity(level.on_hand, article.unit)),
        reserved=quantity(level.reserved),
        available=_available(level) + blocked,
        incoming=quantity(level.incoming),
        reorder_point=quantity(level.reorder_point) if level.reorder_point else NOTHING,
    )


def _available(level: StockLevel) -> str:
    if level.available <= 0 or level.available < level.reorder_point:
        return f'<span class="tag {"bad" if level.available <= 0 else "warn"}">{level.available}</span>'
    return quantity(level.available)


@register.simple_tag
def device_rows(devices: Iterable[Device], *, of_all_articles: bool = True) -> SafeString:
    """A row for each device: where it is and whether it can be used."""
    rows = "".join(_device(device, of_all_articles=of_all_articles) for device in devices)
    return mark_safe(rows)  # noqa: S308  # what comes from the database is escaped


def _device(device: Device, *, of_all_articles: bool) -> str:
    article = OF_ARTICLE.format(escape(device.article.number), escape(device.article.name)) if of_all_articles else ""
    return DEVICE.format(
        number=escape(device.number),
        serial_number=escape(device.serial_number) or ("" if of_all_articles else NOTHING),
        article=article,
        place=escape(device.location.whereabouts),
        tone=TONES.get(device.status, "plain"),
        status=device.status.label,
    )


@register.simple_tag
def article_rows(articles: Iterable[Article], balances: Mapping[int, Sequence[Balance]]) -> SafeString:
    """A row for each article, with what the `balances` say of it."""
    url = reverse("article_list")
    rows = "".join(_article(article, balances.get(article.pk), url) for article in articles)
    return mark_safe(rows)  # noqa: S308  # what comes from the database is escaped


def _article(article: Article, of_it: Sequence[Balance] | None, url: str) -> str:
    about = [article.get_kind_display(), article.get_charging_display().lower()]
    about += ["individmärkt"] if article.is_numbered else []
    about += [] if article.in_assortment else ["utanför sortimentet"]
    about += [] if article.is_orderable else ["går inte att beställa"]
    return ARTICLE.format(
        url=url,
        quoted=quote(article.number, safe=""),
        number=escape(article.number),
        name=escape(article.name),
        about=escape(" · ".join(about)),
        iso=escape(article.formatted_iso),
        supplier=escape(article.supplier.name) if article.supplier else NOTHING,
        supplier_number=escape(article.supplier_number),
        balances=balances(of_it, article.unit),
    )


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
