"""The articles that a search for a line found, written without templates: it answers with each letter that is typed."""

from html import escape
from urllib.parse import quote

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from inventory.models import Article
from orders.draft_rows import Hit
from orders.forms.lines import LineForm, device_choices, form_id_of
from orders.operations.editing import MAX_QUANTITY
from parties.forms.plain import options_of

from .stock import balances

register = template.Library()

ROW = """\
<tr{error}>
<td><b class="mono">{number}</b> {name}<small>{iso} · {charging}{outside}</small></td>
<td data-label="Disponibelt">{balances}</td>
{choice}
</tr>
"""
CHOICE = """\
{device}<td class="num" data-label="Antal">{quantity}</td>
<td class="act"><form method="post" action="{url}" novalidate id="{form_id}"{in_place}>{hidden}\
<input type="hidden" name="article" value="{number}">\
<button class="btn{primary}"{focus}>Lägg till</button></form></td>"""
IN_PLACE = """ hx-post="{url}" hx-target="#work" hx-swap="outerHTML" hx-select-oob="#functions" \
data-focus-after="#id_sok\""""
DEVICE = '<td data-label="Individ">{}</td>\n'
QUANTITY = (
    f'<span class="nowrap"><input type="number" name="quantity" value="1" min="1" max="{MAX_QUANTITY}" '
    'aria-label="Antal" form="{id}" inputmode="numeric" required id="id_{id}_quantity"> {unit}</span>'
)
SELECT = '<select aria-label="Individ" form="{id}" maxlength="20" name="device" id="id_{id}_device">{options}</select>'
NO_DEVICE = "<small>Ingen ledig individ hos avsändaren</small>"
HIDDEN = '<input type="hidden" name="{}" value="{}">'
CLOSED = '<td colspan="{}"><span class="muted">Går inte att beställa{}</span></td>'
INSTEAD = ' längre. Ersätts av <a href="{}?sok={}">{}</a>'


@register.simple_tag(takes_context=True)
def hit_rows(context: Context) -> SafeString:
    """A row for each hit; asks the context for what `orders/wizard/hits.html` names."""
    version = context.get("version")
    hidden = {"csrfmiddlewaretoken": context["csrf_token"]} | ({} if version is None else {"version": version})
    shared = {
        "url": (url := escape(context["post_to"])),
        "hidden": "".join(HIDDEN.format(name, escape(str(value))) for name, value in hidden.items()),
        "in_place": IN_PLACE.format(url=url) if version is None else "",
    }
    has_devices, here = context["has_numbered_hits"], escape(context["here"])
    focused = None if context["request"].htmx else context.get("exact")
    rows: list[str] = []
    for item in context["hits"]:
        hit, form = item["hit"], item["form"]
        is_refused = bool(form and form.errors)
        if hit.article.is_orderable or is_refused:
            choice = CHOICE.format(
                **shared,
                **_fields(hit, form, has_devices=has_devices),
                primary="" if rows else " primary",
                focus=" autofocus" if hit.article == focused else "",
            )
        else:
            choice = _closed(hit, here, has_devices=has_devices)
        rows.append(_row(hit, choice, is_refused=is_refused))
    return mark_safe("".join(rows))  # noqa: S308  # what comes from the database is escaped


def _row(hit: Hit, choice: str, *, is_refused: bool) -> str:
    article = hit.article
    return ROW.format(
        error=' class="error-row"' if is_refused else "",
        number=escape(article.number),
        name=escape(article.name),
        iso=escape(article.formatted_iso),
        charging=article.get_charging_display().lower(),
        outside="" if article.in_assortment else " · utanför sortimentet",
        balances=balances(hit.balances, article.unit),
        choice=choice,
    )


def _fields(hit: Hit, form: LineForm | None, *, has_devices: bool) -> dict[str, str]:
    """What can be filled in. Most rows have no form: nothing was sent, and no device searched for."""
    article = hit.article
    device = "<td></td>\n" if has_devices else ""
    if article.is_numbered:
        device = DEVICE.format(_written(form, "line_device") if form else _device(hit))
    return {
        "number": escape(article.number),
        "form_id": form_id_of(article),
        "device": device,
        "quantity": _written(form, "line_quantity") if form else _quantity(article),
    }


def _written(form: LineForm, part: str) -> str:
    return render_to_string(f"orders/wizard/{part}.html", {"form": form}).strip()


def _quantity(article: Article) -> str:
    return QUANTITY.format(id=form_id_of(article), unit=escape(article.unit))


def _device(hit: Hit) -> str:
    """The free ones; the only one is chosen already where one must be. As the form has it (a test compares)."""
    is_only = hit.must_choose and len(hit.devices) == 1
    choices = device_choices(hit.devices, must_choose=hit.must_choose)
    options = options_of(choices, chosen=[hit.devices[0].number if is_only else ""])
    return SELECT.format(id=form_id_of(hit.article), options=options) + ("" if hit.devices else NO_DEVICE)


def _closed(hit: Hit, here: str, *, has_devices: bool) -> str:
    """What stands where the fields would be."""
    other = hit.substitute
    instead = INSTEAD.format(here, quote(other.number), escape(str(other))) if other else ""
    return CLOSED.format(3 if has_devices else 2, instead)
