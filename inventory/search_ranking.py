"""Which articles a text can mean, and which of them is the best answer.

However many articles have the words, only so many are compared: the first whose name begins with one of them, some that
the sender has, and some of all. So a word that is everywhere costs no more than another.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    F,
    Field,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Collate

from .models import Article, StockLevel, Warehouse
from .models.article import ArticleKind
from .search_rank import TRIGRAM, Meanings, Rank, part_of

BEST_FIRST = ("is_exact", "rank", "is_closed", "is_part", "number")
"""What `ranked` sorts by; what the sender has comes second."""

MOST_CANDIDATES = 1_000
MOST_BEGINNING = 300
MOST_OF_SENDER = 100
MOST_HEADS = 4  # words that a name is asked to begin with; of more only the first


def among(keys: Sequence[int]) -> Q:
    """That it is one of these, sent as one value however many they are (an ArrayField would look at each)."""
    array = Value(list(keys), output_field=Field())
    return Q(Func(F("pk"), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()))


def having(meanings: Meanings) -> Q:
    """That the search text has every word; read from the trigram index however common the words are."""
    return _every(meanings, lambda word: Q(_search_text_has(part_of(word))))


def candidates(
    articles: QuerySet[Article], meanings: Meanings, *, sender: Warehouse | None, besides: QuerySet[Article]
) -> list[int]:
    """Those of the articles that have every word, of more than can be compared the worthiest; and those `besides`.

    Primary keys, and no subquery: what the planner believes of the table then changes nothing about the ranking.
    """
    fitting = articles.filter(having(meanings)).values("pk")
    parts = [fitting[:MOST_CANDIDATES], *_heads(articles, meanings)]
    if sender:
        parts.append(fitting.alias(there=_available_in(sender)).filter(there__gt=0)[:MOST_OF_SENDER])
    return list(dict.fromkeys(besides.values_list("pk").union(*parts, all=True).values_list("pk", flat=True)))


def ranked(
    found: QuerySet[Article], words: Sequence[str], meanings: Meanings, *, sender: Warehouse | None
) -> QuerySet[Article]:
    """The exact number, then what the sender has available, then by where the words stand and how much of them."""
    order = list(BEST_FIRST)
    if sender:
        found = found.alias(there=_available_in(sender)).alias(is_elsewhere=_first_of([Q(there__gt=0)]))
        order.insert(1, "is_elsewhere")
    return found.alias(
        is_exact=_first_of([Q(number__in=as_numbers(words))]),
        rank=Rank(words, meanings),
        is_closed=_first_of([Q(is_orderable=True)]),
        is_part=_first_of([Q(kind=ArticleKind.MAIN)]),
    ).order_by(*order)


def line(number: int) -> Collate:
    """One line of the search text; the first is the plain name, which an index keeps in order."""
    text = Func(F("search_text"), Value("\n"), Value(number), function="SPLIT_PART", output_field=TextField())
    return Collate(text, "C")


def as_numbers(words: Sequence[str]) -> list[str]:
    """How the text would be written if it was an article's number."""
    text = " ".join(words)
    return [text, text.upper()]


def _heads(articles: QuerySet[Article], meanings: Meanings) -> list[QuerySet[Any, Any]]:
    """For each of the first words, those whose name begins with it and that have the others, in the order of names.

    A very short word among others is not worth it: too much begins with it.
    """
    named = articles.alias(name_line=line(1))
    heads = [(place, word) for place, words in enumerate(meanings) for word in words[:2]]
    heads = [(place, word) for place, word in heads if len(word) >= TRIGRAM or len(meanings) == 1][:MOST_HEADS]
    return [
        named.filter(
            having([*meanings[:place], *meanings[place + 1 :]]),
            name_line__gte=_unseen(f" {word}"),
            name_line__lt=_unseen(f" {word[:-1]}{chr(ord(word[-1]) + 1)}"),
        )
        .order_by("name_line")
        .values("pk")[:MOST_BEGINNING]
        for place, word in heads
    ]


def _unseen(text: str) -> Func:
    """The text in a subselect, where the planner does not see how common it is: it expects few rows and takes an index.

    The index lists the rows in milliseconds and is read as far as is needed; seeing a common word, the planner would
    read the table instead.
    """
    return Func(Value(text), template="(SELECT %(expressions)s::text)", output_field=TextField())


def _search_text_has(part: str) -> Func:
    """`search_text LIKE '%part%'`, by the trigram index."""
    pattern = _unseen(f"%{connection.ops.prep_for_like_query(part)}%")
    return Func(F("search_text"), pattern, template="%(expressions)s", arg_joiner=" LIKE ", output_field=BooleanField())


def _available_in(warehouse: Warehouse) -> Coalesce:
    """How many units of the article the warehouse can promise; asked for each article by itself, by its index."""
    levels = StockLevel.objects.filter(article=OuterRef("pk"), warehouse=warehouse)
    return Coalesce(Subquery(levels.values("available")[:1]), 0, output_field=IntegerField())


def _every(meanings: Meanings, test: Callable[[str], Q]) -> Q:
    wanted = Q()
    for words in meanings:
        wanted &= _any_of(map(test, words))
    return wanted


def _any_of(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _first_of(conditions: Iterable[Q]) -> Case:
    """The place of the first condition that holds, or the place after the last."""
    whens = [When(condition, then=place) for place, condition in enumerate(conditions)]
    return Case(*whens, default=len(whens), output_field=IntegerField())
