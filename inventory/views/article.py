"""An article's own page: what it is, where it is, and what can be done with it."""

from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inventory import reading
from inventory.iso_tree import CODE_LENGTHS
from inventory.models import Article, Device, IsoGroup, StockLevel, Warehouse
from inventory.models.article import ArticleKind
from inventory.queries import nearest_stores, substitutes_for
from inventory.search import ArticleFilter, search_articles
from inventory.search_words import words_of
from parties.models import User
from parties.requests import UserRequest

MOST_SHOWN = 20
MOST_FOUND = 100  # parts, of which so many of each kind are shown


@require_safe
@permission_required("inventory.view_stocklevel", raise_exception=True)
def article_detail(request: UserRequest, number: str) -> HttpResponse:
    """One article, whether it is in the assortment or not; an unknown number is a 404."""
    articles = reading.WHOLE_ARTICLES.read("it.number = %s", [number.replace("\0", "")])
    if not articles:
        raise Http404
    (article,) = articles
    context = {
        "article": article,
        "iso_path": iso_path(article),
        "levels": levels_of(article, request.user),
        "devices": devices_of(article, request.user) if article.is_numbered else [],
        "most": MOST_SHOWN,
        "substitutes": substitutes(article),
        "instead": substitutes_for([article]).get(article.pk),
        "accessories": accessories(article),
    }
    return render(request, "inventory/article.html", context)


def iso_path(article: Article) -> list[tuple[str, str]]:
    """The groups that the article is in, from the widest: written code and heading."""
    codes = [article.iso_code[:length] for length in CODE_LENGTHS]
    titles = dict(IsoGroup.objects.filter(code__in=codes).values_list("code", "title"))
    return [(code, titles.get(code, "")) for code in codes]


def levels_of(article: Article, user: User) -> list[StockLevel]:
    """The balances that the user may see: own store and lager 10 first and always, the others that have something."""
    visible = StockLevel.objects.filter(article=article)
    if not user.is_central:
        visible = visible.filter(warehouse__in=Warehouse.objects.visible_to(user))
    nearest = nearest_stores(user)
    has_something = Q(on_hand__gt=0) | Q(incoming__gt=0) | Q(expected_on__isnull=False)
    shown = visible.filter(has_something | Q(warehouse__in=nearest))
    found = reading.LEVELS_OF_ARTICLE.chosen(shown, order='"warehouse".number')
    place = {warehouse.pk: order for order, warehouse in enumerate(nearest)}
    return sorted(found, key=lambda level: place.get(level.warehouse_id, len(place)))


def devices_of(article: Article, user: User) -> list[Device]:
    """The first that the user may know of, and one more if there are more."""
    visible = Device.objects.visible_to(user).filter(article=article).order_by("number")
    return reading.DEVICES.chosen(visible[: MOST_SHOWN + 1], order="it.number")


def substitutes(article: Article) -> QuerySet[Article] | list[Article]:
    """Others of its group that can be ordered."""
    if not article.substitution_group:
        return []
    same = Article.objects.filter(substitution_group=article.substitution_group, is_orderable=True, in_assortment=True)
    return same.exclude(pk=article.pk).order_by("number")[:MOST_SHOWN]


def accessories(article: Article) -> list[Article]:
    """Accessories and spare parts that name it: a main article is called by the first word of its name."""
    if article.kind != ArticleKind.MAIN:
        return []
    word = " ".join(words_of(article.name)[:1])
    found = search_articles(word, only=ArticleFilter(is_part=True), limit=MOST_FOUND) if word else []
    kinds = (ArticleKind.ACCESSORY, ArticleKind.SPARE)
    return [part for kind in kinds for part in [each for each in found if each.kind == kind][:MOST_SHOWN]]
