"""The order of a list, and the condition that says what comes after one of its rows.

Rows are told apart by the primary key, which is the last thing sorted by and takes the direction of the rest, so one
index serves both directions. A missing value is greater than every other, as in PostgreSQL's indexes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Aggregate, BooleanField, F, Func, Model, Q, QuerySet, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Coalesce, NullIf

type Reading[Row] = Callable[[Sequence[int]], list[Row]]
"""Reads the rows with these primary keys, in their order."""


@dataclass(frozen=True, slots=True)
class Order:
    keys: Sequence[Combinable]
    descending: bool = False

    def reversed(self) -> "Order":
        return Order(self.keys, not self.descending)

    def first[Row: Model](self, rows: QuerySet[Row], count: int, read: Reading[Row] | None = None) -> list[Row]:
        """So many of the rows, by two statements: which ones they are, and those with all that they show.

        In one, PostgreSQL may join many rows with other tables before it leaves all but a few of them out.
        """
        keys = list(self.sorted(rows).values_list("pk", flat=True)[:count])
        if read:
            return read(keys)
        return list(self.sorted(rows.filter(pk__in=keys))) if keys else []

    def sorted[Row: Model](self, rows: QuerySet[Row]) -> QuerySet[Row]:
        named = [F(name) for name in self._names] + [F("pk")]
        return self._with_keys(rows).order_by(*(key.desc() if self.descending else key.asc() for key in named))

    def values_of[Row: Model](self, rows: QuerySet[Row], pk: int) -> tuple[object, ...] | None:
        """Where the row stands: the values that it is sorted by, last its key. None if it is not among the rows."""
        return rows.order_by().filter(pk=pk).values_list(*self.keys, "pk").first()

    def after[Row: Model](self, rows: QuerySet[Row], values: Sequence[object]) -> QuerySet[Row]:
        """The rows that come after the place that `values_of` gave."""
        missing = [may_be_missing(rows.model, key) for key in self.keys]
        keyed = self._with_keys(rows).filter(self._not_before(values, may_miss=missing[:1] == [True]))
        if any(missing):
            return keyed.filter(self._after_one_by_one(values))
        # One comparison of whole rows is what PostgreSQL can begin an index of several columns with.
        fields = [keyed.query.annotations[name].output_field for name in self._names] + [rows.model._meta.pk]
        here = _row(*(F(name) for name in self._names), F("pk"))
        there = _row(*(Value(value, output_field=field) for value, field in zip(values, fields, strict=True)))
        joiner = " < " if self.descending else " > "
        comparison = Func(here, there, template="%(expressions)s", arg_joiner=joiner, output_field=BooleanField())
        return keyed.filter(comparison)

    @property
    def _names(self) -> list[str]:
        return [f"sort_key_{place}" for place, _key in enumerate(self.keys)]

    def _with_keys[Row: Model](self, rows: QuerySet[Row]) -> QuerySet[Row]:
        keyed: QuerySet[Row] = rows.alias(**dict(zip(self._names, self.keys, strict=True)))
        return keyed

    def _not_before(self, values: Sequence[object], *, may_miss: bool) -> Q:
        """By the first key alone, where one table's index can begin, whatever tables the other keys are in."""
        if len(values) == 1 or values[0] is None:
            return Q()
        if self.descending:
            return Q(sort_key_0__lte=values[0])
        further = Q(sort_key_0__gte=values[0])
        return further | Q(sort_key_0__isnull=True) if may_miss else further

    def _after_one_by_one(self, values: Sequence[object]) -> Q:
        """The same in words that know missing values: further on by the first key, or level in it and further on."""
        *firsts, pk = values
        found = Q(pk__lt=pk) if self.descending else Q(pk__gt=pk)
        for name, value in reversed(list(zip(self._names, firsts, strict=True))):
            level = Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
            found = self._beyond(name, value) | (level & found)
        return found

    def _beyond(self, name: str, value: object) -> Q:
        if self.descending:
            return Q(**{f"{name}__isnull": False}) if value is None else Q(**{f"{name}__lt": value})
        return Q(pk__in=[]) if value is None else Q(**{f"{name}__gt": value}) | Q(**{f"{name}__isnull": True})


def _row(*expressions: Combinable) -> Func:
    return Func(*expressions, template="(%(expressions)s)", output_field=BooleanField())


def may_be_missing(model: type[Model], expression: object) -> bool:
    """Whether the value can be null, as far as the model's fields tell; what is not known may be."""
    match expression:
        case F(name=path):  # type: ignore[misc]  # django-stubs do not know its name
            return _field_may_be_missing(model, path)
        case Value():
            return expression.value is None
        case Coalesce():
            return all(may_be_missing(model, part) for part in expression.get_source_expressions())
        case Aggregate() | NullIf():
            return True
        case Func() | CombinedExpression():
            return any(may_be_missing(model, part) for part in expression.get_source_expressions())
    return True


def _field_may_be_missing(model: type[Model], path: str) -> bool:
    field = None
    for name in path.split(LOOKUP_SEP):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if getattr(field, "null", True):
            return True
        model = getattr(field, "related_model", None) or model
    return field is None
