"""The changes of an object in words: fields by their names, values as the pages show them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

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
            what=what_of(entry),
            fields=list(_fields(entry, labels, hide=hide)),
        )
        for entry in entries
    ]


def model_of(table: str) -> type[models.Model] | None:
    """The model of a table; None where a later version has taken it away."""
    return next((model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table), None)


def what_of(entry: ChangeEntry) -> str:
    """`Ändrad`; of a row that belongs to the object also which sort it is."""
    word = str(ChangeKind(entry.kind).label)
    return word if entry.table_name == entry.subject_table else f"{word}: {sort_of(entry.table_name)}"


def sort_of(table: str) -> str:
    """What a table's rows are called; those that only link (a user's roles) by the last thing that they link to."""
    model = model_of(table)
    if model is None:
        return table
    linked: list[Any] = [field.related_model for field in model._meta.fields if field.is_relation]
    return str((linked[-1] if model._meta.auto_created else model)._meta.verbose_name)


def labels_of(entry: ChangeEntry) -> list[str]:
    """The names of the fields that the entry holds."""
    return [change.label for change in _fields(entry, defaultdict(dict), hide=True)]


def _fields(entry: ChangeEntry, labels: Labels, *, hide: bool) -> Iterator[FieldChange]:
    before, after = entry.before or {}, entry.after or {}
    for column in before | after:
        field = _field(entry, column)
        if field is None or field.primary_key or _points_home(field, entry):
            continue
        change = FieldChange(
            label=capfirst(str(_namer(field).verbose_name)),
            before=_shown(field, before.get(column), labels, hide=hide),
            after=_shown(field, after.get(column), labels, hide=hide),
        )
        if change.before or change.after:
            yield change


def _namer(field: Any) -> Any:
    """What says a field's name; of a row that only links it is the thing linked to, since nobody named the field."""
    return field.related_model._meta if field.model._meta.auto_created else field


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
