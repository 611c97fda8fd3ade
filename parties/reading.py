"""Rows with what they refer to, in one statement whose text is made once.

As `select_related`, which takes Django longer to build each time than PostgreSQL takes to answer, and longer the more
tables there are. For what every step, page and act asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.base import ModelState

from .prepared import prepared

HERE = "it"
"""What the rows are called in a condition; what they refer to by its path, as in `"sender__owner".name`."""


type Made = tuple[type[models.Model], tuple[str, ...], int]
"""What an object was made of: of a unit, all may be read as the customer and its name alone as the payer."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the statement: the rows themselves, or what a foreign key leads to, or a one-to-one key from it."""

    path: str
    model: type[models.Model]
    columns: tuple[str, ...]
    """As the model has them, first the primary key."""
    field: "models.ForeignKey[Any, Any] | models.OneToOneRel | None" = None
    holder: str = ""

    @property
    def join(self) -> str:
        table = f'{self.model._meta.db_table} AS "{self.path}"'
        if self.field is None:
            return table
        if isinstance(self.field, models.OneToOneRel):
            here, there = self.field.remote_field.column, "id"
        else:
            here, there = "id", self.field.column
        return f'LEFT JOIN {table} ON "{self.path}".{here} = "{self.holder}".{there}'


class Reader[Row: models.Model]:
    """Reads rows of a model with what `paths` name, as in `select_related`.

    `only` gives the columns that are read of a path, where it is not all of them; of what is `sealed` nothing else can
    be asked for afterwards (FETCH_RAISE). `computed` are expressions, by the attribute that a row has them as.
    """

    def __init__(
        self,
        model: type[Row],
        *paths: str,
        only: Mapping[str, Sequence[str]] | None = None,
        computed: Mapping[str, str] | None = None,
        is_sealed: bool = False,
    ) -> None:
        self.model, self.paths, self.only, self.computed = model, paths, only or {}, computed or {}
        self.mode = models.FETCH_RAISE if is_sealed else models.FETCH_ONE

    @cached_property
    def parts(self) -> list[Part]:
        """Made when something is read: a module that makes a reader may be loaded before all models are."""
        found = {HERE: Part(HERE, self.model, _columns(self.model, self.only.get(HERE)))}
        for path in self.paths:
            before, _, name = path.rpartition("__")
            holder = found[before or HERE]
            field = holder.model._meta.get_field(name)
            assert isinstance(field, models.ForeignKey | models.OneToOneRel)
            columns = _columns(field.related_model, self.only.get(path))
            found[path] = Part(path, field.related_model, columns, field, holder.path)
        return list(found.values())

    @cached_property
    def select(self) -> str:
        columns = [f'"{part.path}".{name}' for part in self.parts for name in part.columns]
        columns += self.computed.values()
        return f"SELECT {', '.join(columns)} FROM {' '.join(part.join for part in self.parts)} WHERE "  # noqa: S608  # names

    def read(self, condition: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Row]:
        """The rows that fit the condition, which may end by ORDER BY."""
        with prepared() as cursor:
            cursor.execute(self.select + condition, parameters)
            rows = cursor.fetchall()
        made: dict[Made, models.Model] = {}
        return [self._row(row, made) for row in rows]

    def in_order(self, keys: Iterable[int]) -> list[Row]:
        """The rows with these primary keys, in their order; those that are gone are left out."""
        keys = list(keys)
        found = {row.pk: row for row in self.read("it.id = ANY(%s)", [keys])} if keys else {}
        return [found[key] for key in keys if key in found]

    def chosen(self, rows: models.QuerySet[Row], *, order: str) -> list[Row]:
        """Those that a queryset chooses, by one statement; its own order says no more than where it is cut."""
        try:
            chosen, parameters = rows.values("pk").query.sql_with_params()
        except EmptyResultSet:  # a condition that Django knows nothing to pass
            return []
        return self.read(f"it.id = ANY(ARRAY({chosen})) ORDER BY {order}", parameters)

    def _row(self, values: tuple[Any, ...], made: dict[Made, models.Model]) -> Row:
        """`made` are the objects so far: a warehouse that ten orders go from is one, where the same is read of it."""
        objects: dict[str, Any] = {}
        end = 0
        for part in self.parts:
            start, end = end, end + len(part.columns)
            pk = values[start]
            key = part.model, part.columns, pk
            if pk is not None and (part.field is None or key not in made):
                made[key] = self._object(part, values[start:end])
            if pk is not None:
                objects[part.path] = made[key]
            if part.field and part.holder in objects:
                part.field.set_cached_value(objects[part.holder], objects.get(part.path))
        row: Row = objects[HERE]
        vars(row).update(zip(self.computed, values[end:], strict=True))
        return row

    def _object(self, part: Part, values: tuple[Any, ...]) -> models.Model:
        """As `from_db`, which goes over all fields of the model, of an article forty where four are read.

        A test sees that our models do nothing else when they are made, and that nobody listens to it.
        """
        made = part.model.__new__(part.model)
        state = ModelState()
        state.adding, state.db, state.fetch_mode = False, DEFAULT_DB_ALIAS, self.mode
        vars(made).update(zip(part.columns, values, strict=True), _state=state)
        return made


def _columns(model: type[models.Model], only: Sequence[str] | None = None) -> tuple[str, ...]:
    """By attname, which is the name of the column in all of our models."""
    fields = [field for field in model._meta.concrete_fields if only is None or field.attname in only]
    assert all(field.column == field.attname and not hasattr(field, "from_db_value") for field in fields)
    return tuple(field.attname for field in fields)
