"""The search for articles, in one place: numbers, words in any order, synonyms, other forms, and misspelled words.

Everything is looked for in `Article.search_text`, by its trigram index. The database keeps that text (migration
`0011_search_rules`): a line with the plain name, one with number and synonyms, one with GTIN, supplier, ISO code and
headings. After copying articles in without triggers, run `SELECT refresh_search_text()`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable

from .models import Article, Charging, Device, StockLevel, Warehouse
from .models.article import ArticleKind
from .search_words import gtins_of, meanings_of, plain, words_of

type Meanings = Sequence[Sequence[str]]
"""For each word of the text what to look for, one of which must be there."""

TRIGRAM = 3  # letters; what is shorter must begin a word, else the index cannot find it
MOST_CANDIDATES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """*Avancerat sök*: each is left out when empty. `in_stock_in` asks for at least one unit available there."""

    kind: ArticleKind | None = None
    is_numbered: bool | None = None
    charging: Charging | None = None
    iso_prefix: str = ""
    in_stock_in: Warehouse | None = None


def search_articles(
    text: str, *, only: ArticleFilter | None = None, sender: Warehouse | None = None, limit: int = 20
) -> list[Article]:
    """Articles that fit the text: the exact number, then what the sender has available, then the best match.

    The text can be an article number, parts of words in any order, an ISO 9999 code with or without spaces or a word
    of its heading, the supplier's name or number, a GTIN or a GS1 code, or the number of a device. A word that no
    article has is taken as the nearest words that some have. Without text everything that passes is returned.
    """
    articles = _filtered(Article.objects.all(), only or ArticleFilter())
    if not text.strip():
        return list(articles.order_by("-is_orderable", "number")[:limit])
    words = [word for word in map(plain, words_of(text)) if word]
    if not words:
        return []
    if named := _named(text):
        return list(articles.filter(pk__in=named).order_by("number")[:limit])
    understood = meanings_of(words)
    meanings = [understood[word] for word in words]
    found = _ranked(_fitting(articles, meanings), words, meanings)
    here = StockLevel.objects.filter(article=OuterRef("pk"), warehouse=sender, available__gt=0)
    order: list[str | Combinable] = [
        "is_exact",
        *([Exists(here).desc()] if sender else []),
        "rank",
        "-is_orderable",
        "is_part",
        "number",
    ]
    return list(found.order_by(*order)[:limit])


def exact_article(text: str) -> Article | None:
    """The one article that the text names: its number, its GTIN, or the number of one of its devices."""
    words = words_of(text)
    if len(words) != 1:
        return None
    (word,) = words
    named = Article.objects.filter(Q(number__in={word, word.upper()}) | Q(pk__in=_named(text)))
    found = list(named[:2])
    return found[0] if len(found) == 1 else None


def _named(text: str) -> list[int]:
    """The articles whose GTIN, device number or serial number the text is, and nothing else."""
    code = text.strip().replace("\0", "")
    if not any(letter.isdigit() for letter in code):
        return []
    gtins = gtins_of(code)
    found = list(Article.objects.filter(gtin__in=gtins).values_list("pk", flat=True)) if gtins else []
    if not found and " " not in code:
        written = {code, code.upper()}
        devices = Device.objects.filter(Q(number__in=written) | Q(serial_number__in=written))
        found = list(devices.values_list("article", flat=True)[:MOST_CANDIDATES])
    return found


def _filtered(articles: QuerySet[Article], only: ArticleFilter) -> QuerySet[Article]:
    if only.kind:
        articles = articles.filter(kind=only.kind)
    if only.is_numbered is not None:
        articles = articles.filter(is_numbered=only.is_numbered)
    if only.charging:
        articles = articles.filter(charging=only.charging)
    if only.iso_prefix:
        articles = articles.filter(iso_code__startswith=only.iso_prefix)
    if only.in_stock_in:
        articles = articles.filter(levels__warehouse=only.in_stock_in, levels__available__gt=0)
    return articles


def _fitting(articles: QuerySet[Article], meanings: Meanings) -> QuerySet[Article]:
    """Those with every word. Where all words are very short, the first that the index gives."""
    fitting = articles.filter(_all_in("search_text", meanings))
    if all(len(word) < TRIGRAM for words in meanings for word in words):
        return articles.filter(pk__in=fitting.values("pk")[:MOST_CANDIDATES])
    return fitting


def _ranked(found: QuerySet[Article], words: Sequence[str], meanings: Meanings) -> QuerySet[Article]:
    """With `is_exact` (0 is first), `rank` by where the words stand, and `is_part` for accessories and spare parts."""
    in_name = _all_in("name_line", meanings)
    whole, begins = Q(), Q()
    for word in (word for each in meanings for word in each):
        whole |= Q(name_line__startswith=f" {word} ") | Q(name_line=f" {word}")
        begins |= Q(name_line__startswith=f" {word}")
    return found.alias(name_line=_line(1), synonym_line=_line(2)).alias(
        is_exact=_first_of([Q(number__iexact=" ".join(words))]),
        rank=_first_of(
            [
                Q(number__istartswith=" ".join(words)),
                in_name & whole,
                in_name & begins,
                in_name,
                _all_in("synonym_line", meanings),
            ]
        ),
        is_part=_first_of([Q(kind=ArticleKind.MAIN)]),
    )


def _line(number: int) -> Func:
    return Func(F("search_text"), Value("\n"), Value(number), function="SPLIT_PART", output_field=TextField())


def _first_of(conditions: Iterable[Q]) -> Case:
    """The place of the first condition that holds, or the place after the last."""
    whens = [When(condition, then=place) for place, condition in enumerate(conditions)]
    return Case(*whens, default=len(whens), output_field=IntegerField())


def _all_in(field: str, meanings: Meanings) -> Q:
    wanted = Q()
    for words in meanings:
        one = Q()
        for word in words:
            begins = word.isdigit() or len(word) < TRIGRAM
            one |= Q(**{f"{field}__contains": f" {word}" if begins else word})
        wanted &= one
    return wanted
