"""Finding people and organisations by words of their names and the beginning of their numbers, always by an index.

A word of three letters and more is looked for anywhere in the name, by the trigram index; a shorter one where a word
begins, which the same index finds. What is neither letter nor digit parts words and is never looked for itself.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable

TRIGRAM = 3  # letters
MOST_WORDS = 8


def name_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)[:MOST_WORDS]


def name_matches(text: str) -> Q:
    """Every word of the text in the field `name`, in any order and letter case; nothing where there is no word."""
    words = name_words(text)
    matching = Q() if words else Q(pk__in=[])
    for word in words:
        if len(word) >= TRIGRAM:
            matching &= Q(name__icontains=word)
        else:
            matching &= Q(name__istartswith=word) | Q(name__icontains=f" {word}") | Q(name__icontains=f"-{word}")
    return matching


def number_begins(text: str) -> Q:
    """The field `number` begins so, as it was typed or in capitals."""
    return Q(number__startswith=text) | Q(number__startswith=text.upper())


def number_or_name(text: str) -> Q:
    return (number_begins(text.strip()) | name_matches(text)) if text.strip() else Q(pk__in=[])


def among(keys: Iterable[int]) -> Q:
    """`pk__in` with all keys as one value: with one for each, a thousand take Django milliseconds in each statement."""
    return Q(one_of("pk", list(keys)))


def one_of(key: str | Combinable, rows: "QuerySet[Any] | list[int]") -> Func:
    """The key is one of the rows' keys, which are fetched and stand in the statement as one array.

    PostgreSQL looks them up in a hash, and chooses its plan knowing how many they are. As a condition inside the
    statement they were looked for again at each order.
    """
    keys = rows if isinstance(rows, list) else list(rows.order_by().values_list("pk", flat=True))
    expression = F(key) if isinstance(key, str) else key
    return Func(
        expression,
        Value(keys),
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY (",
        output_field=BooleanField(),
    )
