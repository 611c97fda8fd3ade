"""Tests that commit for real (threads, browser) empty the tables afterwards; the rows that migrations made come back.

So such a test may stand in any file and order, beside tests that only roll back.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.utils import timezone
from pytest_django.plugin import blocking_manager_key

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from tests.fixtures import Town
    from tests.registered import World

RESTORED = "django_db_serialized_rollback"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and _commits(item) and RESTORED not in item.fixturenames:
            item.fixturenames.append(RESTORED)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    try:
        yield
    finally:
        # After the last test the test database is gone, and the connection would be to the real one.
        if nextitem and _commits(item) and hasattr(connection, "_test_serialized_contents"):
            with item.config.stash[blocking_manager_key].unblock():
                connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
                connection.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Close what a test has saved and not read, as a web server does.

    Left to the garbage collector it may be closed in the middle of another statement of the same connection, which
    psycopg then waits for until the end of time.
    """
    made: list[StreamingHttpResponse] = []
    begin = StreamingHttpResponse.__init__

    def note(response: StreamingHttpResponse, *args: Any, **kwargs: Any) -> None:
        made.append(response)
        begin(response, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StreamingHttpResponse, "__init__", note)
        try:
            yield
        finally:
            for close in (close for response in made for close in response._resource_closers):  # type: ignore[attr-defined]  # private
                close()


def _commits(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences"))
    return bool(asked) or bool({"transactional_db", "live_server"} & set(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> None:
    """Let tests that commit empty the logs afterwards, which the database refuses everywhere else."""
    from audit.partitions import look_ahead  # models can be imported only when Django has been set up

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        look_ahead(at=timezone.now())  # so that the first page of a process costs no more than the next
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'never_emptied'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER never_emptied")


@pytest.fixture
def world(db: None) -> "World":
    from tests.registered import build_world  # models can be imported only when Django has been set up

    return build_world()


@pytest.fixture
def town(db: None) -> "Town":
    from tests.fixtures import build_town

    return build_town()
