from functools import cached_property
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from inventory.article_search import ArticleSearch
from inventory.models import Article
from orders.devices import why_not_free
from orders.draft_rows import Hit, devices_to_choose, draft_rows, hits_of, warehouses_of
from orders.forms.lines import LineForm, form_id_of
from orders.looks import note_orders
from orders.models import Order, OrderLine
from orders.reading import read_lines
from orders.wizard import LINES, save_fields
from parties.looks import Act
from parties.requests import UserRequest

from .drafts import frame

TEMPLATE = "orders/wizard/lines.html"


class LinesPage:
    """The page *Orderrader* and its parts: what was searched for, which row is open, what was refused."""

    def __init__(self, request: UserRequest, order: Order) -> None:
        self.request, self.order = request, order
        self.warehouses = warehouses_of(order)
        self.search_for(request.GET)
        self.edited: OrderLine | None = None
        self.edit_form: LineForm | None = None
        self.refused: LineForm | None = None
        self.refusal = ""

    @cached_property
    def lines(self) -> list[OrderLine]:
        return read_lines(self.order)

    @property
    def url(self) -> str:
        return reverse("order_lines", args=[self.order.pk]) + self.search.query

    def search_for(self, data: QueryDict) -> None:
        """Search for what stands in the form instead of in the address."""
        self.search = ArticleSearch(data, warehouses=self.warehouses, sender=self.order.sender)

    def start_over(self) -> None:
        """An empty search box, ready for the next article; the filters stay."""
        self.search_for(QueryDict(self.search.query_with(sok=None).removeprefix("?")))

    def form_for(self, article: Article, *, data: QueryDict | None = None, hit: Hit | None = None) -> LineForm:
        """The form at one hit: what was sent, or with the device that was searched for."""
        device = self.search.device
        named = device if device and device.article_id == article.pk else None
        devices = hit.devices if hit else devices_to_choose(self.order, [article]).get(article.pk, [])
        return LineForm(
            data,
            article=article,
            devices=list(devices),
            must_choose=self.order.subtype.is_direct,
            form_id=form_id_of(article),
            named=named,
            why_not=why_not_free(named, self.order.sender) if named else "",
        )

    def edit(self, line: OrderLine, *, data: QueryDict | None) -> None:
        """Open one row."""
        self.edited = line
        devices = devices_to_choose(self.order, [line.article], editing=line).get(line.article_id, [])
        self.edit_form = LineForm(
            data,
            article=line.article,
            devices=list(devices),
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
            return render(self.request, TEMPLATE, self._hits_context() | self._lines_context(), status=status)
        context = self._hits_context() if part == "hits" else self._hits_context() | self._lines_context()
        return render(self.request, f"{TEMPLATE}#{part}", context, status=status)

    def _hits_context(self) -> dict[str, Any]:
        """All that the hits say, who change with each letter typed."""
        hits = self._hits()
        here = reverse("order_lines", args=[self.order.pk])
        return {
            "here": here,
            "search": self.search,
            "query": self.search.query,
            "post_to": here + self.search.query,
            "hits": [{"hit": hit, "form": self._form_at(hit)} for hit in hits],
            "has_numbered_hits": any(hit.article.is_numbered for hit in hits),
            "exact": self.search.exact,
            "refusal": self.refusal,
        }

    def _lines_context(self) -> dict[str, Any]:
        """The lines, and the frame around both."""
        return frame(self.order, LINES, self.lines, viewer=self.request.user) | {
            "rows": draft_rows(self.order, self.lines),
            "total": sum(line.quantity for line in self.lines),
            "has_devices": any(line.article.is_numbered for line in self.lines),
            "edited": self.edited,
            "edit_form": self.edit_form,
            "save_fields": save_fields(self.order),
        }

    def _hits(self) -> list[Hit]:
        """A refused article is among the hits whatever was searched."""
        found = list(self.search.hits)
        if self.refused and self.refused.article not in found:
            found.insert(0, self.refused.article)
        return hits_of(self.order, found, warehouses=self.warehouses)

    def _form_at(self, hit: Hit) -> LineForm | None:
        """None where nothing has been filled in: such a row is written without a form."""
        if self.refused and self.refused.article == hit.article:
            return self.refused
        device = self.search.device
        return self.form_for(hit.article, hit=hit) if device and device.article_id == hit.article.pk else None
