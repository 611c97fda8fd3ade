from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F
from django.db.models.expressions import Combinable

type Cell = str | int | Decimal | date | None
"""What a saved list holds of a row in one column; a `datetime` is a time with its zone and is saved in Swedish time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column[Row]:
    """A column of a list, on the page and in the saved file.

    `key` names it in the address. `order_by` is what its head sorts by: fields, or expressions such as
    `swedish_order("name")`, all ascending; without any the column cannot be sorted. `reads_all` says that no index has
    that order: only a list that is short enough to be counted is sorted by it. `value` is what is saved of a row;
    without it the column is only on the page. `on_page=False` is the opposite: the file alone has it.
    """

    key: str
    label: str
    value: Callable[[Row], Cell] | None = None
    order_by: Sequence[str | Combinable] = ()
    reads_all: bool = False
    is_number: bool = False
    on_page: bool = True

    @property
    def sort_keys(self) -> list[Combinable]:
        return [F(each) if isinstance(each, str) else each for each in self.order_by]
