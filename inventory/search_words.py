"""What a typed word can mean in the articles: itself, its other forms, or the nearest spelling."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from biip import ParseError
from biip.gs1_messages import GS1Message

from parties.prepared import prepared

from .models import SearchWord

MAX_WORDS = 8
ISO_IN_PARTS = re.compile(r"(?<!\S)(\d\d) (\d\d)(?: (\d\d))?(?!\S)")
LONG_ENOUGH = 4  # shorter words have too little to resemble
LONGEST_WORD = 60  # as in SearchWord
NEAR_ENOUGH = 0.7
NEARLY_AS_NEAR = 0.05
FAR_ENOUGH = 0.6  # what is asked back ("Menade du …?") instead of taken for granted
UNLIKE_ASCII = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ł": "l"})  # as unaccent has them

# Forms and neighbors come from the small table of words, by its indexes; the articles are never compared.
MEANINGS = """
    SELECT asked.word, found.kind, found.word
    FROM unnest(%s::text[]) AS asked (word) CROSS JOIN LATERAL (
        (SELECT 'itself' AS kind, word FROM inventory_searchword WHERE word LIKE '%%' || asked.word || '%%' LIMIT 1)
        UNION ALL
        (SELECT 'form', word FROM inventory_searchword
            WHERE stem = coalesce((ts_lexize('swedish_stem', asked.word))[1], asked.word) LIMIT 10)
        UNION ALL
        (SELECT 'near', word FROM inventory_searchword
            WHERE word %% asked.word ORDER BY similarity(word, asked.word) DESC, word LIMIT 20)
    ) AS found
"""


def plain(text: str) -> str:
    """Lower case in ASCII letters, as `plain_text` makes it in the database; what has no such letter is left out."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(UNLIKE_ASCII))
    return letters.encode("ascii", "ignore").decode()


def words_of(text: str) -> list[str]:
    """The words to look for; an ISO code written in parts (`09 12 18`) is one word. Marks around words are nothing."""
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    joined = ISO_IN_PARTS.sub(lambda match: "".join(filter(None, match.groups())), clean)
    words = (re.sub(r"^[\W_]+|[\W_]+$", "", word) for word in joined.split())
    return [word for word in words if word][:MAX_WORDS]


@dataclass(frozen=True, slots=True)
class Understood:
    """What to look for, for each plain word; and `instead` for those that no article has, the nearest spellings."""

    of: Mapping[str, list[str]]
    instead: Mapping[str, list[str]]


def meanings_of(words: Sequence[str]) -> Understood:
    """Each word means itself and its other forms, else the nearest words; one statement.

    A word that resembles nothing means itself, and then finds nothing.
    """
    meanings, instead = {word: [word] for word in words}, dict[str, list[str]]()
    for word, by_kind in _kin_of(words).items():
        known = ([word] if by_kind["itself"] else []) + [form for form in by_kind["form"] if word not in form]
        if known:
            meanings[word] = known
        elif near := nearest(word, by_kind["near"]):
            meanings[word] = instead[word] = near
    return Understood(meanings, instead)


def nearest_words(words: Sequence[str]) -> dict[str, str]:
    """For each word that no article has the one that is spelled most like it, among those with the same first letter.

    For when nothing was found: it looks further than `meanings_of`, and takes longer.
    """
    unknown = [word for word, kin in _kin_of(words).items() if not kin["itself"]]
    near = {}
    for word in unknown:
        others = SearchWord.objects.filter(word__startswith=word[0]).values_list("word", flat=True)
        near[word] = get_close_matches(word, others, n=1, cutoff=FAR_ENOUGH)
    return {word: others[0] for word, others in near.items() if others}


def _kin_of(words: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """For each word that can resemble something: `itself` if some article has it, its `form`s, and words `near` it."""
    spelled = [word for word in dict.fromkeys(words) if word.isalpha() and LONG_ENOUGH <= len(word) <= LONGEST_WORD]
    found: dict[str, dict[str, list[str]]] = {word: {"itself": [], "form": [], "near": []} for word in spelled}
    if spelled:
        with prepared() as cursor:
            cursor.execute(MEANINGS, [spelled])
            for asked, kind, word in cursor.fetchall():
                found[asked][kind].append(word)
    return found


def nearest(word: str, candidates: Sequence[str]) -> list[str]:
    """Those that are spelled most like the word, best first; none if none is near."""
    likeness = {other: SequenceMatcher(None, word, other).ratio() for other in candidates}
    best = max(likeness.values(), default=0)
    if best < NEAR_ENOUGH:
        return []
    close = [other for other in candidates if likeness[other] >= max(best - NEARLY_AS_NEAR, NEAR_ENOUGH)]
    return sorted(close, key=lambda other: -likeness[other])


def gtins_of(text: str) -> list[str]:
    """The ways to write the GTIN in what a scanner gave: a GTIN, or a GS1 code with application identifier 01 or 02."""
    code = text.strip()
    if not (code.isascii() and 8 <= len(code) <= 100):
        return []
    digits = code if code.isdigit() and len(code) <= 14 else _gtin_in_gs1(code)
    return [digits.lstrip("0").zfill(length) for length in (8, 12, 13, 14) if digits.strip("0")]


def _gtin_in_gs1(code: str) -> str:
    try:
        message = (
            GS1Message.parse_hri(code) if code.startswith("(") else GS1Message.parse(re.sub(r"^\][A-Za-z]\d", "", code))
        )
    except ParseError:
        return ""
    found = message.element_strings.get(ai="01") or message.element_strings.get(ai="02")
    return found.value if found else ""
