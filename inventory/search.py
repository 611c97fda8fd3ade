"""The search for articles, in one place: numbers, words in any order, synonyms, other forms, and misspelled words.

Everything is looked for in `Article.search_text`, by its trigram index. The database keeps that text (migration
`0011_search_rules`): a line with the plain name, one with number and synonyms, one with GTIN, supplier, ISO code and
headings. After copying articles in without triggers, run `SELECT refresh_search_text()`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import BooleanField, F, Field, Func, IntegerField, Q, QuerySet, Value

from parties.reading import Reader

from .models import Article, Charging, Device, Warehouse
from .models.article import ArticleKind
from .search_ranking import best_of, having
from .search_words import gtins_of, meanings_of, plain, words_of

ARTICLES = Reader(Article)
DEVICES = Reader(Device, "location", "location__warehouse")
IS_PART = Func(F("kind"), template=f"%(expressions)s <> '{ArticleKind.MAIN}'", output_field=BooleanField())
"""Written out and not bound, as the index of parts has it."""
MOST_NAMED = 500  # devices: of different articles, some can have the same serial number
NAMED = f"it.number = ANY(%s) OR it.serial_number = ANY(%s) LIMIT {MOST_NAMED}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """*Avancerat sök*: each is left out when empty. `in_stock_in` asks for at least one unit available there.

    `is_part` asks for accessories and spare parts. `suppliers` and `in_stock_in` are primary keys. What is outside the
    assortment is left out too, unless `outside_assortment`.
    """

    kind: ArticleKind | None = None
    is_part: bool = False
    is_numbered: bool | None = None
    charging: Charging | None = None
    iso_prefix: str = ""
    suppliers: Collection[int] | None = None
    in_stock_in: int | None = None
    outside_assortment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The articles, best first, and how the text was understood.

    `instead` says which words no article has, and what was looked for in their place. `is_named`: the text is a code
    that names them, perhaps the number of a `device`. `is_cut`: more have the words than were compared. `keys` are
    those that were, or as many as were asked for, best first; `articles` then have their `place`.
    """

    articles: QuerySet[Article]
    instead: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_named: bool = False
    device: Device | None = None
    is_cut: bool = False
    keys: Sequence[int] | None = None

    def first(self, count: int) -> list[Article]:
        if self.keys is None:
            return list(self.articles[:count])
        return ARTICLES.in_order(self.keys[:count])

    def count(self, *, most: int) -> int:
        """How many there are, counted no further than `most`."""
        if self.keys is not None:
            return min(len(self.keys), most)
        return self.articles.order_by()[:most].count()


def search_articles(
    text: str, *, only: ArticleFilter | None = None, sender: Warehouse | None = None, limit: int = 20
) -> list[Article]:
    """The first articles that fit the text; `find_articles` says which they are."""
    return find_articles(text, only=only, sender=sender, most=limit).first(limit)


def find_articles(
    text: str, *, only: ArticleFilter | None = None, sender: Warehouse | None = None, most: int | None = None
) -> Found:
    """Articles that fit the text: the exact number, then what the sender has available, then the best match.

    The text can be an article number, parts of words in any order, an ISO 9999 code with or without spaces or a word
    of its heading, the supplier's name or number, a GTIN or a GS1 code, or the number of a device. A word that no
    article has is taken as the nearest words that some have. Without text everything that passes is returned.
    Whoever names one article by its number, its code or a device is shown it outside the assortment too.
    `most` is for a page that shows no more than so many of them.
    """
    only = only or ArticleFilter()
    if not text.strip():
        return Found(articles=_filtered(only).order_by("number"))
    words = [word for word in map(plain, words_of(text)) if word]
    if not words:
        return Found(articles=Article.objects.none())
    if named := _named(text):
        articles = _filtered(only, any_assortment=True).filter(pk__in=named.articles)
        return Found(articles=articles.order_by("number"), is_named=True, device=named.device)
    understood = meanings_of(words)
    meanings = [understood.of[word] for word in words]
    named_too = _filtered(only, any_assortment=True)
    best = best_of(_filtered(only), words, meanings, sender=sender, besides=named_too, most=most)
    return Found(articles=_placed(best.keys), instead=understood.instead, is_cut=best.is_cut, keys=best.keys)


def _placed(keys: Sequence[int]) -> QuerySet[Article]:
    """These, each with its `place`. The keys are one value however many they are (an ArrayField looks at each)."""
    array = Value(list(keys), output_field=Field())
    place = Func(array, F("pk"), function="array_position", output_field=IntegerField())
    among = Func(F("pk"), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())
    return Article.objects.filter(Q(among)).annotate(place=place).order_by("place")


def articles_matching(text: str, *, is_seen: bool = False) -> QuerySet[Article]:
    """All that the text fits, in no order and inside the assortment or not: to narrow another list by.

    `is_seen` as in `having`.
    """
    if not text.strip():
        return Article.objects.none()
    return all_found(text, only=ArticleFilter(outside_assortment=True), is_seen=is_seen)


def all_found(text: str, *, only: ArticleFilter, is_seen: bool = False) -> QuerySet[Article]:
    """All that the text and the filters fit, in no order: to count."""
    if not text.strip():
        return _filtered(only)
    words = [word for word in map(plain, words_of(text)) if word]
    if not words:
        return Article.objects.none()
    if named := _named(text):
        return _filtered(only, any_assortment=True).filter(pk__in=named.articles)
    understood = meanings_of(words)
    return _filtered(only).filter(having([understood.of[word] for word in words], is_seen=is_seen))


def exact_article(text: str) -> Article | None:
    """The one article that the text names: its number, its GTIN, or the number of one of its devices."""
    words = words_of(text)
    if len(words) != 1:
        return None
    (word,) = words
    named = _named(text)
    articles = Article.objects.filter(Q(number__in={word, word.upper()}) | Q(pk__in=named.articles if named else []))
    found = list(articles[:2])
    return found[0] if len(found) == 1 else None


def named_device(text: str) -> Device | None:
    """The one device whose number or serial number the text is."""
    named = _named(text)
    return named.device if named else None


@dataclass(frozen=True, slots=True)
class _Named:
    articles: Sequence[int]
    device: Device | None = None


def _named(text: str) -> _Named | None:
    """The articles whose GTIN, device number or serial number the text is, and nothing else."""
    code = text.strip().replace("\0", "")
    if not any(letter.isdigit() for letter in code):
        return None
    gtins = gtins_of(code)
    if gtins and (found := list(Article.objects.filter(gtin__in=gtins).values_list("pk", flat=True))):
        return _Named(found)
    if " " in code:
        return None
    written = [code, code.upper()]
    devices = DEVICES.read(NAMED, [written, written])
    if not devices:
        return None
    return _Named([device.article_id for device in devices], devices[0] if len(devices) == 1 else None)


def _filtered(only: ArticleFilter, *, any_assortment: bool = False) -> QuerySet[Article]:
    articles = Article.objects.all()
    if not (only.outside_assortment or any_assortment):
        articles = articles.filter(in_assortment=True)
    if only.kind:
        articles = articles.filter(kind=only.kind)
    if only.is_part:
        articles = articles.filter(IS_PART)
    if only.is_numbered is not None:
        articles = articles.filter(is_numbered=only.is_numbered)
    if only.charging:
        articles = articles.filter(charging=only.charging)
    if only.iso_prefix:
        articles = articles.filter(iso_code__startswith=only.iso_prefix)
    if only.suppliers is not None:
        articles = articles.filter(supplier__in=only.suppliers)
    if only.in_stock_in:
        articles = articles.filter(levels__warehouse=only.in_stock_in, levels__available__gt=0)
    return articles
