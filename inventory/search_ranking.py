"""Which articles a text can mean, and which of them is the best answer.

However many articles have the words, only so many are compared: the first whose name begins with one of them, some that
the sender has, and some of all. So a word that is everywhere costs no more than another.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value

from parties.prepared import prepared

from .models import Article, Warehouse
from .search_rank import AVAILABLE, TRIGRAM, Meanings, Sql, best_first, is_named, part_of

MOST_CANDIDATES = 500
MOST_BEGINNING, MOST_READ = 300, 5000
MOST_OF_SENDER = 100
MOST_HEADS = 4  # words that a name is asked to begin with; of more only the first
MOST_FIRST = 50  # of what the sender has, so many come before the others: more than a page shows
SAMPLE, FEW_OF_SAMPLE = 100, 20

# The lines of the search text are cut once for each; OFFSET 0 keeps PostgreSQL from cutting them for each condition.
COMPARED = r"""
    WITH fitting AS MATERIALIZED ({fitting}), article AS (
        SELECT *, split_part(search_text, E'\n', 1) AS name_line, split_part(search_text, E'\n', 2) AS synonym_line
        FROM (SELECT * FROM fitting UNION {others}) AS candidate OFFSET 0
    )
"""
BEST_FIRST = COMPARED + " SELECT id FROM article ORDER BY {is_named} DESC, {best_first} LIMIT %s"  # noqa: S608  # of the above
# What the sender has is looked up from the best on, only until enough is found.
SENDERS_FIRST = f"""{COMPARED}
    , ranked AS MATERIALIZED (
        SELECT id, {{is_named}} AS is_named, row_number() OVER (ORDER BY {{best_first}}) AS place FROM article
    ), senders AS MATERIALIZED (
        SELECT id FROM (SELECT * FROM ranked ORDER BY place) AS article
        WHERE {AVAILABLE} > 0 ORDER BY place LIMIT least({MOST_FIRST}, %s)
    )
    SELECT id FROM ranked ORDER BY is_named DESC, id NOT IN (SELECT id FROM senders), place LIMIT %s
"""  # noqa: S608  # numbers of this file
# Whether those that fit were not all, and whether few of them are the sender's; otherwise nothing more is asked for.
IS_CUT = f"(SELECT count(*) FROM fitting) = {MOST_CANDIDATES}"  # noqa: S608  # numbers of this file
HAS_FEW_OF_SENDER = f"""(
    SELECT count(*) FROM (
        SELECT FROM (SELECT id FROM fitting LIMIT {SAMPLE}) AS article WHERE {AVAILABLE} > 0 LIMIT {FEW_OF_SAMPLE}
    ) AS there
) < {FEW_OF_SAMPLE}"""  # noqa: S608  # as above
NAME_LINE = r"""split_part(article.search_text, E'\n', 1) COLLATE "C" """  # as its index has it
COLUMNS = ("id", "number", "search_text", "is_orderable", "kind")

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
    most: int | None = None,
) -> list[int]:
    """Those of the articles that have every word, best first, of more than can be compared the worthiest.

    One of those `besides` is among them if the text is its number. One statement. `most` are wanted, or all.
    """
    try:
        fitting, others = _candidates(articles, words, meanings, sender=sender, besides=besides)
    except EmptyResultSet:  # a filter that nothing passes
        return []
    named, order = is_named(words), best_first(words, meanings)
    sql = (SENDERS_FIRST if sender else BEST_FIRST).format(
        fitting=fitting.sql,
        others=" UNION ".join(part.sql for part in others),
        is_named=named.sql,
        best_first=order.sql,
    )
    params = [each for part in (fitting, *others, named, order) for each in part.params]
    with prepared() as cursor:
        cursor.execute(sql, [*params, *([sender.pk, most] if sender else []), most])
        return [key for (key,) in cursor.fetchall()]


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
    passing = _From(articles)
    all_words, patterns = _has(meanings)
    named = is_named(words)
    others = [_From(besides).where(*named), *_heads(passing, meanings)]
    if sender:
        there = f"{IS_CUT} AND {HAS_FEW_OF_SENDER} AND {all_words} AND {AVAILABLE} > 0 LIMIT {MOST_OF_SENDER}"
        others.append(passing.where(there, [sender.pk, *patterns, sender.pk]))
    return passing.where(f"{all_words} LIMIT {MOST_CANDIDATES}", patterns), others


class _From:
    """Articles with what they are compared by."""

    def __init__(self, articles: QuerySet[Article]) -> None:
        sql, params = articles.values_list(*COLUMNS).query.sql_with_params()
        self.sql = f"SELECT article.* FROM ({sql}) AS article WHERE"  # noqa: S608  # no text of anybody's
        self.params = params

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
        others = _has([*meanings[:place], *meanings[place + 1 :]])
        begins = passing.where(
            f"{IS_CUT} AND {NAME_LINE} >= {UNSEEN} AND {NAME_LINE} < {UNSEEN} ORDER BY {NAME_LINE} LIMIT {MOST_READ}",
            [f" {word}", f" {word[:-1]}{chr(ord(word[-1]) + 1)}"],
        )
        sql = f"(SELECT * FROM {begins.sql} AS article WHERE {others.sql} LIMIT {MOST_BEGINNING})"  # noqa: S608  # as above
        parts.append(Sql(sql, [*begins.params, *others.params]))
    return parts
