"""The changes of an object in words: fields by their names, values as the pages show them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from parties.models import Patient

from .models import ChangeEntry, ChangeKind

MOST = 200  # on one page, the newest
SECRET = "***"  # noqa: S105  # what the trigger writes for a password
HIDDEN = "Dolt"

Labels = Mapping[type[models.Model], Mapping[Any, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    at: datetime
    who: str
    what: str
    fields: list[FieldChange]


def changes_of(obj: models.Model) -> list[Change]:
    """The newest changes of the object and of what belongs to it, newest first.

    Of a person with protected identity it only says which fields were changed.
    """
    entries = list(ChangeEntry.objects.about(obj).select_related("actor").order_by("-id")[:MOST])
    return in_words(entries, hide=isinstance(obj, Patient) and obj.is_protected)


def in_words(entries: Iterable[ChangeEntry], *, hide: bool = False) -> list[Change]:
    entries = list(entries)
    labels = _labels(entries)
    return [
        Change(
            at=entry.at,
            who=str(entry.actor or "Systemet"),
            what=_what(entry),
            fields=list(_fields(entry, labels, hide=hide)),
        )
        for entry in entries
    ]


def model_of(table: str) -> type[models.Model] | None:
    """The model of a table; None where a later version has taken it away."""
    return next((model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table), None)


def _what(entry: ChangeEntry) -> str:
    """`Ändrad`; of a row that belongs to the object also which sort it is."""
    word = str(ChangeKind(entry.kind).label)
    model = model_of(entry.table_name)
    if entry.table_name == entry.subject_table or model is None:
        return word
    return f"{word}: {_sort(model, entry)}"


def _sort(model: type[models.Model], entry: ChangeEntry) -> str:
    """The name of a row's sort; one that only links is named by what it links to."""
    if not model._meta.auto_created:
        return str(model._meta.verbose_name)
    linked: list[Any] = [field.related_model for field in model._meta.fields if field.is_relation]
    return next((str(to._meta.verbose_name) for to in linked if to._meta.db_table != entry.subject_table), "")


def _fields(entry: ChangeEntry, labels: Labels, *, hide: bool) -> Iterator[FieldChange]:
    before, after = entry.before or {}, entry.after or {}
    for column in before | after:
        field = _field(entry, column)
        if field is None or field.primary_key or _points_home(field, entry):
            continue
        yield FieldChange(
            label=str(field.verbose_name).capitalize(),
            before=_shown(field, before.get(column), labels, hide=hide),
            after=_shown(field, after.get(column), labels, hide=hide),
        )


def _field(entry: ChangeEntry, column: str) -> Any:
    """The model's field of a column; None where a later version has taken it away."""
    model = model_of(entry.table_name)
    try:
        return model._meta.get_field(column.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        try:
            return model._meta.get_field(column) if model else None
        except FieldDoesNotExist:
            return None


def _points_home(field: Any, entry: ChangeEntry) -> bool:
    own = entry.table_name == entry.subject_table
    return bool(field.is_relation and not own and field.related_model._meta.db_table == entry.subject_table)


def _shown(field: Any, value: Any, labels: Labels, *, hide: bool) -> str:
    if value in (None, "", []):
        return ""
    if hide or value == SECRET:
        return HIDDEN
    if field.is_relation:
        return labels[field.related_model].get(value, str(value))
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(dict(field.flatchoices).get(value, value))


def _labels(entries: Iterable[ChangeEntry]) -> Labels:
    """What is pointed at, by name; one statement for each model."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for entry in entries:
        for values in (entry.before or {}, entry.after or {}):
            for column, value in values.items():
                field = _field(entry, column)
                if value is not None and field is not None and field.is_relation:
                    wanted[field.related_model].add(value)
    return {model: _names(model, keys) for model, keys in wanted.items()}


def _names(model: type[models.Model], keys: set[Any]) -> dict[Any, str]:
    found = model._default_manager.filter(pk__in=keys).fetch_mode(models.FETCH_PEERS)
    return {row.pk: str(row) for row in found}
