from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.models import CancelReason, Delivery, Notice, Order, ReceiptLine
from orders.operations.canceling import cancel_order
from orders.operations.claiming import claim_orders
from orders.operations.receiving import Counted, Unsent, receive_delivery
from orders.start import SHOWN
from parties.models import User
from tests.registered import World

URL = reverse("home")


def sections(client: Client) -> dict[str, Any]:
    """By title, in the order of the page."""
    return {section.title: section for section in client.get(URL).context["sections"]}


def titles(client: Client) -> list[str]:
    return list(sections(client))


def grow_old(order: Order, waited: timedelta) -> None:
    Order.objects.filter(pk=order.pk).update(registered_at=timezone.now() - waited)


def send_long_ago(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(at=timezone.now() - timedelta(days=15))


def test_what_waits_stands_in_the_order_it_hurts(client: Client, world: World) -> None:
    world.stock(world.store, world.chair, 50)
    world.delivered_transfer()
    world.begun("bestallning", by=world.per)
    grow_old(world.order("direktbestallning"), timedelta(hours=25))
    told = world.order("lagerflytt")
    cancel_order(order_id=told.pk, reason=CancelReason.NOT_AVAILABLE, by=world.hakan, at=world.now())
    client.force_login(world.per)
    assert titles(client) == ["Utleverans saknas", "Att kvittera", "Nytt om dina ordrar", "Utkast"]


def test_the_central_service_picks(client: Client, world: World) -> None:
    world.order("lagerflytt")
    taken = world.order("bestallning")
    client.force_login(world.hakan)
    assert titles(client) == ["Att plocka"]
    claim_orders(order_ids=[taken.pk], by=world.hakan, at=world.now())
    response = client.get(URL)
    assert titles(client) == ["Du plockar", "Att plocka"]
    assert [(row.order, row.lines) for row in sections(client)["Du plockar"].rows] == [(taken, 1)]
    assertContains(response, f'action="{reverse("pick_give_back")}"')
    waiting = {row.order: row.act.words for row in sections(client)["Att plocka"].rows}
    assert waiting == {order: "Du plockar" if order == taken else "Ni plockar" for order in waiting}


def test_a_pick_is_given_back_in_one_press(client: Client, world: World) -> None:
    taken = world.order("bestallning")
    claim_orders(order_ids=[taken.pk], by=world.hakan, at=world.now())
    client.force_login(world.hakan)
    client.post(reverse("pick_give_back"), {"order": taken.pk})
    assert titles(client) == ["Att plocka"]


def test_a_missing_delivery_turns_red_after_a_quarter_of_an_hour(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    section = sections(client)["Utleverans saknas"]
    assert (section.is_late, section.rows[0].status.tone) == (False, "warn")
    grow_old(order, timedelta(minutes=15))
    section = sections(client)["Utleverans saknas"]
    assert (section.is_late, section.rows[0].status.tone) == (True, "bad")
    grow_old(order, timedelta(hours=26))
    assertContains(client.get(URL), "sedan 26\N{NO-BREAK SPACE}h")


def test_after_a_day_it_is_the_stores_matter_too(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.per)
    grow_old(order, timedelta(hours=23))
    assert titles(client) == []
    grow_old(order, timedelta(hours=24, minutes=1))
    assert titles(client) == ["Utleverans saknas"]
    client.force_login(world.other_staff)
    assert titles(client) == []


def test_what_is_all_there_is_handed_out_in_one_press(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    (row,) = sections(client)["Utleverans saknas"].rows
    assert row.all_is_there
    url = reverse("order_deliver", args=[order.pk])
    assertContains(client.get(URL), f'action="{url}"')
    for _ in range(2):
        assertRedirects(client.post(url, {"key": row.key, "everything": "1"}), order.get_absolute_url())
    assert order.deliveries.count() == 1
    short = world.order("direktbestallning", quantity=20)
    assertContains(client.get(URL), f'href="{reverse("order_deliver", args=[short.pk])}"')


def test_a_transfer_is_confirmed_from_here(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    section = sections(client)["Att kvittera"]
    assert (section.is_late, section.rows[0].delivery) == (False, delivery)
    response = client.get(URL)
    assertContains(response, f'action="{reverse("delivery_receive", args=[delivery.pk])}"')
    assertContains(response, f'<td data-label="Till">{delivery.order.recipient_warehouse}</td>')
    client.post(reverse("delivery_receive", args=[delivery.pk]), {"everything": "1"})
    assert titles(client) == []


def test_an_overdue_receipt_shows_at_both_ends(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    handler = User.objects.create_user("hmor01", name="Hanna Mo")
    handler.groups.add(*world.hakan.groups.all())
    handler.customer_links.create(customer=world.region, is_default=True)
    client.force_login(handler)
    assert "Okvitterat länge" not in titles(client)
    send_long_ago(delivery)
    assert [row.delivery for row in sections(client)["Okvitterat länge"].rows] == [delivery]
    client.force_login(world.per)
    section = sections(client)["Att kvittera"]
    assert (section.is_late, section.rows[0].is_overdue) == (True, True)
    assert titles(client) == ["Att kvittera"]


def receive_otherwise(world: World, delivery: Delivery) -> ReceiptLine:
    """One missing, and something else in the box."""
    line = delivery.lines.get()
    counted = {line.pk: Counted(received=line.quantity - 1, missing=1, reason="Tom kartong")}
    unsent = [Unsent(article=world.walker, quantity=1, device_ids=(world.walker.devices.all()[0].pk,), reason="Fel")]
    receive_delivery(delivery_id=delivery.pk, by=world.per, at=world.now(), counted=counted, unsent=unsent)
    return line.receipt_line


def test_who_settles_differences_sees_them(client: Client, world: World) -> None:
    line = receive_otherwise(world, world.delivered_transfer())
    client.force_login(world.hakan)
    assert sections(client)["Avvikelser"].count == 2
    response = client.get(URL)
    for words in (
        "1 saknas",
        "Tom kartong",
        "1 inte skickat",
        str(world.walker),
        reverse("difference_settle", args=[line.pk]),
    ):
        assertContains(response, words)
    for person in (world.per, world.anna, world.other_staff):
        client.force_login(person)
        assert "Avvikelser" not in titles(client)


def test_differences_cost_as_much_for_ten_as_for_one(client: Client, world: World) -> None:
    def statements() -> int:
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        return len(queries)

    client.force_login(world.hakan)
    receive_otherwise(world, world.delivered_transfer(quantity=1))
    few = statements()
    for _ in range(5):
        receive_otherwise(world, world.delivered_transfer(quantity=1))
    assert statements() == few
    section = sections(client)["Avvikelser"]
    assert (section.count, len(section.rows)) == (12, SHOWN)
    assertContains(client.get(URL), f'href="{reverse("difference_list")}">Visa alla 12</a>')


def test_news_says_who_did_what_and_why(client: Client, world: World) -> None:
    order = world.order("bestallning")
    cancel_order(order_id=order.pk, reason=CancelReason.NOT_AVAILABLE, by=world.hakan, at=world.now())
    client.force_login(world.anna)
    response = client.get(URL)
    for words in (order.number, "Håkan Lantz, Hjälpmedelsservice, makulerade", "Går inte att leverera", "Läst"):
        assertContains(response, words)
    client.force_login(world.per)
    assertNotContains(client.get(URL), "Håkan Lantz")


def test_lists_own_drafts(client: Client, world: World) -> None:
    draft = world.begun("bestallning")
    world.begun("bestallning", by=world.lina)
    client.force_login(world.anna)
    assert [row.order for row in sections(client)["Utkast"].rows] == [draft]


def test_says_so_when_nothing_waits(client: Client, world: World) -> None:
    client.force_login(world.other_prescriber)
    response = client.get(URL)
    assertContains(response, "Inget väntar på dig")
    assertContains(response, "Inga ordrar än")


def test_a_role_without_orders_gets_a_page_too(client: Client, world: World) -> None:
    world.order("bestallning")
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    response = client.get(URL)
    assertContains(response, "Inga ordrar för din roll")
    assertNotContains(response, "Senaste ordrar")


def test_shows_the_first_ten_and_leads_to_the_rest(client: Client, world: World) -> None:
    for _ in range(SHOWN + 2):
        world.begun("bestallning")
    client.force_login(world.anna)
    section = sections(client)["Utkast"]
    assert (section.count, len(section.rows)) == (SHOWN + 2, SHOWN)
    assertContains(client.get(URL), f'href="{reverse("order_list")}?visa=utkast">Visa alla {SHOWN + 2}</a>')


def test_asks_as_much_for_twenty_rows_as_for_one(client: Client, world: World) -> None:
    """Also of what is not shown: as many keys are read as are counted."""

    def statements() -> int:
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        return len(queries)

    def one_of_everything() -> None:
        grow_old(world.order("direktbestallning", quantity=1), timedelta(hours=25))
        world.delivered_transfer(quantity=1)
        world.begun("bestallning", by=world.per)
        told = world.order("lagerflytt", quantity=1)
        cancel_order(order_id=told.pk, reason=CancelReason.NOT_AVAILABLE, by=world.hakan, at=world.now())

    for warehouse in (world.central, world.store):
        world.stock(warehouse, world.chair, 100)
    client.force_login(world.per)
    one_of_everything()
    few = statements()
    for _ in range(19):
        one_of_everything()
    assert statements() == few
    assert Notice.objects.count() == 20


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


def test_is_only_read(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert client.post(URL).status_code == 405
