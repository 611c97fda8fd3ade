"""A back order for which an equivalent article is taken instead."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Article
from orders.models import CancelReason, EventKind, Notice, Order, OrderLine, OrderState
from orders.operations.canceling import cancel_order
from orders.operations.delivering import Pick
from orders.operations.locking import OrderHasChanged
from orders.operations.substituting import equivalents_of, substitute_rest
from orders.operations.waiting import LineDoesNotWait, WayOutRefused
from orders.reconciling import differences
from parties.models import User
from tests.factories import ArticleFactory
from tests.fixtures import Town, build_town
from tests.racing import race, split


@pytest.fixture
def stool(town: Town) -> Article:
    return make_stool(town)


def make_stool(town: Town) -> Article:
    """Another that can stand in for the shower stool; five are in warehouse 10."""
    Article.objects.filter(pk=town.chair.pk).update(substitution_group="Duschpall")
    town.chair.refresh_from_db()
    stool = ArticleFactory.create(number="14715", name="Duschpall fyrkantig", substitution_group="Duschpall")
    town.stock(town.central, stool, 5)
    return stool


def substitute(
    town: Town, order: Order, article: Article, quantity: int, *, version: int | None = None, by: User | None = None
) -> OrderLine:
    order.refresh_from_db()
    return substitute_rest(
        order_id=order.pk,
        line_id=order.lines.get(article=town.chair).pk,
        version=order.version if version is None else version,
        article=article,
        quantity=quantity,
        by=by or town.lina,
        at=town.now(),
    )


def test_the_equivalent_is_reserved_on_a_line_of_its_own(town: Town, stool: Article) -> None:
    town.stock(town.central, town.chair, 1)
    order = town.register("bestallning", {town.chair: 3})
    instead = substitute(town, order, stool, 2)
    line = town.line(order, town.chair)
    assert (instead.article, instead.quantity, instead.reserved, instead.substitutes) == (stool, 2, 2, line)
    assert (line.reserved, line.canceled, line.backordered) == (1, 2, 0)
    assert town.level(town.central, stool) == (5, 2, 0)
    order.refresh_from_db()
    assert order.state == OrderState.REGISTERED
    event = order.events.latest("pk")
    assert (event.kind, event.detail) == (
        EventKind.SUBSTITUTED,
        "2 st 14710 Duschpall mot 14715 Duschpall fyrkantig",
    )
    assert differences() == []


def test_a_part_can_be_substituted_and_the_other_part_waits_on(town: Town, stool: Article) -> None:
    order = town.register("bestallning", {town.chair: 3})
    substitute(town, order, stool, 1)
    assert town.line(order, town.chair).backordered == 2


def test_an_article_that_is_on_the_order_already_gets_more(town: Town, stool: Article) -> None:
    order = town.register("bestallning", {town.chair: 2, stool: 1})
    instead = substitute(town, order, stool, 2)
    assert (order.lines.count(), instead.quantity, instead.reserved) == (2, 3, 3)
    assert instead.substitutes == town.line(order, town.chair)
    assert differences() == []


def test_an_article_that_is_being_picked_gets_no_more(town: Town, stool: Article) -> None:
    order = town.register("bestallning", {town.chair: 2, stool: 1})
    order.lines.filter(article=stool).update(claimed_by=town.hakan, claimed_at=town.now())
    with pytest.raises(WayOutRefused, match="plockas just nu"):
        substitute(town, order, stool, 2)


def test_after_a_part_was_delivered_the_rest_can_be_substituted(town: Town, stool: Article) -> None:
    town.stock(town.central, town.chair, 1)
    order = town.register("bestallning", {town.chair: 3})
    town.deliver(order, [Pick(line_id=town.line(order).pk, quantity=1)])
    substitute(town, order, stool, 2)
    order.refresh_from_db()
    assert order.state == OrderState.PARTLY_DELIVERED
    town.deliver(order)
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED
    assert differences() == []


def test_who_ordered_is_told_what_a_colleague_chose(town: Town, stool: Article) -> None:
    order = town.register("bestallning", {town.chair: 2})
    substitute(town, order, stool, 2, by=town.anna)
    assert [notice.user for notice in Notice.objects.all()] == [town.lina]


def test_the_same_page_again_changes_nothing(town: Town, stool: Article) -> None:
    order = town.register("bestallning", {town.chair: 3})
    version = order.version
    assert substitute(town, order, stool, 1, version=version) == substitute(town, order, stool, 1, version=version)
    assert town.line(order, stool).quantity == 1
    with pytest.raises(OrderHasChanged):
        substitute(town, order, stool, 1, version=version - 1)


def test_only_what_can_be_ordered_and_is_of_the_same_group_is_equivalent(town: Town, stool: Article) -> None:
    ArticleFactory.create(substitution_group="Duschpall", is_orderable=False)
    ArticleFactory.create(substitution_group="Rollator")
    ArticleFactory.create()
    assert list(equivalents_of(town.chair)) == [stool]
    assert list(equivalents_of(town.walker)) == []  # no group is not a group


def refused(town: Town, order: Order, article: Article, quantity: int, by: User | None = None) -> tuple[str, str]:
    with pytest.raises(WayOutRefused) as error:
        substitute(town, order, article, quantity, by=by)
    assert order.lines.count() == 1
    return error.value.field, str(error.value)


def test_what_cannot_be_is_refused(town: Town, stool: Article) -> None:
    order = town.register("bestallning", {town.chair: 9})
    assert refused(town, order, town.walker, 1) == ("article", "15121 Rollator kan inte ersätta 14710 Duschpall.")
    assert refused(town, order, town.chair, 1)[0] == "article"
    assert refused(town, order, stool, 10) == ("quantity", "Raden väntar på 9. Skriv ett antal från 1 till 9.")
    assert refused(town, order, stool, 0)[0] == "quantity"
    assert refused(town, order, stool, 6) == (
        "quantity",
        "Bara 5 av 14715 Duschpall fyrkantig finns i 10 Hjälpmedelsservice.",
    )


def test_the_prescriber_and_whoever_chooses_need_the_right(town: Town, stool: Article) -> None:
    order = town.register("forskrivning", {town.chair: 1})
    Article.objects.filter(pk=stool.pk).update(iso_code="181210")
    stool.refresh_from_db()
    field, words = refused(town, order, stool, 1, by=town.anna)
    assert field == "article"
    assert words.startswith("Anna Bergqvist har inte förskrivningsrätt för 14715 Duschpall fyrkantig (ISO 18 12 10).")
    town.anna.prescribing_rights.create(iso_prefix="18", valid_from="2020-01-01")
    assert refused(town, order, stool, 1, by=town.other_prescriber)[1].startswith("Johan Lund har inte")
    assert substitute(town, order, stool, 1, by=town.anna).reserved == 1


def test_who_no_longer_waits_is_refused(town: Town, stool: Article) -> None:
    order = town.register("bestallning", {town.chair: 3})
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=town.lina, at=town.now())
    with pytest.raises(LineDoesNotWait, match="väntar inte längre"):
        substitute(town, order, stool, 1)


def statements(town: Town, stool: Article, lines: int) -> int:
    order = town.register("bestallning", {town.chair: 1} | {ArticleFactory.create(): 1 for _ in range(lines)})
    order.refresh_from_db()
    with CaptureQueriesContext(connection) as queries:
        substitute(town, order, stool, 1)
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines(town: Town, stool: Article) -> None:
    assert statements(town, stool, 2) == statements(town, stool, 15) <= 20


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_ten_orders_take_the_last_five(transactional_db: None) -> None:
    town = build_town()
    stool = make_stool(town)
    orders = [town.register("bestallning", {town.chair: 1}) for _ in range(10)]
    won, refusals = split(race([partial(substitute, town, order, stool, 1) for order in orders]), WayOutRefused)
    assert (len(won), len(refusals)) == (5, 5)
    assert town.level(town.central, stool) == (5, 5, 0)
    assert differences() == []
