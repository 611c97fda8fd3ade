"""The third step of the wizard, *Orderrader*: search, add, change, remove. Each act changes its part of the page."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from inventory.models import Article
from inventory.search import exact_article
from orders.forms.lines import LineForm
from orders.models import Order
from orders.operations.drafting import DraftHasChanged
from orders.operations.editing import LineRefused, add_line, change_line, remove_line
from orders.reading import FOR_SEARCH
from parties.requests import UserRequest

from .drafts import draft_view, version_of, visible_order
from .lines_page import LinesPage


@require_http_methods(["GET", "HEAD", "POST"])
def order_lines(request: UserRequest, pk: int) -> HttpResponse:
    """The search and the lines. With each letter typed the hits alone are asked for, and less of the order."""
    view = search_hits if request.htmx and request.method != "POST" else search_and_lines
    return view(request, pk=pk)


@partial(draft_view, reader=FOR_SEARCH)
def search_hits(request: UserRequest, order: Order) -> HttpResponse:
    return LinesPage(request, order).answer("hits")


@draft_view
def search_and_lines(request: UserRequest, order: Order) -> HttpResponse:
    """A POST adds an article, from a hit or by Enter on an exact number."""
    page = LinesPage(request, order)
    if request.method != "POST":
        return page.answer("hits")
    if "article" not in request.POST:
        return add_exact(request, page)
    number = request.POST["article"].replace("\0", "").strip()[:20]
    article = Article.objects.filter(number=number).first()
    if article is None:
        page.refusal = f"Artikel {number} finns inte."
        return page.answer("work", status=422)
    return add(request, page, page.form_for(article, data=request.POST))


def add_exact(request: UserRequest, page: LinesPage) -> HttpResponse:
    """Enter in the search box: the one article that the text names is added; otherwise the hits are shown."""
    page.search_for(request.POST)
    article = exact_article(page.search.text)
    if article is None:
        return page.answer("work") if request.htmx else redirect(page.url)
    data = request.POST.copy()
    data["quantity"] = "1"
    if device := page.search.device:
        data["device"] = device.number
    return add(request, page, page.form_for(article, data=data))


def add(request: UserRequest, page: LinesPage, form: LineForm) -> HttpResponse:
    if not form.is_valid():
        return page.refuse(form)
    try:
        add_line(
            order_id=page.order.pk,
            article=form.article,
            quantity=form.cleaned_data["quantity"],
            device=form.cleaned_data.get("device"),
            on=timezone.localdate(),
        )
    except LineRefused as error:
        form.refuse(str(error), error.field)
        return page.refuse(form)
    page.start_over()
    return done(request, page)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def order_line(request: UserRequest, order: Order, line_pk: int) -> HttpResponse:
    """*Ändra* opens a row (GET), *Uppdatera* saves it (POST)."""
    line = get_object_or_404(order.lines.select_related("article", "device"), pk=line_pk)
    page = LinesPage(request, order)
    page.edit(line, data=request.POST if request.method == "POST" else None)
    form = page.edit_form
    assert form is not None
    if request.method != "POST":
        return page.answer("lines")
    if not form.is_valid():
        return page.answer("work", status=422)
    try:
        change_line(
            order_id=order.pk,
            line_id=line.pk,
            version=version_of(request),
            quantity=form.cleaned_data["quantity"],
            device=form.cleaned_data.get("device"),
            on=timezone.localdate(),
        )
    except LineRefused as error:
        form.refuse(str(error), error.field)
        return page.answer("work", status=422)
    except DraftHasChanged as error:
        form.add_error(None, str(error))
        return page.answer("work", status=422)
    return done(request, page)


@require_POST
@draft_view
def order_line_remove(request: UserRequest, order: Order, line_pk: int) -> HttpResponse:
    """*Ta bort* a row; one that is gone already is no error."""
    remove_line(order_id=order.pk, line_id=line_pk)
    return done(request, LinesPage(request, order))


def done(request: UserRequest, page: LinesPage) -> HttpResponse:
    """The changed part, or the whole page again by its own address."""
    if not request.htmx:
        return redirect(page.url)
    fresh = LinesPage(request, visible_order(request, page.order.pk))
    fresh.search = page.search
    return fresh.answer("work")
