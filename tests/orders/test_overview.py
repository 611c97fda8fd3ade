from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.models import AccessLogEntry, Act
from orders import chips
from orders.counts import counts_for
from orders.filters import registered_orders, show
from orders.models import CancelReason, Order, OrderState
from orders.operations.canceling import cancel_order
from orders.operations.delivering import deliver_order
from orders.order_columns import ORDERS_SHOWN
from orders.reading import read_orders
from orders.rows import order_rows
from orders.todo import waits_for
from parties.models import Patient, Protection, User
from tests.listing.reading import read_csv, read_xlsx
from tests.registered import World

URL = reverse("order_list")


def numbers(client: Client, query: str = "", **headers: str) -> list[str | None]:
    return [row.order.number for row in client.get(URL + query, follow=True, **headers).context["rows"]]  # type: ignore[arg-type]


def test_shows_the_municipalitys_orders_newest_first(client: Client, world: World) -> None:
    first, second = world.order("bestallning"), world.order("direktforskrivning")
    client.force_login(world.per)
    assert numbers(client) == [second.number, first.number]


def test_a_new_order_starts_here_for_whom_may_make_one(client: Client, world: World) -> None:
    client.force_login(world.per)
    assertContains(client.get(URL), '<a class="btn primary" href="/kundorder/ny/lagerflytt/">')
    client.force_login(world.anna)
    response = client.get(URL)
    assertContains(response, 'popovertarget="new-order"')
    for slug in ("bestallning", "forskrivning"):
        assertContains(response, f'<a class="btn" href="/kundorder/ny/{slug}/">')
    client.force_login(world.hakan)
    assertNotContains(client.get(URL), "Ny order")


def test_a_row_says_the_status_and_who_does_what(client: Client, world: World) -> None:
    order = world.order("direktforskrivning")
    client.force_login(world.anna)
    response = client.get(URL)
    assertContains(response, "Utleverans saknas")
    assertContains(response, "Du lämnar ut")
    assertContains(response, "Astrid F., 1931")
    assertContains(response, reverse("order_deliver", args=[order.pk]))
    assertContains(response, "1 order saknar utleverans.")


def test_a_protected_patient_is_never_named(client: Client, world: World) -> None:
    world.patient.protection = Protection.PROTECTED
    world.patient.save(update_fields=["protection"])
    world.order("forskrivning")
    client.force_login(world.anna)
    response = client.get(URL)
    assertContains(response, "Skyddade uppgifter")
    for hidden in ("Astrid", "Fröding", "1931"):
        assertNotContains(response, hidden)
    assert numbers(client, "?sok=Fröding") == []
    assert len(numbers(client, "?sok=19311104-9809")) == 1


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


def test_needs_the_right_to_see_orders(client: Client, world: World) -> None:
    reviewer = User.objects.create_user("logg01", name="Lotta Gren")
    client.force_login(reviewer)
    assert client.get(URL).status_code == 403


def test_shows_nothing_of_another_municipality(client: Client, world: World) -> None:
    world.order("bestallning")
    client.force_login(world.other_prescriber)
    assert numbers(client) == []
    assertContains(client.get(URL), "Inga ordrar än")


def test_the_central_service_sees_what_concerns_warehouse_10(client: Client, world: World) -> None:
    central, _ = world.order("lagerflytt"), world.order("direktbestallning")
    client.force_login(world.hakan)
    assert numbers(client) == [central.number]


def test_is_read_and_searched(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert client.put(URL).status_code == 405
    assertRedirects(client.post(URL), URL)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?visa=att-gora", {"direktforskrivning"}),
        ("?visa=mina", {"direktforskrivning", "bestallning", "forskrivning"}),
        ("?visa=restorder", {"forskrivning"}),
        ("?visa=utan-utleverans", {"direktforskrivning"}),
        ("?typ=F", {"direktforskrivning", "forskrivning"}),
        ("?undertyp=bestallning", {"bestallning"}),
        ("?status=CANCELED", {"lagerflytt"}),
        ("?lager=50101", {"direktforskrivning"}),
        ("?fran=2099-01-01", set()),
        ("?till=2000-01-01", set()),
        ("?sok=björkbacken", {"bestallning"}),
        ("?sok=duschpall&typ=B", {"bestallning"}),
        ("?sok=14710&typ=B", {"bestallning"}),
        ("?sok=astrid&visa=restorder", {"forskrivning"}),
        ("?sok=000002", {"forskrivning"}),
    ],
)
def test_filters(client: Client, world: World, query: str, expected: set[str]) -> None:
    world.order("direktforskrivning")
    world.order("bestallning")
    world.order("forskrivning", quantity=30)
    gone = world.order("lagerflytt")
    cancel_order(order_id=gone.pk, reason=CancelReason.DUPLICATE, by=world.per, at=timezone.now())
    client.force_login(world.anna)
    assert {row.order.subtype.code for row in client.get(URL + query, follow=True).context["rows"]} == expected


def test_drafts_are_the_users_own(client: Client, world: World) -> None:
    world.begun("bestallning", by=world.lina)
    draft = world.begun("bestallning")
    client.force_login(world.anna)
    assert numbers(client) == []
    response = client.get(URL + "?visa=utkast")
    assert [row.order for row in response.context["rows"]] == [draft]


@pytest.mark.parametrize(
    "query",
    [
        "?efter=x",
        "?efter=-1",
        "?efter=99999999999999999999999999",
        "?efter=4711",
        "?visa=<b>",
        "?typ=Q",
        "?lager=%00",
        "?undertyp=zz",
        "?status=DRAFT",
        "?fran=2026-99-99",
        "?fran=2999-01-01",
        "?till=9999-12-31",
        "?fore=x",
        "?ordning=lager",
        "?format=pdf",
        "?sok=%00",
        "?sok=" + "x" * 10_000,
    ],
)
def test_values_that_make_no_sense_filter_nothing(client: Client, world: World, query: str) -> None:
    order = world.order("bestallning")
    client.force_login(world.anna)
    assert numbers(client, query) == [order.number]


def test_pages_by_key(client: Client, world: World) -> None:
    world.stock(world.central, world.chair, 100)
    orders = [world.order("bestallning", quantity=1) for _ in range(ORDERS_SHOWN + 2)]
    newest_first = [order.number for order in reversed(orders)]
    client.force_login(world.anna)
    first = client.get(URL)
    assert [row.order.number for row in first.context["rows"]] == newest_first[:ORDERS_SHOWN]
    world.order("bestallning", quantity=1)  # what comes in between does not shift the next page
    next_url = first.context["page"].next_url
    assert numbers(client, next_url) == newest_first[ORDERS_SHOWN:]
    back = client.get(URL + next_url).context["page"].previous_url
    assert numbers(client, back) == newest_first[:ORDERS_SHOWN]


@pytest.mark.parametrize("key", ["order", "typ", "status", "registrerad"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_sorts_by_its_heads_and_pages_in_that_order(client: Client, world: World, key: str, sign: str) -> None:
    world.stock(world.central, world.chair, 100)
    for kind in ("bestallning", "forskrivning", "lagerflytt") * 10:
        world.order(kind, quantity=1)
    cancel_order(order_id=Order.objects.all()[3].pk, reason=CancelReason.DUPLICATE, by=world.per, at=timezone.now())
    client.force_login(world.anna)
    fields = {"order": "number", "typ": "type", "status": "state", "registrerad": "registered_at"}
    first = client.get(f"{URL}?ordning={sign}{key}").context["page"]
    rest = client.get(URL + first.next_url).context["page"]
    values = [getattr(order, fields[key]) for order in (*first, *rest)]
    assert values == sorted(values, reverse=bool(sign))
    assert len({order.pk for order in (*first, *rest)}) == 30


class TestSaving:
    def rows(self, client: Client, format: str, query: str = "") -> list[list[Any]]:
        content = client.get(f"{URL}?format={format}{query}").getvalue()
        return read_csv(content) if format == "csv" else [list(row.values()) for row in read_xlsx(content)]

    @pytest.mark.parametrize("format", ["csv", "xlsx"])
    def test_saves_what_is_shown(self, client: Client, world: World, format: str) -> None:
        orders = [world.order(kind) for kind in ("bestallning", "forskrivning")]
        client.force_login(world.anna)
        head, *rows = self.rows(client, format, "&ordning=order")
        assert head == ["Order", "Typ", "Mottagare", "Lager", "Status", "Registrerad", "Beställare"]
        assert [row[:5] for row in rows] == [
            [orders[0].number, "Beställning", "01-05 Björkbacken", "10", "Registrerad"],
            [orders[1].number, "Förskrivning", "Astrid F., 1931", "10", "Registrerad"],
        ]
        assert [row[0] for row in self.rows(client, format, "&typ=F")[1:]] == [orders[1].number]

    def test_each_patient_is_in_the_log_before_the_row_leaves(self, client: Client, world: World) -> None:
        order = world.order("forskrivning")
        world.order("bestallning")
        client.force_login(world.anna)
        response = client.get(f"{URL}?format=csv")
        entry = AccessLogEntry.objects.get()
        assert (entry.patient, entry.act, entry.about, entry.route) == (
            world.patient,
            Act.EXPORT,
            order.number,
            "order_list",
        ), "nothing has been sent yet"
        response.close()

    def test_patients_are_for_those_who_may_see_them(self, client: Client, world: World) -> None:
        world.order("forskrivning")
        client.force_login(world.lina)
        assert [row[2] for row in self.rows(client, "csv")[1:]] == ["Patient"]
        client.force_login(world.anna)
        Patient.objects.update(protection=Protection.PROTECTED)
        assert [row[2] for row in self.rows(client, "csv")[1:]] == ["Skyddade uppgifter"]
        client.force_login(world.other_prescriber)
        assert self.rows(client, "csv")[1:] == []

    def test_many_rows_cost_a_statement_for_each_thousand(self, client: Client, world: World) -> None:
        for _ in range(3):
            world.order("forskrivning")
        client.force_login(world.anna)
        with CaptureQueriesContext(connection) as three:
            self.rows(client, "csv")
        world.order("forskrivning")
        with CaptureQueriesContext(connection) as four:
            self.rows(client, "csv")
        assert len(three) == len(four)


def test_a_chip_counts_no_further_than_it_shows(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chips, "COUNTED", 2)
    for _ in range(3):
        world.order("bestallning", quantity=1)
    client.force_login(world.anna)
    with CaptureQueriesContext(connection) as queries:
        assertContains(client.get(URL), "Mina <b>2+</b>")
    (counts,) = [query["sql"] for query in queries.captured_queries if "LIMIT 3" in query["sql"]]
    assert counts.count("LIMIT 3") == 4


def test_a_part_is_answered_to_htmx(client: Client, world: World) -> None:
    world.order("bestallning")
    client.force_login(world.anna)
    response = client.get(URL, headers={"HX-Request": "true"})
    assertContains(response, 'id="orders"')
    assertContains(response, 'hx-swap-oob="true"')
    assertNotContains(response, "<html")
    assert "HX-Request" in response["Vary"]
    assertContains(client.get(URL), "<html")


def test_asks_as_much_for_many_rows_as_for_one(client: Client, world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(URL)
        return len(queries)

    kinds = ("bestallning", "forskrivning", "lagerflytt", "direktbestallning", "direktforskrivning")
    world.stock(world.central, world.chair, 100)
    world.stock(world.store, world.chair, 100)
    for kind in kinds:
        world.order(kind, quantity=1)
    client.force_login(world.per)
    client.get(URL)
    before = statements()
    for _ in range(4):
        for kind in kinds:
            world.order(kind, quantity=1)
    assert statements() == before


VIEWERS = ["anna", "per", "lina", "hakan", "other_prescriber", "other_staff"]


@pytest.fixture
def in_all_states(world: World) -> World:
    for kind in ("bestallning", "forskrivning", "lagerflytt", "direktbestallning", "direktforskrivning"):
        world.order(kind, quantity=1)
    world.order("direktbestallning", by=world.lina, quantity=1)
    world.delivered_transfer(quantity=1)
    done = world.order("bestallning", quantity=1)
    deliver_order(order_id=done.pk, key=uuid4(), by=world.hakan, at=timezone.now())
    world.order("bestallning", quantity=99)
    world.order("bestallning", quantity=1)  # nothing left to reserve: nobody picks it
    held = world.order("bestallning", quantity=99)
    held.lines.update(reserved=1)
    Order.objects.filter(pk=held.pk).update(only_complete=True)
    return world


@pytest.mark.parametrize("name", VIEWERS)
def test_att_gora_and_the_words_agree(in_all_states: World, name: str) -> None:
    """`todo` filters and `next_actor` words are two ways to say the same thing."""
    viewer = User.objects.get(pk=getattr(in_all_states, name).pk)
    visible = registered_orders(viewer)
    rows = order_rows(read_orders(visible.values_list("pk", flat=True)), viewer=viewer)
    yours = {row.order for row in rows if row.act.is_yours}
    assert yours == set(visible.filter(waits_for(viewer)))
    assert not any(order.state == OrderState.DELIVERED for order in yours)


@pytest.mark.parametrize("hours", [0, 25])
@pytest.mark.parametrize("name", VIEWERS)
def test_the_chips_count_what_their_filters_list(in_all_states: World, name: str, hours: int) -> None:
    """The counts are plain SQL, the filters are not."""
    Order.objects.exclude(state=OrderState.DRAFT).update(registered_at=timezone.now() - timedelta(hours=hours))
    in_all_states.begun("bestallning")
    viewer = User.objects.get(pk=getattr(in_all_states, name).pk)
    orders = registered_orders(viewer)
    listed = [show(orders, what, viewer).count() for what in ("att-gora", "mina", "restorder", "utkast")]
    counts = counts_for(viewer, most=100)
    assert [counts.todo, counts.mine, counts.backorders, counts.drafts] == listed
    if name == "anna":
        assert all(listed)
