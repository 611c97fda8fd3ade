"""Writing many rows in one statement whose text is built once: UPDATE … and INSERT … FROM unnest(…).

`bulk_update` and `bulk_create` do the same, and take longer to build their statements than PostgreSQL to run them.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from parties.prepared import prepared

type Fields = tuple[Field[Any, Any], ...]


def write_rows(rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Write these fields of rows of one model that were changed in memory under their locks."""
    rows = list(rows)
    if not rows:
        return
    statement, written = _update(type(rows[0]), tuple(fields))
    with prepared() as cursor:
        cursor.execute(statement, _columns(rows, written))


def insert_rows[M: Model](rows: Iterable[M]) -> list[M]:
    """Insert new rows of one model; each gets its key and what the database has worked out (GeneratedField)."""
    rows = list(rows)
    if not rows:
        return []
    statement, written, returned = _insert(type(rows[0]))
    with prepared() as cursor:
        cursor.execute(statement, _columns(rows, written))
        answers = cursor.fetchall()
    for row, answer in zip(rows, answers, strict=True):
        for field, value in zip(returned, answer, strict=True):
            setattr(row, field.attname, value)
        row._state.adding, row._state.db = False, connection.alias
    return rows


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, Fields]:
    meta, quote = model._meta, connection.ops.quote_name
    written: Fields = tuple(meta.get_field(name) for name in (meta.pk.name, *names))  # type: ignore[misc]  # concrete
    columns = [quote(str(field.column)) for field in written]
    changes = ", ".join(f"{column} = changed.{column}" for column in columns[1:])
    statement = (
        f"UPDATE {quote(meta.db_table)} AS stored SET {changes} "  # noqa: S608  # names of tables and columns
        f"FROM unnest({_arrays(written)}) AS changed ({', '.join(columns)}) "
        f"WHERE stored.{columns[0]} = changed.{columns[0]}"
    )
    return statement, written


@cache
def _insert(model: type[Model]) -> tuple[str, Fields, Fields]:
    meta, quote = model._meta, connection.ops.quote_name
    written: Fields = tuple(field for field in meta.concrete_fields if not (field.primary_key or field.generated))
    returned: Fields = tuple(meta.db_returning_fields)
    names = [", ".join(quote(str(field.column)) for field in fields) for fields in (written, returned)]
    statement = (
        f"INSERT INTO {quote(meta.db_table)} ({names[0]}) "  # noqa: S608  # names of tables and columns
        f"SELECT * FROM unnest({_arrays(written)}) RETURNING {names[1]}"
    )
    return statement, written, returned


def _arrays(fields: Fields) -> str:
    """One parameter a field. Without the length of varchar, for a cast to it would cut what is too long in silence."""
    types = (field.rel_db_type(connection) if field.primary_key else field.cast_db_type(connection) for field in fields)
    return ", ".join(f"%s::{str(type).partition('(')[0]}[]" for type in types)


def _columns(rows: Sequence[Model], fields: Fields) -> list[list[Any]]:
    return [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
