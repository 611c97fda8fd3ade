"""Which articles a text can mean, and which of them is the best answer.

However many articles have the words, only so many are compared: the first whose name begins with one of them, some that
the sender has, and some of all. So a word that is everywhere costs no more than another.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value

from .models import Article, Warehouse
from .search_rank import AVAILABLE, TRIGRAM, Meanings, Sql, as_numbers, best_first, part_of

MOST_CANDIDATES = 500
MOST_BEGINNING = 300
MOST_OF_SENDER = 100
MOST_HEADS = 4  # words that a name is asked to begin with; of more only the first

# The lines of the search text are cut once for each; OFFSET 0 keeps PostgreSQL from cutting them for each condition.
RANKED = r"""
    WITH fitting AS MATERIALIZED ({fitting})
    SELECT article.id
    FROM (
        SELECT *, split_part(search_text, E'\n', 1) AS name_line, split_part(search_text, E'\n', 2) AS synonym_line
        FROM (SELECT * FROM fitting UNION ALL {others}) AS candidate OFFSET 0
    ) AS article
    ORDER BY {best_first}
"""
# Whether those that fit were not all, and whether few of them are the sender's; otherwise nothing more is asked for.
IS_CUT = f"(SELECT count(*) FROM fitting) = {MOST_CANDIDATES}"  # noqa: S608  # numbers of this file
HAS_FEW_OF_SENDER = f"(SELECT count(*) FROM fitting WHERE available > 0) < {MOST_OF_SENDER}"  # noqa: S608  # as above
NAME_LINE = r"""split_part(article.search_text, E'\n', 1) COLLATE "C" """  # as its index has it
COMPARED = ("id", "number", "search_text", "is_orderable", "kind")

# In a subselect the planner does not see how common the text is: it expects few rows and takes an index. The index
# lists the rows in milliseconds and is read as far as is needed; seeing a common word, it would read the table.
UNSEEN = "(SELECT %s::text)"


def best_of(
    articles: QuerySet[Article],
    words: Sequence[str],
    meanings: Meanings,
    *,
    sender: Warehouse | None,
    besides: QuerySet[Article],
) -> list[int]:
    """Those of the articles that have every word, best first, of more than can be compared the worthiest.

    One of those `besides` is among them if the text is its number. One statement.
    """
    try:
        fitting, others = _candidates(articles, words, meanings, sender=sender, besides=besides)
    except EmptyResultSet:  # a filter that nothing passes
        return []
    order, sorting = best_first(words, meanings)
    sql = RANKED.format(fitting=fitting.sql, others=" UNION ALL ".join(part.sql for part in others), best_first=order)
    params = [each for part in (fitting, *others) for each in part.params]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *sorting])
        return list(dict.fromkeys(key for (key,) in cursor.fetchall()))


def having(meanings: Meanings, *, is_seen: bool = False) -> Q:
    """That the search text has every word; read from the trigram index however common the words are.

    `is_seen` is for a list in an order that has an index, of which a page is read: the planner then sees how common the
    words are, and follows that index as far as the page goes where they are everywhere.
    """
    template = "%(expressions)s" if is_seen else "(SELECT %(expressions)s::text)"
    wanted = Q()
    for words in meanings:
        found = Q()
        for word in words:
            pattern = Func(Value(_pattern(word)), template=template, output_field=TextField())
            text = F("search_text")
            found |= Q(
                Func(text, pattern, template="%(expressions)s", arg_joiner=" LIKE ", output_field=BooleanField())
            )
        wanted &= found
    return wanted


def _candidates(
    articles: QuerySet[Article],
    words: Sequence[str],
    meanings: Meanings,
    *,
    sender: Warehouse | None,
    besides: QuerySet[Article],
) -> tuple[Sql, list[Sql]]:
    """Some that fit; and others, of which some may be there twice."""
    passing = _From(articles, sender)
    all_words, patterns = _has(meanings)
    others = [
        _From(besides, sender).where("article.number = ANY (%s)", [as_numbers(words)]),
        *_heads(passing, meanings),
    ]
    if sender:
        there = f"{IS_CUT} AND {HAS_FEW_OF_SENDER} AND {all_words} AND {AVAILABLE} > 0 LIMIT {MOST_OF_SENDER}"
        others.append(passing.where(there, [*patterns, sender.pk]))
    return passing.where(f"{all_words} LIMIT {MOST_CANDIDATES}", patterns), others


class _From:
    """Articles with what they are compared by, and how many of each the sender has available."""

    def __init__(self, articles: QuerySet[Article], sender: Warehouse | None) -> None:
        sql, params = articles.values_list(*COMPARED).query.sql_with_params()
        available = AVAILABLE if sender else "1"
        self.sql = f"SELECT article.*, {available} AS available FROM ({sql}) AS article WHERE"  # noqa: S608  # no text of anybody's
        self.params = [*([sender.pk] if sender else []), *params]

    def where(self, condition: str, params: Sequence[Any]) -> Sql:
        return Sql(f"({self.sql} {condition})", [*self.params, *params])


def _has(meanings: Meanings) -> Sql:
    """As `having`."""
    likes = [" OR ".join([f"article.search_text LIKE {UNSEEN}"] * len(words)) for words in meanings]
    patterns: list[Any] = [_pattern(word) for words in meanings for word in words]
    return Sql(" AND ".join(f"({each})" for each in likes) or "true", patterns)


def _pattern(word: str) -> str:
    return f"%{connection.ops.prep_for_like_query(part_of(word))}%"


def _heads(passing: _From, meanings: Meanings) -> list[Sql]:
    """For each of the first words, those whose name begins with it and that have the others, in the order of names.

    A very short word among others is not worth it: too much begins with it.
    """
    heads = [(place, word) for place, words in enumerate(meanings) for word in words[:2]]
    heads = [(place, word) for place, word in heads if len(word) >= TRIGRAM or len(meanings) == 1][:MOST_HEADS]
    parts = []
    for place, word in heads:
        others, patterns = _has([*meanings[:place], *meanings[place + 1 :]])
        begins = f"{NAME_LINE} >= {UNSEEN} AND {NAME_LINE} < {UNSEEN}"
        condition = f"{IS_CUT} AND {others} AND {begins} ORDER BY {NAME_LINE} LIMIT {MOST_BEGINNING}"
        span = [f" {word}", f" {word[:-1]}{chr(ord(word[-1]) + 1)}"]
        parts.append(passing.where(condition, [*patterns, *span]))
    return parts
