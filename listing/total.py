"""How many rows there are: counted as far as that is quick, and beyond it what PostgreSQL expects."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

MOST_COUNTED = 10_000
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Total:
    """`1 234`, `cirka 12 000`, `cirka 1,2 miljoner`; an estimate has two figures."""

    number: int
    is_exact: bool = True

    def __str__(self) -> str:
        if self.is_exact:
            return _apart(self.number)
        if self.number <= MOST_COUNTED:
            return f"över {_apart(MOST_COUNTED)}"
        step = 10 ** (len(str(self.number)) - 2)
        rounded = (self.number + step // 2) // step * step
        if rounded < 1_000_000:
            return f"cirka {_apart(rounded)}"
        millions = f"{rounded / 1_000_000:.1f}".removesuffix(".0").replace(".", ",")
        return f"cirka {millions}{NO_BREAK}{'miljon' if millions == '1' else 'miljoner'}"


def total_of(rows: QuerySet[Any]) -> Total:
    """One statement, and a second one that only asks the planner where there are more than are counted."""
    keys = rows.order_by().values("pk")
    counted = keys[: MOST_COUNTED + 1].count()
    if counted <= MOST_COUNTED:
        return Total(counted)
    plan = json.loads(keys.explain(format="json"))[0]["Plan"]
    return Total(int(plan["Plan Rows"]), is_exact=False)


def _apart(number: int) -> str:
    return f"{number:,}".replace(",", NO_BREAK)
