"""What a page with the search box for articles shows: the hits, how the text was understood, and what hides others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from parties.models import Party

from .forms.articles import NARROWING, ArticleSearchForm, Store
from .iso_tree import CODE_LENGTHS, IsoBranch, iso_tree
from .models import Article, Device, IsoGroup, Warehouse
from .search import ArticleFilter, Found, find_articles, search_articles
from .search_words import nearest_words, plain, words_of

MOST_HITS = 20
MOST_HIDDEN = 100


@dataclass(frozen=True, slots=True)
class OtherSearch:
    """Another search that finds something: what it is called, how many it finds (`100+`), and its address."""

    words: str
    count: str
    query: str


class ArticleSearch:
    """One search from the form's data; each answer is asked for when the page shows it.

    What has pages asks for `most=None`: all that were compared.
    """

    def __init__(
        self,
        data: QueryDict,
        *,
        warehouses: Sequence[Warehouse | Store],
        sender: Warehouse | None = None,
        most: int | None = MOST_HITS + 1,
    ) -> None:
        self.sender, self.most = sender, most
        self.form = ArticleSearchForm(data, warehouses=warehouses)
        self.is_valid = self.form.is_valid()
        self.text = self.form.text

    @property
    def is_asked(self) -> bool:
        return self.is_valid and bool(self.text.strip() or self.form.is_narrowed)

    @property
    def query(self) -> str:
        """The search as it stands in the address, with its question mark; empty without a search."""
        return self.query_with()

    def query_with(self, **changes: str | None) -> str:
        """The same with some of it changed, or taken away (None)."""
        query = QueryDict(mutable=True)
        kept = {name: value for name, value in self.form.data.items() if name in self.form.fields}
        query.update({name: value for name, value in (kept | changes).items() if value})
        return f"?{query.urlencode()}" if query else ""

    @cached_property
    def found(self) -> Found:
        if not self.is_asked:
            return Found(articles=Article.objects.none())
        return find_articles(self.text, only=self.form.only, sender=self.sender, most=self.most)

    @cached_property
    def _first(self) -> list[Article]:
        return self.found.first(MOST_HITS + 1)

    def show(self, articles: Sequence[Article]) -> None:
        """The page has fetched what it shows: what is said about the hits is said about these."""
        self._first = list(articles)

    @property
    def hits(self) -> list[Article]:
        return self._first[:MOST_HITS]

    @property
    def has_more(self) -> bool:
        return len(self._first) > MOST_HITS

    @property
    def device(self) -> Device | None:
        """The device whose number was searched for."""
        return self.found.device

    @property
    def exact(self) -> Article | None:
        """The only article that the text names: by its number, a code, or a device."""
        first = self.hits[0] if self.hits else None
        if first and (
            first.number.lower() == self.text.strip().lower() or (self.found.is_named and len(self.hits) == 1)
        ):
            return first
        return None

    @cached_property
    def instead(self) -> dict[str, str]:
        """Words that no article has, as they were typed, and what was looked for in their place."""
        return {
            typed: _spelled(self.found.instead[word], self.hits)
            for typed, word in self._typed
            if word in self.found.instead
        }

    @cached_property
    def suggestion(self) -> OtherSearch | None:
        """*Menade du*: the nearest spelling, if something would be found by it; if need be, without the filters."""
        if self.hits or not self.is_asked:
            return None
        typed = self._typed
        near = nearest_words([word for _, word in typed])
        if not near:
            return None
        text = " ".join(near.get(word, word) for _, word in typed)
        filters: list[tuple[ArticleFilter, dict[str, None]]] = [
            (self.form.only, {}),
            (ArticleFilter(), dict.fromkeys(NARROWING)),
        ]
        for only, left_out in filters:
            if first := search_articles(text, only=only, limit=1):
                words = " ".join(_spelled([near[key]], first) if key in near else word for word, key in typed)
                return OtherSearch(words, "", self.query_with(sok=words, **left_out))
        return None

    @cached_property
    def hidden(self) -> list[OtherSearch]:
        """The filters that hide hits: how many each of them, and if none does alone, all together."""
        if self.hits or not self.is_asked:
            return []
        ways = []
        for name, (only, words) in self.form.loosened().items():
            if count := self._count(only):
                ways.append(OtherSearch(words, count, self.query_with(**{name: "on" if name == "sortiment" else None})))
        if not ways and (count := self._count(ArticleFilter(outside_assortment=True))):
            words = "utan filtren" if self.form.is_narrowed else "utanför sortimentet"
            ways.append(OtherSearch(words, count, self.query_with(**dict.fromkeys(NARROWING), sortiment="on")))
        return ways

    @cached_property
    def tree(self) -> list[IsoBranch]:
        """The ISO groups of what is found, if they are asked for."""
        if not (self.is_valid and self.form.cleaned_data["grupper"]):
            return []
        return iso_tree(self.text, only=self.form.only, address=lambda code: self.query_with(iso=code))

    @property
    def without_iso(self) -> str:
        return self.query_with(iso=None)

    def _count(self, only: ArticleFilter) -> str:
        """How many hits there would be; empty for none."""
        count = find_articles(self.text, only=only, most=MOST_HIDDEN + 1).count(most=MOST_HIDDEN + 1)
        return f"fler än {MOST_HIDDEN}" if count > MOST_HIDDEN else str(count or "")

    @property
    def _typed(self) -> list[tuple[str, str]]:
        """The words as they were typed, and plain."""
        return [(word.lower(), plain(word)) for word in words_of(self.text) if plain(word)]


def _spelled(words: Sequence[str], articles: Sequence[Article]) -> str:
    """The plain word as Swedish writes it: as it stands in one of the articles, or in what they are found by."""
    for text in _texts(articles):
        for written in re.findall(r"[^\W\d_]+", text):
            if plain(written) in words:
                return str(written.lower())
    return words[0]


def _texts(articles: Sequence[Article]) -> Iterator[str]:
    """Headings and suppliers are only asked for where no name has the word."""
    yield from (f"{article.name} {article.synonyms}" for article in articles)
    codes = {article.iso_code[:length] for article in articles for length in CODE_LENGTHS}
    yield from IsoGroup.objects.filter(code__in=codes).values_list("title", flat=True)
    suppliers = Party.objects.filter(pk__in={article.supplier_id for article in articles if article.supplier_id})
    yield from suppliers.values_list("name", flat=True)
