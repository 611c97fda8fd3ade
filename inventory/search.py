"""The search for articles, in one place: numbers, words in any order, synonyms, and a little tolerance for spelling."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Lower
from django.db.models.lookups import Transform

from .models import Article, Charging, Warehouse
from .models.article import ArticleKind

MAX_WORDS = 8
SIMILAR_ENOUGH = 0.45
LONG_ENOUGH = 4
ISO_IN_PARTS = re.compile(r"(?<!\S)(\d\d) (\d\d)(?: (\d\d))?(?!\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """*Avancerat sök*: each is left out when empty. `in_stock_in` asks for at least one unit available there."""

    kind: ArticleKind | None = None
    is_numbered: bool | None = None
    charging: Charging | None = None
    iso_prefix: str = ""
    in_stock_in: Warehouse | None = None


class Plain(Transform):
    """Lower case without accents: `Toaförhöjning` is found as `toaforhojning`."""

    function = "UNACCENT"
    lookup_name = "plain"

    def __init__(self, field: str) -> None:
        super().__init__(Lower(F(field)))


def search_articles(text: str, *, only: ArticleFilter | None = None, limit: int = 20) -> list[Article]:
    """Articles that fit the text, best first: the exact number, then numbers that begin so, names, synonyms.

    The text can be an article number, parts of words in any order, an ISO 9999 code with or without spaces, the
    supplier's number, a GTIN or the number of a device. Where nothing fits letter by letter, what is spelled alike is
    returned instead. Without text everything that passes the filter is returned.
    """
    articles = _filtered(Article.objects.all(), only or ArticleFilter())
    words = words_of(text)
    if not words:
        return list(articles.order_by("-is_orderable", "number")[:limit])
    found = articles.filter(_all_words(words)).alias(rank=_rank(words)).order_by("rank", "-is_orderable", "number")
    return list(found[:limit]) or _spelled_alike(articles, words, limit)


def exact_article(text: str) -> Article | None:
    """The one article that the text names: its number, its GTIN, or the number of one of its devices."""
    words = words_of(text)
    if len(words) != 1:
        return None
    (word,) = words
    named = Article.objects.filter(Q(number__iexact=word) | Q(gtin=word) | Q(devices__number__iexact=word)).distinct()
    found = list(named[:2])
    return found[0] if len(found) == 1 else None


def words_of(text: str) -> list[str]:
    """The words to look for; an ISO code written in parts (`09 12 18`) is one word."""
    joined = ISO_IN_PARTS.sub(lambda match: "".join(filter(None, match.groups())), " ".join(text.split()))
    return joined.split()[:MAX_WORDS]


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
    return articles.alias(plain_name=Plain("name"), plain_synonyms=Plain("synonyms"))


def _all_words(words: Sequence[str]) -> Q:
    wanted = Q()
    for word in words:
        plain = _plain(word)
        wanted &= (
            Q(plain_name__contains=plain)
            | Q(plain_synonyms__contains=plain)
            | Q(number__istartswith=word)
            | Q(supplier_number__istartswith=word)
            | Q(gtin=word)
            | Q(pk__in=Article.objects.filter(devices__number__iexact=word).values("pk"))
            | (Q(iso_code__startswith=word) if word.isdigit() and len(word) in (2, 4, 6) else Q())
        )
    return wanted


def _rank(words: Sequence[str]) -> Case:
    in_name = Q()
    for word in words:
        in_name &= Q(plain_name__contains=_plain(word))
    return Case(
        When(number__iexact=words[0], then=0),
        When(number__istartswith=words[0], then=1),
        When(in_name, plain_name__startswith=_plain(words[0]), then=2),
        When(in_name, then=3),
        default=4,
        output_field=IntegerField(),
    )


def _spelled_alike(articles: QuerySet[Article], words: Sequence[str], limit: int) -> list[Article]:
    """Every long word resembles one in the name or the synonyms (pg_trgm), and the short ones fit; nearest first."""
    long = [word for word in words if len(word) >= LONG_ENOUGH and word.isalpha()]
    if not long:
        return []
    everything = Concat("plain_name", Value(" "), "plain_synonyms")
    likeness = [TrigramWordSimilarity(_plain(word), everything) for word in long]
    found = articles.filter(_all_words([word for word in words if word not in long]))
    for number, likely in enumerate(likeness):
        found = found.alias(**{f"like_{number}": likely}).filter(**{f"like_{number}__gte": SIMILAR_ENOUGH})
    return list(found.order_by(likeness[0].desc(), "-is_orderable", "number")[:limit])


ACCENTS = str.maketrans("åäáàâöóòôéèêëüúùûïíøæ", "aaaaaooooeeeeuuuuiioa")


def _plain(word: str) -> str:
    """As `Plain` makes it in the database, for the letters that people type."""
    return word.lower().translate(ACCENTS)
