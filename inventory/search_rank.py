"""How well an article answers what was typed: the order of the hits, in SQL.

Written out, because made of Django's conditions it took longer to compile than to run.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from .models.article import ArticleKind

type Meanings = Sequence[Sequence[str]]
"""For each word of the text what to look for, one of which must be there."""


class Sql(NamedTuple):
    """A piece of SQL, and its parameters in their order."""

    sql: str
    params: list[Any]


TRIGRAM = 3  # letters; what is shorter must begin a word, else the index cannot find it

AVAILABLE = """coalesce((SELECT available FROM inventory_stocklevel AS level
    WHERE level.article_id = article.id AND level.warehouse_id = %s), 0)"""
"""How many units of the article a warehouse can promise; asked for each article by itself, by its index."""


def part_of(word: str) -> str:
    """What to look for in a text whose words have a space before them: a number only where a word begins."""
    return f" {word}" if word.isdigit() or len(word) < TRIGRAM else word


def is_named(words: Sequence[str]) -> Sql:
    """That the text is the article's number."""
    text = " ".join(words)
    return Sql("article.number = ANY (%s)", [[text, text.upper()]])


def best_first(words: Sequence[str], meanings: Meanings) -> Sql:
    """What to sort by: how well it answers, what can be ordered, main articles.

    Of an `article` with its `number`, `name_line`, `synonym_line`, `is_orderable` and `kind`.
    """
    answer, params = rank(words, meanings)
    sql = f"{answer}, NOT article.is_orderable, article.kind <> %s, article.number"
    return Sql(sql, [*params, ArticleKind.MAIN])


def rank(words: Sequence[str], meanings: Meanings) -> Sql:
    """0 a number that begins so, the beginning of the name, a whole synonym, the name, a synonym, the rest."""
    name, synonyms = "article.name_line", "article.synonym_line"
    params: list[Any] = []
    escape = connection.ops.prep_for_like_query

    def like(column: str, patterns: Iterable[str]) -> str:
        """That the column is like one of the patterns, in which `*` stands for anything."""
        written = [escape(pattern).replace("*", "%") for pattern in patterns]
        params.extend(written)
        return f"({' OR '.join([f'{column} LIKE %s'] * len(written))})"

    def every(column: str, patterns: Callable[[str], list[str]]) -> str:
        return " AND ".join(like(column, [each for word in words for each in patterns(word)]) for words in meanings)

    def is_synonym(text: str) -> str:
        """That the whole text is one of the synonyms, which stand after the number with commas between."""
        params.extend([text, rf"(, |^ \S+ ){re.escape(text)}(,| ?$)"])
        return f"strpos({synonyms}, %s) > 0 AND {synonyms} ~ %s"  # most have it nowhere, and that is quickly seen

    def part(word: str) -> list[str]:
        return [f"*{part_of(word)}*"]

    meanings = [[word.replace("*", "") for word in words] for words in meanings]
    phrase = " ".join(words)
    start = phrase.replace("*", "")
    heads = [word for words in meanings for word in words]
    conditions = [
        like(synonyms, [f" {start}*"]),
        like(name, [f" {start} *", f" {start}"]),
        is_synonym(phrase),
        f"{every(name, part)} AND {like(name, [p for word in heads for p in (f' {word} *', f' {word}')])}",
        f"{every(name, part)} AND {like(name, [f' {word}*' for word in heads])}",
        every(name, lambda word: [f"* {word} *", f"* {word}"]),
        every(name, part),
        every(synonyms, part),
    ]
    whens = " ".join(f"WHEN {condition} THEN {place}" for place, condition in enumerate(conditions))
    return Sql(f"CASE {whens} ELSE {len(conditions)} END", params)
