"""The numbers on the overview's chips, and the words beside its rows: they agree with what the filters list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from orders import chips
from orders.counts import counts_for
from orders.filters import registered_orders, show
from orders.models import Order, OrderState, OrderSubtype
from orders.reading import read_orders
from orders.rows import order_rows
from orders.views import overview
from parties.models import User
from tests.registered import World

URL = reverse("order_list")
VIEWERS = ["anna", "per", "lina", "hakan", "other_prescriber", "other_staff"]


@pytest.mark.parametrize("hours", [0, 25])
@pytest.mark.parametrize("name", VIEWERS)
def test_att_gora_and_the_words_agree(in_all_states: World, name: str, hours: int) -> None:
    """`waits_for` in SQL and the words of `next_actor` are two ways to say the same thing.

    Also of what a municipal store picks for others, as where a kundordertyp was changed after the order.
    """
    picked = in_all_states.order("direktbestallning", quantity=1)
    Order.objects.filter(pk=picked.pk).update(subtype=OrderSubtype.objects.get(code="bestallning"))
    Order.objects.exclude(state=OrderState.DRAFT).update(registered_at=timezone.now() - timedelta(hours=hours))
    viewer = User.objects.get(pk=getattr(in_all_states, name).pk)
    visible = registered_orders(viewer)
    rows = order_rows(read_orders(visible.values_list("pk", flat=True)), viewer=viewer)
    yours = {row.order for row in rows if row.act.is_yours}
    assert yours == set(show(visible, "att-gora", viewer))
    assert not any(order.state == OrderState.DELIVERED for order in yours)


@pytest.mark.parametrize("hours", [0, 25])
@pytest.mark.parametrize("name", VIEWERS)
def test_the_chips_count_what_their_filters_list(in_all_states: World, name: str, hours: int) -> None:
    Order.objects.exclude(state=OrderState.DRAFT).update(registered_at=timezone.now() - timedelta(hours=hours))
    in_all_states.begun("bestallning")
    viewer = User.objects.get(pk=getattr(in_all_states, name).pk)
    orders = registered_orders(viewer)
    listed = [show(orders, what, viewer).count() for what in ("att-gora", "mina", "restorder", "utkast")]
    counts = counts_for(viewer, most=100, with_missing=True)
    assert [counts.todo, counts.mine, counts.backorders, counts.drafts] == listed
    missing = 0 if viewer.is_central else show(orders, "utan-utleverans", viewer).count()
    assert sum(counts.missing.values()) == missing
    if name == "anna":
        assert all(listed)


def test_a_chip_counts_no_further_than_it_shows(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chips, "COUNTED", 2)
    monkeypatch.setattr(overview, "COUNTED", 2)
    for _ in range(3):
        world.order("bestallning", quantity=1)
    client.force_login(world.anna)
    with CaptureQueriesContext(connection) as queries:
        assertContains(client.get(URL), "Mina <b>2+</b>")
    (counts,) = [query["sql"] for query in queries.captured_queries if "LIMIT 3" in query["sql"]]
    assert counts.count("LIMIT 3") == 4


@pytest.mark.parametrize(("shown", "total"), [("restorder", "över 20"), ("pagaende", "över 20"), ("", "26")])
def test_what_waits_is_counted_no_further_than_what_a_text_finds(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch, shown: str, total: str
) -> None:
    monkeypatch.setattr(overview, "MOST_FOUND", 20)
    for _ in range(26):
        world.order("bestallning", quantity=1000)
    client.force_login(world.hakan)
    assert str(client.get(URL, {"visa": shown}).context["page"].total) == total
