"""How many rows there are: counted as far as that is quick, and beyond it what PostgreSQL expects."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

MOST_COUNTED = 10_000
MOST_FOUND = 500  # where a text is looked for, or what waits
SURELY_MORE = 15_000  # expected of a list that nothing narrows
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Total:
    """`1 234`, `över 500`, `cirka 12 000`, `cirka 1,2 miljoner`; an estimate has two figures."""

    number: int
    is_exact: bool = True

    def __str__(self) -> str:
        if self.is_exact:
            return _apart(self.number)
        if self.number <= MOST_COUNTED:
            return f"över {_apart(self.number)}"
        step = 10 ** (len(str(self.number)) - 2)
        rounded = (self.number + step // 2) // step * step
        if rounded < 1_000_000:
            return f"cirka {_apart(rounded)}"
        millions = f"{rounded / 1_000_000:.1f}".removesuffix(".0").replace(".", ",")
        return f"cirka {millions}{NO_BREAK}{'miljon' if millions == '1' else 'miljoner'}"


def total_of(rows: QuerySet[Any], *, most: int = MOST_COUNTED, is_whole: bool = False) -> Total:
    """One statement, and a second one that only asks the planner where there are more than are counted.

    Who counts to fewer than usual gets no estimate, since the planner knows nothing of such rows: what a text means.
    Where nothing narrows the list (`is_whole`) it is asked first, for it knows how much of a table is whose: what is
    surely more need not be counted. Of several filters it is not believed, since it multiplies them.
    """
    keys = rows.order_by().values("pk")
    expected = _expected(keys) if is_whole else 0
    if expected > SURELY_MORE:
        return Total(expected, is_exact=False)
    counted = keys[: most + 1].count()
    if counted <= most:
        return Total(counted)
    if most < MOST_COUNTED:
        return Total(most, is_exact=False)
    return Total(max(MOST_COUNTED, expected or _expected(keys)), is_exact=False)


def _expected(keys: QuerySet[Any]) -> int:
    """How many the planner expects; nothing where Django sees by itself that there are none."""
    plan = keys.explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0


def _apart(number: int) -> str:
    return f"{number:,}".replace(",", NO_BREAK)
