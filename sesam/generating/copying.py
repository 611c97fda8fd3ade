"""COPY in chunks on a connection of its own while the next chunk is being made; triggers and indexes rest."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
from django.db import connection

CHUNK = 50_000
AHEAD = 4
"""Chunks that may wait to be written, so that memory stays the same however large the database becomes."""


class Copier:
    """Takes rows of values for tables; `None` is NULL. Nothing checks them here: the caller makes them consistent."""

    def __init__(self, connections: psycopg.Connection[tuple[object, ...]]) -> None:
        self.connection = connections
        self.writer = ThreadPoolExecutor(1)
        self.pending: list[Future[None]] = []
        self.rows: dict[str, list[str]] = defaultdict(list)
        self.columns: dict[str, str] = {}
        self.count: dict[str, int] = defaultdict(int)

    def into(self, table: str, columns: str) -> "Target":
        self.columns[table] = columns
        return Target(self, table)

    def flush(self, table: str) -> None:
        rows, self.rows[table] = self.rows[table], []
        if not rows:
            return
        self.count[table] += len(rows)
        while len(self.pending) >= AHEAD:
            self.pending.pop(0).result()
        self.pending.append(self.writer.submit(self._write, table, rows))

    def close(self) -> None:
        for table in list(self.rows):
            self.flush(table)
        for chunk in self.pending:
            chunk.result()
        self.pending = []

    def _write(self, table: str, rows: list[str]) -> None:
        statement = f"COPY {table} ({self.columns[table]}) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.write("".join(rows))


class Target:
    """One table of a copier."""

    def __init__(self, copier: Copier, table: str) -> None:
        self.copier = copier
        self.table = table

    def add(self, *values: object) -> None:
        rows = self.copier.rows[self.table]
        rows.append("\t".join(["\\N" if value is None else str(value) for value in values]) + "\n")
        if len(rows) >= CHUNK:
            self.copier.flush(self.table)


@contextmanager
def copier() -> Iterator[Copier]:
    """A copier on a second connection to the same database, without triggers (a superuser's right)."""
    connection.ensure_connection()
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as own:
        own.execute("SET session_replication_role = replica")
        own.execute("SET synchronous_commit = off")
        copier = Copier(own)
        yield copier
        copier.close()
        copier.writer.shutdown()


@contextmanager
def without_indexes(tables: list[str]) -> Iterator[None]:
    """Drop the indexes that no constraint needs, and make them again afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid)
            FROM pg_index AS index
            WHERE index.indrelid = ANY (%s::regclass[]) AND NOT index.indisunique
                AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.indexrelid)
            """,
            [tables],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET statement_timeout = 0")
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("RESET statement_timeout")
