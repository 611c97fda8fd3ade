"""The articles that a search for a line found, written without templates: it answers with each letter that is typed."""

from html import escape
from urllib.parse import quote

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from inventory.models import Article
from orders.draft_rows import Hit
from orders.forms.lines import LineForm

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
QUANTITY = '<span class="nowrap">{} {}</span>'
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
        if hit.article.is_orderable or form.errors:
            choice = CHOICE.format(
                **shared,
                **_fields(hit.article, form, has_devices=has_devices),
                primary="" if rows else " primary",
                focus=" autofocus" if hit.article == focused else "",
            )
        else:
            choice = _closed(hit, here, has_devices=has_devices)
        rows.append(_row(hit, choice, is_refused=bool(form.errors)))
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


def _fields(article: Article, form: LineForm, *, has_devices: bool) -> dict[str, str]:
    """What can be filled in. Of a row that was refused templates say what is wrong."""
    device = "<td></td>\n" if has_devices else ""
    if article.is_numbered:
        device = DEVICE.format(_written(form, "line_device") if form.errors else _device(form))
    quantity = QUANTITY.format(form["quantity"], escape(article.unit))
    return {
        "number": escape(article.number),
        "form_id": form.form_id,
        "device": device,
        "quantity": _written(form, "line_quantity") if form.errors else quantity,
    }


def _written(form: LineForm, part: str) -> str:
    return render_to_string(f"orders/wizard/{part}.html", {"form": form})


def _device(form: LineForm) -> str:
    why_not = form.why_not or ("" if form.devices else "Ingen ledig individ hos avsändaren")
    return f"{form['device']}{f'<small>{escape(why_not)}</small>' if why_not else ''}"


def _closed(hit: Hit, here: str, *, has_devices: bool) -> str:
    """What stands where the fields would be."""
    other = hit.substitute
    instead = INSTEAD.format(here, quote(other.number), escape(str(other))) if other else ""
    return CLOSED.format(3 if has_devices else 2, instead)
