from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import StockLevel
from orders.functions import Functions
from orders.models import CancelReason, Order
from orders.operations.canceling import cancel_order
from orders.operations.delivering import Pick, deliver_order
from orders.operations.receiving import receive_delivery
from orders.wizard import current_step_url
from parties.models import User
from tests.factories import ArticleFactory
from tests.registered import World

LABELS = ["Delleverans …", "Kvittera mottagning", "Makulera", "Skapa utleverans", "Ändra order"]


def url(order: Order) -> str:
    return reverse("order_detail", args=[order.pk])


def menu(client: Client, order: Order) -> Functions:
    functions = client.get(url(order)).context["functions"]
    assert isinstance(functions, Functions)
    labels = [entry.label for entry in [*functions.items, *([functions.main] if functions.main else [])]]
    assert sorted(labels) == LABELS, "the same entries, always"
    return functions


def test_shows_the_whole_order(client: Client, world: World) -> None:
    order = world.order("forskrivning", quantity=12)
    client.force_login(world.anna)
    response = client.get(url(order))
    for words in ("Förskrivning", order.number, "Registrerad", "10 Hjälpmedelsservice", "Astrid Fröding", "14710"):
        assertContains(response, words)
    assertContains(response, "Hjälpmedelsservice plockar")
    assertContains(response, "Anna Bergqvist registrerade ordern.")


def test_asks_who_you_are(client: Client, world: World) -> None:
    order = world.order("bestallning")
    assertRedirects(client.get(url(order)), f"{reverse('login')}?next={url(order)}")


def test_needs_the_right_to_see_orders(client: Client, world: World) -> None:
    order = world.order("bestallning")
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    assert client.get(url(order)).status_code == 403


def test_is_not_found_in_another_municipality(client: Client, world: World) -> None:
    order = world.order("bestallning")
    client.force_login(world.other_prescriber)
    assert client.get(url(order)).status_code == 404


def test_is_not_found_by_a_number_beyond_all(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert client.get(f"/kundorder/{10**30}/").status_code == 404


def test_is_only_read(client: Client, world: World) -> None:
    order = world.order("bestallning")
    client.force_login(world.anna)
    assert client.post(url(order)).status_code == 405


def test_a_draft_goes_on_where_it_was_left(client: Client, world: World) -> None:
    draft = world.begun("bestallning")
    client.force_login(world.anna)
    assertRedirects(client.get(url(draft)), current_step_url(draft), fetch_redirect_response=False)


def test_someone_elses_draft_is_not_found(client: Client, world: World) -> None:
    draft = world.begun("bestallning", by=world.lina)
    client.force_login(world.anna)
    assert client.get(url(draft)).status_code == 404


def test_the_next_thing_to_do_stands_first(client: Client, world: World) -> None:
    order = world.order("direktforskrivning")
    client.force_login(world.anna)
    functions = menu(client, order)
    assert functions.main
    assert (functions.main.label, functions.main.method) == ("Skapa utleverans", "post")
    assert "50101" in functions.next_text
    assert [entry.label for entry in functions.items if not entry.enabled] == ["Kvittera mottagning"]


def test_a_numbered_article_leads_to_the_choice_of_device(client: Client, world: World) -> None:
    order = world.order("direktforskrivning", article=world.walker)
    client.force_login(world.anna)
    functions = menu(client, order)
    assert functions.main
    assert (functions.main.method, functions.main.url) == ("get", reverse("order_deliver", args=[order.pk]))


@pytest.mark.parametrize(
    ("kind", "reason"), [("bestallning", "Görs av Hjälpmedelsservice."), ("lagerflytt", "Görs av Hjälpmedelsservice.")]
)
def test_says_why_something_cannot_be_done(client: Client, world: World, kind: str, reason: str) -> None:
    order = world.order(kind)
    client.force_login(world.per)
    functions = menu(client, order)
    assert functions.main is None
    assert functions.items[0].reason == reason
    assertContains(client.get(url(order)), reason)


def test_the_central_service_delivers_from_the_same_menu(client: Client, world: World) -> None:
    order = world.order("lagerflytt")
    client.force_login(world.hakan)
    functions = menu(client, order)
    assert functions.main
    assert functions.main.label == "Skapa utleverans"


def test_what_is_not_in_stock_cannot_be_delivered(client: Client, world: World) -> None:
    order = world.order("bestallning", quantity=5)
    rest = world.order("bestallning", quantity=20)
    deliver_order(order_id=order.pk, key=uuid4(), by=world.hakan, at=timezone.now())
    client.force_login(world.hakan)
    assert menu(client, rest).main  # 5 are left for it
    empty = world.order("bestallning", quantity=1)
    assert menu(client, empty).items[0].reason == "Inget av det som återstår finns i 10."


def test_a_transfer_is_received_by_the_store(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    functions = menu(client, delivery.order)
    assert functions.main
    assert functions.main.label == "Kvittera mottagning"
    assertContains(client.get(url(delivery.order)), "Allt stämmer")
    client.force_login(world.hakan)
    assert menu(client, delivery.order).main is None
    assertNotContains(client.get(url(delivery.order)), "Allt stämmer")


def test_a_finished_order_has_nothing_next(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    receive_delivery(delivery_id=delivery.pk, by=world.per, at=timezone.now())
    canceled = world.order("bestallning")
    cancel_order(order_id=canceled.pk, reason=CancelReason.DUPLICATE, by=world.anna, at=timezone.now())
    client.force_login(world.per)
    for order in (delivery.order, canceled):
        functions = menu(client, order)
        assert functions.main is None
        assert all(entry.reason for entry in functions.items)
    assertContains(client.get(url(canceled)), "Dubblett")


def test_says_who_picks_what_it_replaces_and_what_it_hangs_together_with(client: Client, world: World) -> None:
    order, other = (world.register("bestallning", {world.chair: 2, world.walker: 1}) for _ in range(2))
    Order.objects.filter(pk=order.pk).update(origin=other.pk, is_urgent=True, only_complete=True)
    chair, walker = order.lines.order_by("position")
    order.lines.filter(pk=walker.pk).update(substitutes=chair.pk, claimed_by=world.hakan, claimed_at=world.now())
    client.force_login(world.per)
    response = client.get(url(order))
    for words in ("Plockas av Håkan Lantz", "I stället för 14710 Duschpall", "Brådskande", "Endast komplett"):
        assertContains(response, words)
    assertContains(response, f'<dt>Kommer ur</dt><dd><a class="mono" href="{url(other)}">')
    assertContains(client.get(url(other)), f'<dt>Fortsätter i</dt><dd><a class="mono" href="{url(order)}">')


def test_the_rest_of_a_line_can_be_canceled_by_whom_may(client: Client, world: World) -> None:
    order = world.order("bestallning")
    cancel_url = reverse("order_line_cancel", args=[order.pk, world.line(order).pk])
    client.force_login(world.per)
    assertContains(client.get(url(order)), cancel_url)
    world.per.groups.get().permissions.filter(codename="cancel_order").delete()
    assertNotContains(client.get(url(order)), cancel_url)


def test_an_open_order_can_be_changed_and_a_delivered_one_says_why_not(client: Client, world: World) -> None:
    order = world.order("bestallning")
    client.force_login(world.per)
    entry = next(entry for entry in menu(client, order).items if entry.label == "Ändra order")
    assert (entry.enabled, entry.url) == (True, reverse("order_change", args=[order.pk]))
    world.deliver(order)
    entry = next(entry for entry in menu(client, order).items if entry.label == "Ändra order")
    assert (entry.enabled, entry.reason) == (
        False,
        "Allt är levererat. Det som är levererat ändras inte, det returneras.",
    )


def test_asks_as_much_for_many_lines_as_for_one(client: Client, world: World) -> None:
    def statements(order: Order) -> int:
        client.get(url(order))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(order))
        return len(queries)

    client.force_login(world.per)
    short = world.deliver(world.order("lagerflytt", quantity=1)).order
    articles = [ArticleFactory.create() for _ in range(10)]
    for article in articles:
        world.stock(world.central, article, 4)
    long = world.register("lagerflytt", dict.fromkeys(articles, 2))
    for _ in range(2):
        world.deliver(long, [Pick(line_id=line.pk, quantity=1) for line in long.lines.all()])
    assert statements(long) == statements(short)


def test_says_the_place_in_the_queue_and_the_expected_date(client: Client, world: World) -> None:
    world.order("bestallning", quantity=10)
    first, second = (world.order("bestallning", quantity=2) for _ in range(2))
    StockLevel.objects.filter(warehouse=world.central, article=world.chair).update(expected_on=date(2099, 5, 12))
    client.force_login(world.anna)
    for order, words in ((first, "Först i kön"), (second, "Nummer 2 i kön")):
        response = client.get(order.get_absolute_url())
        assertContains(response, f"<b>{words}</b>, väntas 12 maj 2099")
    StockLevel.objects.filter(article=world.chair).update(expected_on=None)
    assertNotContains(client.get(first.get_absolute_url()), "väntas")


def test_a_closed_order_stands_in_no_queue(client: Client, world: World) -> None:
    order = world.order("bestallning", quantity=12)
    client.force_login(world.anna)
    assertContains(client.get(order.get_absolute_url()), "i kön")
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=world.anna, at=world.now())
    assertNotContains(client.get(order.get_absolute_url()), "i kön")


def test_the_warehouse_is_led_to_the_queue(client: Client, world: World) -> None:
    order = world.order("bestallning", quantity=12)
    level = StockLevel.objects.get(warehouse=world.central, article=world.chair)
    queue = reverse("backorder_queue", args=[level.pk])
    client.force_login(world.hakan)
    assertContains(client.get(order.get_absolute_url()), queue)
    for person in (world.anna, world.per):  # not their warehouse
        client.force_login(person)
        assertNotContains(client.get(order.get_absolute_url()), queue)


def test_a_line_says_how_far_it_has_come(client: Client, world: World) -> None:
    order = world.order("bestallning", quantity=12)
    world.deliver(order, [Pick(line_id=world.line(order).pk, quantity=4)])
    client.force_login(world.anna)
    assertContains(client.get(order.get_absolute_url()), "4 av 12 levererade, 2 restnoterade")
