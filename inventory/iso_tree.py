"""The groups of ISO 9999 with how many articles each has, along the way to the chosen one."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from .models import Article, IsoGroup
from .search import ArticleFilter, all_found

CODE_LENGTHS = (2, 4, 6)
MOST_COUNTED = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoBranch:
    """A group that can be chosen, with the groups below it that are shown."""

    code: str
    title: str
    count: int
    is_chosen: bool
    query: str
    below: Sequence["IsoBranch"]

    @property
    def written(self) -> str:
        return " ".join(self.code[place : place + 2] for place in range(0, len(self.code), 2))


def iso_tree(text: str, *, only: ArticleFilter, address: Callable[[str], str]) -> list[IsoBranch]:
    """The groups of what the text and the other filters find, in order: the first level and what the chosen one opens.

    `address` is where a group's code is chosen. Two statements. Of a text that more than 5,000 articles have, only so
    many are counted.
    """
    chosen = only.iso_prefix
    found = all_found(text, only=replace(only, iso_prefix=""))
    counts: Counter[str] = Counter()
    for iso_code, count in _by_code(found.order_by(), is_bounded=bool(text.strip())):
        for length in CODE_LENGTHS:
            counts[iso_code[:length]] += count
    shown = sorted(code for code in counts if _is_shown(code, chosen))
    titles = dict(IsoGroup.objects.filter(code__in=shown).values_list("code", "title"))

    def below(group: str) -> list[IsoBranch]:
        return [
            IsoBranch(
                code=code,
                title=titles.get(code, ""),
                count=counts[code],
                is_chosen=code == chosen,
                query=address(code),
                below=below(code),
            )
            for code in shown
            if code[:-2] == group
        ]

    return below("")


def _by_code(found: QuerySet[Article], *, is_bounded: bool) -> Iterable[tuple[str, int]]:
    """How many have each code: from an index that has all it takes, or of what a text finds so many as are read."""
    if is_bounded:
        return Counter(found.values_list("iso_code", flat=True)[:MOST_COUNTED]).items()
    return found.values_list("iso_code").annotate(count=Count("pk"))


def _is_shown(code: str, chosen: str) -> bool:
    """Whether the group above it is on the way to the chosen one."""
    return chosen.startswith(code[:-2])
