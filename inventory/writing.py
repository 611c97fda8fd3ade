"""Writing back rows that were changed in memory under their locks."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def write_rows(rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Write these fields of rows of one model, in one statement: UPDATE … FROM unnest(…).

    `bulk_update` does the same with a CASE for every row and field, which takes longer to build than to run.
    """
    rows = list(rows)
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    written: list[Field[Any, Any]] = [meta.pk, *(meta.get_field(name) for name in fields)]  # type: ignore[list-item]  # concrete fields only
    columns = [quote(str(field.column)) for field in written]
    arrays = ", ".join(
        f"%s::{field.rel_db_type(connection) if field is meta.pk else field.cast_db_type(connection)}[]"
        for field in written
    )
    changes = ", ".join(f"{column} = changed.{column}" for column in columns[1:])
    statement = (
        f"UPDATE {quote(meta.db_table)} AS stored SET {changes} "  # noqa: S608  # names of tables and columns
        f"FROM unnest({arrays}) AS changed ({', '.join(columns)}) WHERE stored.{columns[0]} = changed.{columns[0]}"
    )
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in written]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
