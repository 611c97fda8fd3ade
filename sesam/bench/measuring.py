"""How long a thing takes, how many statements it sends and how large its answer is."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import connection
from django.http import HttpResponseBase
from django.test.utils import CaptureQueriesContext

WARM = 3
TIMES = 20


class UnexpectedAnswer(Exception):
    """A measured page did not answer as it should: the figure would be of something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Times are milliseconds of the server alone, in this process; `size` is bytes before compression.

    `floor` is the median of the floor, asked in turns with this: a machine that others use is now quick and now slow.
    """

    name: str
    group: str
    p50: float
    p95: float
    floor: float
    statements: int
    size: int

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def measure(
    name: str,
    group: str,
    act: Callable[[], HttpResponseBase],
    *,
    floor: Callable[[], HttpResponseBase],
    status: int = 200,
    times: int = TIMES,
) -> Figure:
    """Do the act a few times unmeasured, once counted, and `times` times with the clock. Raises UnexpectedAnswer."""
    for _ in range(min(WARM, times)):
        _answer(name, act, status)
    with CaptureQueriesContext(connection) as queries:
        size = _answer(name, act, status)
    statements = len(queries)  # now: the next request empties the log
    gc.collect()
    taken, floors = [], []
    for _ in range(times):
        floors.append(_timed(floor)[0])
        spent, act_size = _timed(lambda: _answer(name, act, status))
        taken.append(spent)
        size = max(size, act_size)
    p95 = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    return Figure(
        name=name,
        group=group,
        p50=round(statistics.median(taken), 2),
        p95=round(p95, 2),
        floor=round(statistics.median(floors), 2),
        statements=statements,
        size=size,
    )


def _timed[Result](act: Callable[[], Result]) -> tuple[float, Result]:
    began = time.perf_counter()
    result = act()
    return 1000 * (time.perf_counter() - began), result


def _answer(name: str, act: Callable[[], HttpResponseBase], status: int) -> int:
    response = act()
    if response.status_code != status:
        raise UnexpectedAnswer(f"{name}: {response.status_code} i stället för {status}")
    # A streamed answer is let go of as it comes, as a server does.
    if response.streaming:
        return sum(len(part) for part in response)
    return len(response.content)  # type: ignore[attr-defined]  # what does not stream has it
