"""Statements that are written out by hand, prepared: PostgreSQL plans each once for a connection, and not each time.

Django puts the values into the text, so that every statement is new to PostgreSQL: an order with eleven tables takes it
1.5 ms, and 0.2 when it is prepared. Not for what Django builds, which is told apart by its values: half of a region's
orders are at one warehouse, and a plan for any warehouse would be wrong there. So a statement that is asked this way
names what decides its plan (a state, the central warehouse) in its text, and binds the rest.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

MOST = 250
"""On a connection, where psycopg would keep a hundred: pages use seventy, acts thirty, and other roles their own."""


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor that leaves the values to PostgreSQL, which psycopg has prepare a text that comes often.

    How often is `prepare_threshold` of the settings, without which nothing is prepared. While statements are recorded
    (DEBUG, and tests that count or explain them) they are written out with their values, as all others.
    """
    with connection.cursor() as cursor:
        if not connection.queries_logged:
            connection.connection.prepared_max = MOST
            cursor.cursor = psycopg.Cursor(connection.connection)
        yield cursor
