import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects, assertTemplateUsed

from orders.models import CancelReason, Order
from orders.operations.canceling import cancel_order
from tests.registered import World

HTMX = {"HX-Request": "true"}


def url(order: Order) -> str:
    return reverse("order_add", args=[order.pk])


@pytest.fixture
def order(client: Client, world: World) -> Order:
    client.force_login(world.anna)
    return world.order("bestallning", quantity=4)


def hit(order: Order, **values: object) -> dict[str, object]:
    return {"article": "15121", "quantity": "2", "version": order.version} | values


def test_searches_in_the_whole_page_and_in_the_part(client: Client, world: World, order: Order) -> None:
    assertNotContains(client.get(url(order)), "Rollator")
    response = client.get(url(order), {"sok": "rolla"})
    assertContains(response, "Rollator")
    assertContains(response, "<h1>")
    part = client.get(url(order), {"sok": "rolla"}, headers=HTMX)
    assertContains(part, "Rollator")
    assertNotContains(part, "<h1>")
    assertTemplateUsed(part, "orders/wizard/hits.html")
    assertContains(client.get(url(order), {"sok": "zzz"}), "Ingen artikel stämmer")


def test_adds_and_goes_back_to_the_change(client: Client, world: World, order: Order) -> None:
    response = client.post(f"{url(order)}?sok=rolla", hit(order), follow=True)
    assertRedirects(response, reverse("order_change", args=[order.pk]))
    assertContains(response, "15121 Rollator är tillagd.")
    line = world.line(order, world.walker)
    assert (line.quantity, line.reserved) == (2, 2)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"article": "99999"}, "Artikel 99999 finns inte."),
        ({"article": "\x00"}, "Välj en artikel."),
        ({"quantity": "0"}, "Antalet är minst 1."),
        ({"quantity": "x"}, "Skriv antalet som ett heltal."),
        ({"quantity": ""}, "Skriv hur många."),
        ({"device": "HV9"}, "Individ HV9 finns inte."),
    ],
)
def test_what_cannot_be_added_is_said_there(
    client: Client, world: World, order: Order, values: dict[str, str], words: str
) -> None:
    assertContains(client.post(url(order), hit(order, **values)), words, status_code=422)
    assert order.lines.count() == 1


def test_a_direct_order_names_the_device(client: Client, world: World) -> None:
    client.force_login(world.anna)
    order = world.order("direktforskrivning")
    response = client.post(url(order), hit(order, quantity="1", device=""))
    assertContains(response, "Välj vilken individ du lämnar ut.", status_code=422)
    device = world.store_walkers()[1]
    client.post(url(order), hit(order, quantity="1", device=device.number))
    assert world.line(order, world.walker).device == device


def test_a_page_from_before_another_change_says_so(client: Client, world: World, order: Order) -> None:
    before = hit(order)
    client.post(url(order), hit(order, quantity="1"))
    response = client.post(url(order), before)
    assertContains(response, "Ordern har ändrats sedan du öppnade sidan.", status_code=409)
    assert client.post(url(order), hit(order, version="")).status_code == 409
    assert world.line(order, world.walker).quantity == 1


def test_the_page_sent_twice_adds_once(client: Client, world: World, order: Order) -> None:
    for _ in range(2):
        assertRedirects(client.post(url(order), hit(order)), reverse("order_change", args=[order.pk]))
    assert world.line(order, world.walker).quantity == 2


def test_once_somebody_picks_nothing_is_added(client: Client, world: World, order: Order) -> None:
    order.lines.update(claimed_by=world.hakan, claimed_at=world.now())
    assertContains(client.post(url(order), hit(order)), "Plocket har börjat.", status_code=422)
    assertRedirects(client.get(url(order)), order.get_absolute_url())
    assert order.lines.count() == 1


def test_a_canceled_order_says_so(client: Client, world: World, order: Order) -> None:
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=world.anna, at=world.now())
    assertContains(client.post(url(order), hit(order)), "Ordern är makulerad.", status_code=409)


def test_who_may_not_prescribe_adds_nothing(client: Client, world: World) -> None:
    order = world.order("forskrivning")
    client.force_login(world.hakan)
    assertContains(client.post(url(order), hit(order)), "Din roll kan bara minska", status_code=422)
    assert order.lines.count() == 1


def test_asks_who_you_are(client: Client, world: World, order: Order) -> None:
    client.logout()
    assertRedirects(client.get(url(order)), f"{reverse('login')}?next={url(order)}")


def test_needs_the_right_to_change(client: Client, world: World, order: Order) -> None:
    world.anna.groups.clear()
    assert client.post(url(order), hit(order)).status_code == 403


def test_is_not_found_in_another_municipality(client: Client, world: World, order: Order) -> None:
    client.force_login(world.other_prescriber)
    assert client.post(url(order), hit(order)).status_code == 404


def test_has_no_other_methods(client: Client, world: World, order: Order) -> None:
    assert client.delete(url(order)).status_code == 405
