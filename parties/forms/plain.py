"""Fields written without templates: a page of hits has forty of them, a choice of warehouses hundreds of options.

Django asks three templates for each field, two for its label and two for each option, which was a quarter to a half of
such pages' time. `format_html` for each option took three times as long as escaping it here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from django import forms
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


def _input(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    named = {"type": widget["type"], "name": widget["name"], "value": widget["value"]}
    return f"<input{_written(named | widget['attrs'])}>"


def _textarea(context: Mapping[str, Any]) -> str:
    """A line feed first, as Django's: the browser drops it, and would drop one that the text begins with."""
    widget = context["widget"]
    written = _written({"name": widget["name"]} | widget["attrs"])
    return f"<textarea{written}>\n{escape(str(widget['value'] or ''))}</textarea>"


def _label(context: Mapping[str, Any]) -> str:
    text, tag = conditional_escape(context["label"]), context["tag"]
    return f"<{tag}{_written(context['attrs'] or {})}>{text}</{tag}>" if context["use_tag"] else text


WRITTEN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    f"django/forms/widgets/{kind}.html": _input
    for kind in ("checkbox", "date", "email", "hidden", "input", "number", "password", "text")
} | {"django/forms/widgets/textarea.html": _textarea, "django/forms/label.html": _label}
"""By the template of Django that would be asked."""


class PlainRenderer(DjangoTemplates):
    """What all forms are written by (`FORM_RENDERER`)."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if write := WRITTEN.get(template_name):
            return SafeString(write(context))  # all of it is escaped
        return SafeString(super().render(template_name, context, request))


class _ReadOnce(ModelChoiceIterator):  # type: ignore[type-arg]  # takes none when it runs
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        assert isinstance(self.field, PlainModelChoiceField)
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for key, *words in self.queryset.values_list(self.field.to_field_name or "pk", *self.field.words):
            yield key, " ".join(words)


class PlainModelChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes none when it runs
    """A choice of few rows, read by one statement; Django's own field opens a cursor in the database: five of them.

    `words` are the fields that a choice says, as the model's `__str__`: for 250 warehouses 0.3 ms and not 1.4.
    """

    iterator = _ReadOnce

    def __init__(self, *args: Any, words: Sequence[str] = ("number", "name"), **kwargs: Any) -> None:
        self.words = words
        super().__init__(*args, **kwargs)


class PlainSelect(forms.Select):
    """A choice of plain values, without groups."""

    def use_required_attribute(self, initial: object) -> bool:
        """As Django says it, who reads the first of the rows for that."""
        if isinstance(self.choices, ModelChoiceIterator):
            return self.choices.field.empty_label is not None
        return super().use_required_attribute(initial)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        choices = [(str(key), str(label)) for key, label in self.choices]
        options = options_of(choices, chosen=self.format_value(value))
        named = _written(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return mark_safe(f"<select{named}>{options}</select>")  # noqa: S308  # all of it is escaped


def options_of(choices: Iterable[tuple[str, str]], *, chosen: Collection[str] = ()) -> SafeString:
    """What a choice, or a list of suggestions, offers: the values and their words."""
    options = (
        f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(label)}</option>'
        for key, label in choices
    )
    return mark_safe("".join(options))  # noqa: S308  # all of it is escaped


def plain_choice(
    model: type[models.Model],
    *,
    label: str,
    by: str = "number",
    words: Sequence[str] = ("number", "name"),
    empty_label: str | None = "Alla",
) -> PlainModelChoiceField:
    """A filter of a list by one row of `model`; the form sets its queryset to what the user may choose."""
    return PlainModelChoiceField(
        model._default_manager.none(),
        widget=PlainSelect,
        label=label,
        required=False,
        to_field_name=by,
        words=words,
        empty_label=empty_label,
    )


def _written(attrs: Mapping[str, Any]) -> str:
    """As Django's `flatatt`: what is True stands by its name alone, what is False or None is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attrs.items()
        if value is not None and value is not False
    )
