from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.article_search import ArticleSearch
from inventory.models import Article, Device
from orders.changes import why_closed, why_not_more
from orders.devices import why_not_free
from orders.draft_rows import Hit, hits_of, warehouses_of
from orders.forms.lines import LineForm, form_id_of
from orders.functions import act_functions
from orders.looks import note_orders
from orders.models import Order
from orders.operations.adding import add_to_order
from orders.operations.changing import OrderCannotBeChanged
from orders.operations.editing import LineRefused
from orders.operations.locking import OrderHasChanged
from orders.reading import read_lines
from orders.views.change import changeable
from orders.views.drafts import version_of
from orders.views.head import head_of
from parties.looks import Act
from parties.requests import UserRequest

NEXT = "Det som finns reserveras när du lägger till det. Resten restnoteras."


@require_http_methods(["GET", "HEAD", "POST"])
def order_add(request: UserRequest, pk: int) -> HttpResponse:
    """*Lägg till artikel* on a registered order: search (GET), add a hit (POST)."""
    order = changeable(request, pk)
    if order.is_draft:
        return redirect(order)
    page = AddPage(request, order)
    if request.method != "POST":
        if why_not := why_closed(order) or why_not_more(order, page.lines, by=request.user):
            messages.info(request, why_not)
            return redirect(order)
        return page.answer()
    number = request.POST.get("article", "").replace("\0", "").strip()[:20]
    article = Article.objects.filter(number=number).first()
    if article is None:
        return page.answer(refusal=f"Artikel {number} finns inte." if number else "Välj en artikel.", status=422)
    form = page.refused = page.form_for(article, data=request.POST)
    if not form.is_valid():
        return page.answer(status=422)
    try:
        add(request, order, form)
    except LineRefused as error:
        form.refuse(error.message, error.field)
        return page.answer(status=422)
    except (OrderHasChanged, OrderCannotBeChanged) as error:
        return AddPage(request, changeable(request, pk)).answer(refusal=str(error), status=409)
    note_orders(request, order, Act.SAVE)
    messages.success(request, f"{article} är tillagd.")
    return redirect("order_change", pk=order.pk)


def add(request: UserRequest, order: Order, form: LineForm) -> None:
    version = version_of(request)
    add_to_order(
        order_id=order.pk,
        version=-1 if version is None else version,  # a page always shows one
        article=form.article,
        quantity=form.cleaned_data["quantity"],
        device=form.cleaned_data.get("device"),
        by=request.user,
        at=timezone.now(),
    )


class AddPage:
    """What was searched for, and the hit that was refused."""

    def __init__(self, request: UserRequest, order: Order) -> None:
        self.request, self.order = request, order
        self.lines = read_lines(order)
        self.warehouses = warehouses_of(order)
        self.search = ArticleSearch(request.GET, warehouses=self.warehouses, sender=order.sender)
        self.refused: LineForm | None = None

    def form_for(self, article: Article, *, data: QueryDict | None = None) -> LineForm:
        """The form at one hit, with the devices that are free."""
        (hit,) = hits_of(self.order, [article], warehouses=self.warehouses)
        return self._form(article, list(hit.devices), data)

    def _form(self, article: Article, devices: list[Device], data: QueryDict | None = None) -> LineForm:
        asked = self.search.device
        named = asked if asked and asked.article_id == article.pk else None
        return LineForm(
            data,
            article=article,
            devices=devices,
            must_choose=self.order.subtype.is_direct,
            form_id=form_id_of(article),
            named=named,
            why_not=why_not_free(named, self.order.sender) if named else "",
        )

    def answer(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        """The whole page, or for htmx the hits."""
        found = list(self.search.hits)
        if self.refused and self.refused.article not in found:
            found.insert(0, self.refused.article)
        here = reverse("order_add", args=[self.order.pk])
        context = {
            "order": self.order,
            "version": self.order.version,
            "here": here,
            "search": self.search,
            "query": self.search.query,
            "post_to": here + self.search.query,
            "hits": self._hits(found),
            "has_numbered_hits": any(article.is_numbered for article in found),
            "refusal": refusal,
        }
        if self.request.htmx:
            return render(self.request, "orders/add.html#hits", context, status=status)
        return render(self.request, "orders/add.html", context | self._frame(), status=status)

    def _hits(self, found: list[Article]) -> list[dict[str, object]]:
        hits = hits_of(self.order, found, warehouses=self.warehouses)
        return [{"hit": hit, "form": self._form_at(hit)} for hit in hits]

    def _form_at(self, hit: Hit) -> LineForm | None:
        """None where nothing has been filled in: such a row is written without a form."""
        if self.refused and self.refused.article == hit.article:
            return self.refused
        device = self.search.device
        return self._form(hit.article, [*hit.devices]) if device and device.article_id == hit.article.pk else None

    def _frame(self) -> dict[str, object]:
        back = reverse("order_change", args=[self.order.pk])
        return head_of(self.request, self.order) | {
            "functions": act_functions(
                "Sök", form="search", back=back, back_label="Tillbaka till ändringen", next_text=NEXT
            ),
        }
