"""Finding people and organisations by words of their names and the beginning of their numbers, always by an index.

A word of three letters and more is looked for anywhere in the name, by the trigram index; a shorter one where a word
begins, which the same index finds. What is neither letter nor digit parts words and is never looked for itself.
"""

import re
from collections.abc import Iterable

from django.db.models import BooleanField, F, Field, Func, Q, Value

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
    array = Value(list(keys), output_field=Field())
    is_among = Func(F("pk"), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())
    return Q(is_among)
