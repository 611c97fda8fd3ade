"""Fields written without templates: a page of hits has forty of them, a choice of warehouses hundreds of options.

Django asks three templates for each field and two for each option, which was a quarter to a half of such pages' time.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


class PlainInput(forms.widgets.Input):
    """To be named before the input of Django that it makes plain."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        field = self.get_context(name, value, attrs)["widget"]
        named = {"type": field["type"], "name": field["name"], "value": field["value"], **field["attrs"]}
        return format_html("<input{}>", flatatt(named))


class PlainNumberInput(PlainInput, forms.NumberInput):
    pass


class PlainHiddenInput(PlainInput, forms.HiddenInput):
    pass


class _ReadOnce(ModelChoiceIterator):  # type: ignore[type-arg]  # takes none when it runs
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for each in self.queryset:
            yield self.choice(each)


class PlainModelChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes none when it runs
    """A choice of few rows, read by one statement; Django's own field opens a cursor in the database: five of them."""

    iterator = _ReadOnce


class PlainSelect(forms.Select):
    """A choice of plain values, without groups."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = self.format_value(value)
        options = [
            f'<option value="{escape(key)}"{" selected" if str(key) in chosen else ""}>{escape(label)}</option>'
            for key, label in self.choices  # hundreds on a page of hits, and format_html takes thrice the time
        ]
        named = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return mark_safe(f"<select{flatatt(named)}>{''.join(options)}</select>")  # noqa: S308  # all of it escaped
