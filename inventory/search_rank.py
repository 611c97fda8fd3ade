"""How well an article answers what was typed: a number to sort by, 0 is best."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler

type Meanings = Sequence[Sequence[str]]
"""For each word of the text what to look for, one of which must be there."""

TRIGRAM = 3  # letters; what is shorter must begin a word, else the index cannot find it


def part_of(word: str) -> str:
    """What to look for in a text whose words have a space before them: a number only where a word begins."""
    return f" {word}" if word.isdigit() or len(word) < TRIGRAM else word


class Rank(Func):
    """A number that begins so, the beginning of the name, a whole synonym, the name, a synonym, the rest.

    One expression that writes its SQL itself: made of Django's conditions it took longer to compile than to run.
    """

    def __init__(self, words: Sequence[str], meanings: Meanings) -> None:
        super().__init__("number", "search_text", output_field=IntegerField())
        self.phrase = " ".join(words)
        self.meanings = meanings

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        number, text = (compiler.compile(column)[0] for column in self.get_source_expressions())
        name, synonyms = (f"split_part({text}, E'\\n', {line})" for line in (1, 2))
        params: list[str | int] = []
        escape = connection.ops.prep_for_like_query

        def like(column: str, patterns: Iterable[str]) -> str:
            """That the column is like one of the patterns, in which `*` stands for anything."""
            written = [escape(pattern).replace("*", "%") for pattern in patterns]
            params.extend(written)
            return f"({' OR '.join([f'{column} LIKE %s'] * len(written))})"

        def every(column: str, patterns: Callable[[str], list[str]]) -> str:
            return " AND ".join(like(column, [each for word in words for each in patterns(word)]) for words in meanings)

        def part(word: str) -> list[str]:
            return [f"*{part_of(word)}*"]

        meanings = [[word.replace("*", "") for word in words] for words in self.meanings]
        phrase = self.phrase.replace("*", "")
        heads = [word for words in meanings for word in words]
        conditions = [
            like(f"upper({number})", [f"{phrase.upper()}*"]),
            like(name, [f" {phrase} *", f" {phrase}"]),
            self._is_synonym(synonyms, params),
            f"{every(name, part)} AND {like(name, [p for word in heads for p in (f' {word} *', f' {word}')])}",
            f"{every(name, part)} AND {like(name, [f' {word}*' for word in heads])}",
            every(name, lambda word: [f"* {word} *", f"* {word}"]),
            every(name, part),
            every(synonyms, part),
        ]
        whens = " ".join(f"WHEN {condition} THEN {place}" for place, condition in enumerate(conditions))
        return f"CASE {whens} ELSE {len(conditions)} END", tuple(params)

    def _is_synonym(self, column: str, params: list[str | int]) -> str:
        """That the whole text is one of the synonyms, which stand after the number with commas between."""
        params.append(rf"(, |^ \S+ ){re.escape(self.phrase)}(,| ?$)")
        return f"{column} ~ %s"
