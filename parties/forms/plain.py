"""Fields written without templates: a page of hits has forty of them, a choice of warehouses hundreds of options.

Django asks three templates for each field and two for each option, which was a quarter to a half of such pages' time.
`format_html` for each option took three times as long as escaping it here.
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from django import forms
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import BaseRenderer
from django.utils.safestring import SafeString, mark_safe


class PlainInput(forms.widgets.Input):
    """To be named before the input of Django that it makes plain."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        named = {"type": self.input_type, "name": name, "value": self.format_value(value)}
        return mark_safe(f"<input{_written(named | self.build_attrs(self.attrs, attrs))}>")  # noqa: S308  # escaped


class PlainTextInput(PlainInput, forms.TextInput):
    pass


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
        choices = [(str(key), str(label)) for key, label in self.choices]
        options = [
            f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(label)}</option>'
            for key, label in choices
        ]
        named = _written(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return mark_safe(f"<select{named}>{''.join(options)}</select>")  # noqa: S308  # all of it is escaped


def plain_choice(
    model: type[models.Model], *, label: str, by: str = "number", empty_label: str | None = "Alla"
) -> PlainModelChoiceField:
    """A filter of a list by one row of `model`; the form sets its queryset to what the user may choose."""
    return PlainModelChoiceField(
        model._default_manager.none(),
        widget=PlainSelect,
        label=label,
        required=False,
        to_field_name=by,
        empty_label=empty_label,
    )


def _written(attrs: Mapping[str, Any]) -> str:
    """As Django's `flatatt`: what is True stands by its name alone, what is False or None is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attrs.items()
        if value is not None and value is not False
    )
