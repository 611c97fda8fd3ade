from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpResponseBase


class Page(NamedTuple):
    """Something that is asked for and measured; `times` where asking as often as for a page would take minutes."""

    name: str
    group: str
    ask: Callable[[], HttpResponseBase]
    status: int = 200
    times: int | None = None
