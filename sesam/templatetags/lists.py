"""What every list has around its rows, written without templates: the heads of its columns, and the choice of order."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from listing.listing import Choice, Head

register = template.Library()

TOO_LONG = '<span title="Filtrera fram en kortare lista för att sortera efter {}">{}</span>'


@register.filter
def column_heads(heads: Sequence[Head]) -> SafeString:
    """Links that sort by their column, where it can be sorted by."""
    return mark_safe("".join(map(_head, heads)))  # noqa: S308  # all of it is escaped


def _head(head: Head) -> str:
    label = escape(head.label)
    if head.url:
        shown = f'<a href="{escape(head.url)}">{label}</a>'
    else:
        shown = TOO_LONG.format(label.lower(), label) if head.is_too_long else label
    number = ' class="num"' if head.is_number else ""
    towards = f' aria-sort="{head.sorted}"' if head.sorted else ""
    return f'<th scope="col"{number}{towards}>{shown}</th>'


@register.filter
def order_choices(choices: Sequence[Choice]) -> SafeString:
    """The options of the choice of order."""
    return mark_safe("".join(map(_choice, choices)))  # noqa: S308  # all of it is escaped


def _choice(choice: Choice) -> str:
    selected = " selected" if choice.is_chosen else ""
    return f'<option value="{escape(choice.value)}"{selected}>{escape(choice.label)}</option>'
