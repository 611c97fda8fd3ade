"""Real threads on the real database: all wait at one line and start together."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def race[T](acts: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run each act in a thread of its own, with its own connection; what each returned or raised, in order."""
    line = threading.Barrier(len(acts), timeout=20)

    def run(act: Callable[[], T]) -> T | Exception:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '30s'")  # a busy machine is not what is tested
            line.wait()
            return act()
        except Exception as error:  # the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def split[T](results: Sequence[T | Exception], *refusals: type[Exception]) -> tuple[list[T], list[str]]:
    """What the winners returned and what the losers were told; any other error is raised."""
    won: list[T] = []
    refused: list[str] = []
    for result in results:
        if isinstance(result, refusals):
            refused.append(str(result))
        elif isinstance(result, Exception):
            raise result
        else:
            won.append(result)
    return won, refused


def wait_until_somebody_waits() -> None:
    """Until another transaction of the race stands before a lock."""
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise TimeoutError
