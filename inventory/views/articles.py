"""*Artiklar*: every article by the search box and *Avancerat sök*, as a page and as a file."""

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import reading
from inventory.article_search import ArticleSearch
from inventory.forms.articles import Store
from inventory.models import Article, Warehouse
from inventory.queries import balances_in, nearest_stores
from inventory.search import all_found
from listing import MOST_COUNTED, MOST_FOUND, Column, Listing
from parties.requests import UserRequest
from parties.sorting import swedish_order

PAGE_SIZE = 25


def _yes(value: bool) -> str:
    return "Ja" if value else "Nej"


COLUMNS: list[Column[Article]] = [
    Column(key="artikel", label="Artikel", order_by=["number"], value=lambda article: article.number),
    Column(key="benamning", label="Benämning", order_by=[swedish_order("name")], value=lambda article: article.name),
    Column(key="iso", label="ISO-kod", order_by=["iso_code"], value=lambda article: article.formatted_iso),
    Column(key="typ", label="Artikeltyp", value=lambda article: article.get_kind_display(), on_page=False),
    Column(key="individ", label="Individmärkt", value=lambda article: _yes(article.is_numbered), on_page=False),
    Column(
        key="debitering", label="Hyra eller köp", value=lambda article: article.get_charging_display(), on_page=False
    ),
    Column(
        key="sortiment", label="Ingår i sortiment", value=lambda article: _yes(article.in_assortment), on_page=False
    ),
    Column(key="bestallbar", label="Beställningsbar", value=lambda article: _yes(article.is_orderable), on_page=False),
    Column(
        key="leverantor",
        label="Leverantör",
        value=lambda article: str(article.supplier) if article.supplier else "",
    ),
    Column(key="levnr", label="Leverantörens nummer", value=lambda article: article.supplier_number, on_page=False),
    Column(key="gtin", label="GTIN", value=lambda article: article.gtin, on_page=False),
    Column(key="synonymer", label="Synonymer", value=lambda article: article.synonyms, on_page=False),
    Column(key="disponibelt", label="Disponibelt"),
]
ARTICLES: Listing[Article] = Listing(
    name="artiklar", default="artikel", columns=COLUMNS, page_size=PAGE_SIZE, read=reading.ARTICLES.in_order
)
HITS: Listing[Article] = Listing(
    name="artiklar",
    default="traff",
    page_size=PAGE_SIZE,
    read=reading.ARTICLES.in_order,
    columns=[*COLUMNS, Column(key="traff", label="Bästa träff", order_by=["place"], on_page=False)],
)
"""What a text finds has one order more: the best first."""


@require_safe
@permission_required("inventory.view_stocklevel", raise_exception=True)
def article_list(request: UserRequest) -> HttpResponseBase:
    """The articles of the assortment, or those that the search finds, with what the nearest stores have of each."""
    visible = Warehouse.objects.visible_to(request.user).order_by("number")
    warehouses = [Store(*row) for row in visible.values_list("pk", "number", "name")]
    search = ArticleSearch(request.GET, warehouses=warehouses, most=None)
    articles = shown(search)
    keys = search.found.keys if search.is_valid else None
    listing = ARTICLES if keys is None else HITS
    if file := listing.export(articles, request.GET, on=timezone.localdate()):
        return file
    most_counted = MOST_FOUND if search.is_asked else MOST_COUNTED
    page = listing.page(articles, request.GET, keys=keys, most_counted=most_counted, is_whole=not search.is_asked)
    search.show(page.rows)
    context = {
        "search": search,
        "page": page,
        "balances": balances_in(nearest_stores(request.user), page.rows),
    }
    if request.htmx:
        return render(request, "inventory/articles.html#hits", context)
    return render(request, "inventory/articles.html", context)


def shown(search: ArticleSearch) -> QuerySet[Article]:
    """Nothing for a search that makes no sense: what is wrong is said at its field."""
    if not search.is_valid:
        return Article.objects.none()
    if search.text.strip():
        return search.found.articles
    return all_found("", only=search.form.only)
