"""Fields written without templates: a page of hits has forty of them, a choice of warehouses hundreds of options.

Django asks three templates for each field and two for each option, which was a quarter to a half of such pages' time.
"""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class PlainNumberInput(forms.NumberInput):
    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        field = self.get_context(name, value, attrs)["widget"]
        named = {"type": field["type"], "name": field["name"], "value": field["value"], **field["attrs"]}
        return format_html("<input{}>", flatatt(named))


class PlainSelect(forms.Select):
    """A choice of plain values, without groups."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = self.format_value(value)
        options = [(key, " selected" if str(key) in chosen else "", label) for key, label in self.choices]
        named = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html(
            "<select{}>{}</select>",
            flatatt(named),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )
