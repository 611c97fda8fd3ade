"""Which articles a text can mean, and which of them is the best answer.

However many articles have the words, only so many are compared: the best whose name begins with one of them, some that
the sender has, and some of all. So a word that is everywhere costs no more than another. Of all those that have a word
the index makes a list, which takes milliseconds where they are very many: so the oldest articles have an index of their
own, which is asked first.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value

from parties.prepared import prepared

from .models import Article, Warehouse
from .models.article import OLDEST
from .search_rank import AVAILABLE, TRIGRAM, Meanings, Sql, best_first, is_named, part_of

MOST_CANDIDATES = 200
ENOUGH = 100  # of the oldest, for not looking at the others
MOST_BEGINNING, MOST_READ = 100, 5000
MOST_OF_SENDER = 100
MOST_HEADS = 4  # words that a name is asked to begin with; of more only the first
MOST_FIRST = 50  # of what the sender has, so many come before the others: more than a page shows
SAMPLE, FEW_OF_SAMPLE = 100, 20

# The lines of the search text are cut once for each; OFFSET 0 keeps PostgreSQL from cutting them for each condition.
COMPARED = r"""
    WITH oldest AS MATERIALIZED ({oldest}), fitting AS MATERIALIZED (
        SELECT * FROM oldest WHERE {is_enough} UNION ALL {fitting}
    ), article AS (
        SELECT *, split_part(search_text, E'\n', 1) AS name_line, split_part(search_text, E'\n', 2) AS synonym_line
        FROM (SELECT * FROM fitting UNION {others}) AS candidate OFFSET 0
    )
"""
BEST_FIRST = COMPARED + " SELECT id, {is_cut} FROM article ORDER BY {is_named} DESC, {best_first} LIMIT %s"  # noqa: S608  # of the above
# What the sender has is looked up from the best on, only until enough is found.
SENDERS_FIRST = f"""{COMPARED}
    , ranked AS MATERIALIZED (
        SELECT id, {{is_named}} AS is_named, row_number() OVER (ORDER BY {{best_first}}) AS place FROM article
    ), senders AS MATERIALIZED (
        SELECT id FROM (SELECT * FROM ranked ORDER BY place) AS article
        WHERE {AVAILABLE} > 0 ORDER BY place LIMIT least({MOST_FIRST}, %s)
    )
    SELECT id, {{is_cut}} FROM ranked ORDER BY is_named DESC, id NOT IN (SELECT id FROM senders), place LIMIT %s
"""  # noqa: S608  # numbers of this file
IS_ENOUGH = f"(SELECT count(*) FROM oldest) >= {ENOUGH}"  # noqa: S608  # numbers of this file
# Whether those that fit were not all, and whether few of them are the sender's; otherwise nothing more is asked for.
IS_CUT = f"({IS_ENOUGH} OR (SELECT count(*) FROM fitting) = {MOST_CANDIDATES})"  # noqa: S608  # numbers of this file
HAS_FEW_OF_SENDER = f"""(
    SELECT count(*) FROM (
        SELECT FROM (SELECT id FROM fitting LIMIT {SAMPLE}) AS article WHERE {AVAILABLE} > 0 LIMIT {FEW_OF_SAMPLE}
    ) AS there
) < {FEW_OF_SAMPLE}"""  # noqa: S608  # as above
FIRST_WORD = r"""split_part(split_part(article.search_text, E'\n', 1), ' ', 2) COLLATE "C" """
OF_MAIN = "CASE WHEN article.kind = 'MAIN' THEN 0 ELSE 1 END"
# What a text can begin, and the order that its index has.
NAME = (FIRST_WORD, f"{FIRST_WORD}, article.is_orderable DESC, {OF_MAIN}, article.number")
NUMBER = ("article.number", "article.number")
COLUMNS = ("id", "number", "search_text", "is_orderable", "kind")

# In a subselect the planner does not see how common the text is: it expects few rows and takes an index. The index
# lists the rows in milliseconds and is read as far as is needed; seeing a common word, it would read the table.
UNSEEN = "(SELECT %s::text)"


class Best(NamedTuple):
    """The keys of articles, best first; `is_cut` says that more had the words than were compared."""

    keys: list[int]
    is_cut: bool = False


def best_of(
    articles: QuerySet[Article],
    words: Sequence[str],
    meanings: Meanings,
    *,
    sender: Warehouse | None,
    besides: QuerySet[Article],
    most: int | None = None,
) -> Best:
    """Those of the articles that have every word, best first, of more than can be compared the worthiest.

    One of those `besides` is among them if the text is its number. One statement. `most` are wanted, or all.
    """
    try:
        oldest, fitting, others = _candidates(articles, words, meanings, sender=sender, besides=besides)
    except EmptyResultSet:  # a filter that nothing passes
        return Best([])
    named, order = is_named(words), best_first(words, meanings)
    sql = (SENDERS_FIRST if sender else BEST_FIRST).format(
        oldest=oldest.sql,
        is_enough=IS_ENOUGH,
        fitting=fitting.sql,
        others=" UNION ".join(part.sql for part in others),
        is_cut=IS_CUT,
        is_named=named.sql,
        best_first=order.sql,
    )
    params = [each for part in (oldest, fitting, *others, named, order) for each in part.params]
    with prepared() as cursor:
        cursor.execute(sql, [*params, *([sender.pk, most] if sender else []), most])
        rows = cursor.fetchall()
    return Best([key for key, _ in rows], is_cut=any(is_cut for _, is_cut in rows[:1]))


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
) -> tuple[Sql, Sql, list[Sql]]:
    """Some of the oldest that fit; some of all, where those are few; and others, some of them perhaps again."""
    passing = _From(articles)
    all_words, patterns = _has(meanings)
    named = is_named(words)
    others = [_From(besides).where(*named), *_heads(passing, meanings)]
    if sender:
        there = f"{IS_CUT} AND {HAS_FEW_OF_SENDER} AND {all_words} AND {AVAILABLE} > 0 LIMIT {MOST_OF_SENDER}"
        others.append(passing.where(there, [sender.pk, *patterns, sender.pk]))
    has_all, _ = _has(meanings, is_of_few=True)
    can_be_had = f"article.id <= {OLDEST} AND article.is_orderable"  # what no longer can, comes after them in any case
    oldest = passing.where(f"{can_be_had} AND {has_all} LIMIT {MOST_CANDIDATES}", patterns)
    return oldest, passing.where(f"NOT {IS_ENOUGH} AND {all_words} LIMIT {MOST_CANDIDATES}", patterns), others


class _From:
    """Articles with what they are compared by."""

    def __init__(self, articles: QuerySet[Article]) -> None:
        sql, params = articles.values_list(*COLUMNS).query.sql_with_params()
        self.sql = f"SELECT article.* FROM ({sql}) AS article WHERE"  # noqa: S608  # no text of anybody's
        self.params = params

    def where(self, condition: str, params: Sequence[Any]) -> Sql:
        return Sql(f"({self.sql} {condition})", [*self.params, *params])


def _has(meanings: Meanings, *, is_of_few: bool = False) -> Sql:
    """As `having`. Of few articles a single letter is only compared where the other words are: its list is too long."""
    is_letter = [len(words[0]) == 1 for words in meanings]
    likes = []
    for place, words in enumerate(meanings):
        is_compared = is_of_few and is_letter[place] and not all(is_letter)
        text = "(article.search_text || '')" if is_compared else "article.search_text"
        likes.append(" OR ".join([f"{text} LIKE {UNSEEN}"] * len(words)))
    patterns: list[Any] = [_pattern(word) for words in meanings for word in words]
    return Sql(" AND ".join(f"({each})" for each in likes) or "true", patterns)


def _pattern(word: str) -> str:
    return f"%{connection.ops.prep_for_like_query(part_of(word))}%"


def _heads(passing: _From, meanings: Meanings) -> list[Sql]:
    """For each of the first words, those whose name or number begins with it and that have the others, the best first.

    A very short word among others is not worth it: too much begins with it.
    """
    heads = [(place, word) for place, words in enumerate(meanings) for word in words[:2]]
    heads = [(place, word) for place, word in heads if len(word) >= TRIGRAM or len(meanings) == 1][:MOST_HEADS]
    parts = []
    for place, word in heads:
        others = _has([*meanings[:place], *meanings[place + 1 :]])
        column, order = NUMBER if word.isdigit() else NAME
        begins = passing.where(
            f"{IS_CUT} AND {column} >= {UNSEEN} AND {column} < {UNSEEN} ORDER BY {order} LIMIT {MOST_READ}",
            [word, f"{word[:-1]}{chr(ord(word[-1]) + 1)}"],
        )
        sql = f"(SELECT * FROM {begins.sql} AS article WHERE {others.sql} LIMIT {MOST_BEGINNING})"  # noqa: S608  # as above
        parts.append(Sql(sql, [*begins.params, *others.params]))
    return parts
