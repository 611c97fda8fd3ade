from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Warehouse
from orders.models import CancelReason, Order, OrderSubtype
from orders.operations.canceling import cancel_order
from orders.order_columns import ORDERS_SHOWN
from parties.models import Party, Protection, User
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


@pytest.mark.parametrize("page", ["home", "order_list"])
def test_names_are_text_and_not_markup(client: Client, world: World, page: str) -> None:
    """The rows are put together without a template, which would escape by itself."""
    world.delivered_transfer(1)  # waits for the municipality, which is named
    world.order("bestallning", quantity=1)
    for kind in (Party, OrderSubtype, Warehouse):
        kind._default_manager.update(name=Concat(Value("<i>"), "name"))
    client.force_login(world.hakan)
    html = client.get(reverse(page)).content.decode()
    assert "<i>" not in html
    for name in (world.unit.name, world.rehab.name.removesuffix(" kommun Rehabenhet"), "Beställning"):
        assert f"&lt;i&gt;{name}" in html


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
    offered = [code for code, _ in client.get(URL).context["form"].fields["undertyp"].choices]
    assert "lagerflytt" in offered
    assert "direktbestallning" not in offered
    assert numbers(client, "?undertyp=direktbestallning") == [central.number]


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


@pytest.mark.parametrize("key", ["order", "typ", "mottagare", "lager", "status", "registrerad"])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("view", ["", "pagaende"])
def test_sorts_by_its_heads_and_pages_in_that_order(
    client: Client, world: World, key: str, sign: str, view: str
) -> None:
    world.stock(world.central, world.chair, 100)
    world.stock(world.store, world.chair, 100)
    for kind in ("bestallning", "forskrivning", "lagerflytt", "direktbestallning") * 8:
        world.order(kind, quantity=1)
    if not view:
        cancel_order(order_id=Order.objects.all()[3].pk, reason=CancelReason.DUPLICATE, by=world.per, at=timezone.now())
    client.force_login(world.anna)

    def place(order: Order) -> Any:
        if key == "mottagare":
            return "patient" if order.recipient_patient else str(order.recipient)
        fields = {"order": "number", "typ": "type", "status": "state", "registrerad": "registered_at"}
        return str(order.sender) if key == "lager" else getattr(order, fields[key])

    first = client.get(f"{URL}?ordning={sign}{key}&visa={view}").context["page"]
    rest = client.get(URL + first.next_url).context["page"]
    values = [place(order) for order in (*first, *rest)]
    assert values == sorted(values, reverse=bool(sign))
    assert len({order.pk for order in (*first, *rest)}) == 32
    assert {head.sorted for head in first.heads} >= {"descending" if sign else "ascending"} or key == "registrerad"


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
