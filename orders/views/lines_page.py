from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from inventory.models import Article
from inventory.search import exact_article, search_articles
from orders.draft_rows import Hit, devices_to_choose, draft_rows, hits_of
from orders.forms.lines import ArticleSearchForm, LineForm
from orders.looks import note_orders
from orders.models import Order, OrderLine
from orders.wizard import LINES, save_fields
from parties.looks import Act
from parties.requests import UserRequest

from .drafts import frame

TEMPLATE = "orders/wizard/lines.html"
MOST_HITS = 20


class LinesPage:
    """The page *Orderrader* and its parts: what was searched for, which row is open, what was refused."""

    def __init__(self, request: UserRequest, order: Order) -> None:
        self.request, self.order = request, order
        self.lines = list(order.lines.for_order_page())
        self.search = ArticleSearchForm(request.GET)
        self.search.is_valid()
        self.edited: OrderLine | None = None
        self.edit_form: LineForm | None = None
        self.refused: LineForm | None = None
        self.refusal = ""

    @property
    def query(self) -> str:
        """The search as it stands in the address, with its question mark; empty without a search."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.search.data.items() if value and name in self.search.fields})
        return f"?{query.urlencode()}" if query else ""

    @property
    def url(self) -> str:
        return reverse("order_lines", args=[self.order.pk]) + self.query

    def search_for(self, data: QueryDict) -> None:
        """Search for what stands in the form instead of in the address."""
        self.search = ArticleSearchForm(data)
        self.search.is_valid()

    def start_over(self) -> None:
        """An empty search box, ready for the next article; the filters stay."""
        data = QueryDict(mutable=True)
        data.update({name: value for name, value in self.search.data.items() if name != "sok"})
        self.search_for(data)

    def form_for(self, article: Article, *, data: QueryDict | None = None, hit: Hit | None = None) -> LineForm:
        """The form at one hit."""
        devices = hit.devices if hit else devices_to_choose(self.order, [article], self.lines).get(article.pk, [])
        return LineForm(
            data,
            article=article,
            devices=list(devices),
            must_choose=self.order.subtype.is_direct,
            form_id=f"add-{article.pk}",
        )

    def edit(self, line: OrderLine, *, data: QueryDict | None) -> None:
        """Open one row."""
        self.edited = line
        devices = devices_to_choose(self.order, [line.article], self.lines, editing=line).get(line.article_id, [])
        self.edit_form = LineForm(
            data,
            article=line.article,
            devices=devices,
            must_choose=self.order.subtype.is_direct,
            form_id="edit",
            initial={"quantity": line.quantity, "device": line.device.number if line.device else ""},
        )

    def refuse(self, form: LineForm) -> HttpResponse:
        """The row that was not added, with what is wrong and what was typed."""
        self.refused = form
        return self.answer("work", status=422)

    def answer(self, part: str, *, status: int = 200) -> HttpResponse:
        """The whole page, or for htmx the part that this act changes."""
        if not self.request.htmx:  # the parts do not say to whom
            note_orders(self.request, self.order, Act.DRAFT)
        template = f"{TEMPLATE}#{part}" if self.request.htmx else TEMPLATE
        return render(self.request, template, self._context(), status=status)

    def _context(self) -> dict[str, Any]:
        hits, has_more = self._hits()
        rows = draft_rows(self.order, self.lines)
        return frame(self.order, LINES, self.lines, viewer=self.request.user) | {
            "here": reverse("order_lines", args=[self.order.pk]),
            "search": self.search,
            "query": self.query,
            "asked": self._is_asked(),
            "hits": [{"hit": hit, "form": self._form_at(hit)} for hit in hits],
            "has_numbered_hits": any(hit.article.is_numbered for hit in hits),
            "has_more": has_more,
            "hidden": 0 if hits else self._hidden(),
            "exact": self._exact(),
            "refusal": self.refusal,
            "rows": rows,
            "total": sum(line.quantity for line in self.lines),
            "has_devices": any(line.device_id for line in self.lines)
            or bool(self.edited and self.edited.article.is_numbered),
            "edited": self.edited,
            "edit_form": self.edit_form,
            "save_fields": save_fields(self.order),
        }

    def _is_asked(self) -> bool:
        return self.search.is_valid() and bool(self.search.text or self.search.is_narrowed)

    def _hits(self) -> tuple[list[Hit], bool]:
        """The hits, and whether there are more than are shown. A refused article is there whatever was searched."""
        found: list[Article] = []
        if self._is_asked():
            found = search_articles(
                self.search.text,
                only=self.search.only(self.order.sender),
                sender=self.order.sender,
                limit=MOST_HITS + 1,
            )
        has_more = len(found) > MOST_HITS
        found = found[:MOST_HITS]
        if self.refused and self.refused.article not in found:
            found.insert(0, self.refused.article)
        return hits_of(self.order, found, self.lines), has_more

    def _hidden(self) -> int:
        """How many articles the text finds without the filters of *Avancerat sök*, as far as a page shows."""
        if not (self._is_asked() and self.search.text and self.search.is_narrowed):
            return 0
        return len(search_articles(self.search.text, sender=self.order.sender, limit=MOST_HITS))

    def _form_at(self, hit: Hit) -> LineForm:
        if self.refused and self.refused.article == hit.article:
            return self.refused
        return self.form_for(hit.article, hit=hit)

    def _exact(self) -> int | None:
        """The article that the text names, so that the next Enter adds it without JavaScript too."""
        article = exact_article(self.search.text) if self._is_asked() else None
        return article.pk if article else None
