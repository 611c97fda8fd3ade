import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.models import CancelReason, Order
from orders.operations.canceling import cancel_order
from orders.operations.delivering import Pick
from parties.models import Party
from tests.factories import ArticleFactory, CareUnitFactory
from tests.registered import World


def url(order: Order) -> str:
    return reverse("order_change", args=[order.pk])


def page(client: Client, order: Order) -> dict[str, object]:
    """What the browser would send from the page as it is."""
    context = client.get(url(order)).context
    fields = [*context["form"], *(field for row in context["rows"] for field in row)]
    return {
        field.html_name: "on" if field.widget_type == "checkbox" else str(field.value())
        for field in fields
        if field.value() is not None and (field.value() or field.widget_type != "checkbox")
    }


def send(client: Client, order: Order, changes: dict[str, object]) -> int:
    return client.post(url(order), page(client, order) | changes).status_code


def quantity_of(world: World, order: Order) -> str:
    return f"rad-{world.line(order).pk}-quantity"


@pytest.fixture
def order(client: Client, world: World) -> Order:
    client.force_login(world.anna)
    return world.order("bestallning", quantity=4)


def test_shows_what_can_be_changed(client: Client, world: World, order: Order) -> None:
    response = client.get(url(order))
    for words in (
        "Duschpall",
        "Mottagare",
        "Björkbacken",
        "Brådskande",
        "Leverera endast komplett",
        "Lägg till artikel",
    ):
        assertContains(response, words)
    assertNotContains(response, "Filipstad")


def test_changes_and_says_so(client: Client, world: World, order: Order) -> None:
    other = CareUnitFactory.create(number="01-07", name="Granbacken", parent=world.arvika)
    changes = {quantity_of(world, order): "6", "recipient": other.number, "is_urgent": "on"}
    response = client.post(url(order), page(client, order) | changes, follow=True)
    assertRedirects(response, order.get_absolute_url())
    assertContains(response, "Ändringen är sparad.")
    assertContains(response, "14710: 4 → 6 st; Mottagare: 01-05 Björkbacken → 01-07 Granbacken; Brådskande")
    order.refresh_from_db()
    assert (order.recipient, order.is_urgent, order.only_complete) == (other, True, False)
    assert world.line(order).reserved == 6


def test_nothing_changed_is_no_change(client: Client, world: World, order: Order) -> None:
    response = client.post(url(order), page(client, order), follow=True)
    assertContains(response, "Inget var ändrat.")
    assert order.events.count() == 1


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("", "Skriv hur många, 0 tar bort raden."),
        ("x", "Skriv antalet som ett heltal."),
        ("-1", "Skriv 0 för att ta bort raden."),
        ("10000", "Antalet är högst 9999."),
        ("0", "Välj varför det makuleras."),
    ],
)
def test_a_wrong_quantity_is_said_at_its_field(
    client: Client, world: World, order: Order, quantity: str, words: str
) -> None:
    response = client.post(url(order), page(client, order) | {quantity_of(world, order): quantity})
    assertContains(response, words, status_code=422)
    assertContains(response, 'aria-invalid="true"', status_code=422)
    assert world.line(order).quantity == 4


def test_removes_a_line_with_a_reason(client: Client, world: World) -> None:
    client.force_login(world.anna)
    order = world.register("bestallning", {world.chair: 2, world.walker: 1}, orderer=world.anna)
    line = world.line(order, world.chair)
    assert send(client, order, {f"rad-{line.pk}-quantity": "0", "reason": "DUPLICATE"}) == 302
    line.refresh_from_db()
    assert line.canceled == 2
    assertNotContains(client.get(url(order)), "Duschpall")


@pytest.mark.parametrize("recipient", ["", "999999999", "x", "\x00", "x" * 121])
def test_only_a_unit_of_the_municipality_receives(client: Client, world: World, order: Order, recipient: str) -> None:
    for value in (recipient, world.other_store.owner.number):
        assert send(client, order, {"recipient": value}) == 422
    order.refresh_from_db()
    assert order.recipient == world.unit


def test_a_recipient_that_has_been_closed_since_may_stay(client: Client, world: World, order: Order) -> None:
    Party.objects.filter(pk=world.unit.pk).update(is_active=False)
    assert send(client, order, {"recipient": world.unit.number, "is_urgent": "on"}) == 302
    order.refresh_from_db()
    assert (order.recipient, order.is_urgent) == (world.unit, True)


def test_a_transfer_never_goes_to_the_store_that_it_leaves(client: Client, world: World) -> None:
    order = world.order("lagerflytt")
    Order.objects.filter(pk=order.pk).update(sender=world.other_store)
    assert order.customer
    Party.objects.filter(pk=world.other_store.owner.pk).update(parent=order.customer.municipality_id)
    client.force_login(world.per)
    assert choices(client, order) == [world.store.number]
    assert send(client, order, {"recipient": world.other_store.number}) == 422


def choices(client: Client, order: Order, text: str = "") -> list[str]:
    response = client.post(reverse("order_choose_recipient", args=[order.pk]), {"recipient": text})
    assert response.status_code == 200
    return [choice.code for choice in response.context["choices"]]


def test_finds_another_recipient_as_the_wizard_does(client: Client, world: World, order: Order) -> None:
    granbacken, rosen = (
        CareUnitFactory.create(number=number, name=name, parent=world.arvika)
        for number, name in [("01-07", "Granbacken"), ("01-09", "Rosen")]
    )
    CareUnitFactory.create(number="03-05", name="Gullvivan", parent=world.other_store.owner.parent)
    world.draft("bestallning", {world.chair: 1}, orderer=world.anna, recipient_unit=rosen)
    assert choices(client, order) == [rosen.number, "01-05", granbacken.number, "50101"]
    assert choices(client, order, "granb") == choices(client, order, "01-07")[:1] == [granbacken.number]
    assert choices(client, order, "gull") == []
    assert 'aria-controls="recipient-list"' in str(client.get(url(order)).context["form"]["recipient"])


def test_the_tick_looks_up_and_saves_nothing(client: Client, world: World, order: Order) -> None:
    CareUnitFactory.create(number="01-07", name="Granbacken", parent=world.arvika)
    sent = page(client, order) | {"recipient": "01-07", "verify": "recipient"}
    assertContains(client.post(url(order), sent), "Granbacken")
    part = client.post(url(order), sent, headers={"HX-Request": "true"})
    assertContains(part, "Granbacken")
    assertNotContains(part, "<html")
    assertContains(client.post(url(order), sent | {"recipient": "77"}), "ingen vårdenhet 77", status_code=422)
    order.refresh_from_db()
    assert order.recipient == world.unit


def test_who_may_look_for_another_recipient(client: Client, world: World, order: Order) -> None:
    look = reverse("order_choose_recipient", args=[order.pk])
    draft = reverse("order_choose_recipient", args=[world.begun("bestallning").pk])
    prescription = world.order("forskrivning")
    assert choices(client, prescription) == []
    assert (client.get(look).status_code, client.post(draft).status_code) == (405, 404)
    for text in ("a\0b", "x" * 500):
        assert client.post(look, {"recipient": text}).status_code == 422
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=world.anna, at=world.now())
    assert choices(client, order) == []
    client.force_login(world.other_prescriber)
    assert client.post(look).status_code == 404
    world.anna.groups.clear()
    client.force_login(world.anna)
    assert client.post(look).status_code == 403


def test_another_device_of_a_direct_order(client: Client, world: World) -> None:
    client.force_login(world.anna)
    first, second, _ = world.store_walkers()
    order = world.register("direktforskrivning", [(world.walker, 1, first)])
    line = world.line(order)
    assertNotContains(client.get(url(order)), "Väljs vid plock")
    assert send(client, order, {f"rad-{line.pk}-device": str(second.pk)}) == 302
    assert world.line(order).device == second
    for wrong in ("", "999", "\x00"):
        assert send(client, order, {f"rad-{line.pk}-device": wrong}) == 422
    assert world.line(order).device == second


def test_a_prescription_stays_with_its_patient(client: Client, world: World) -> None:
    client.force_login(world.anna)
    order = world.order("forskrivning")
    assertContains(client.get(url(order)), "En förskrivning gäller en patient.")
    assert send(client, order, {"recipient": world.unit.number}) == 302
    order.refresh_from_db()
    assert order.recipient == world.patient


def test_once_somebody_picks_only_less(client: Client, world: World, order: Order) -> None:
    before = page(client, order)
    order.lines.update(claimed_by=world.hakan, claimed_at=world.now())
    response = client.get(url(order))
    assertContains(response, "Plocket har börjat. Nu kan antal bara minskas.")
    assertNotContains(response, "Lägg till artikel")
    assertNotContains(response, "Brådskande")
    assert send(client, order, {quantity_of(world, order): "5"}) == 422
    assertContains(client.post(url(order), before | {"is_urgent": "on"}), "Plocket har börjat", status_code=409)
    assert send(client, order, {quantity_of(world, order): "3", "reason": "NOT_NEEDED"}) == 302
    order.refresh_from_db()
    line = world.line(order)
    assert (line.quantity, line.canceled, order.is_urgent) == (4, 1, False)


def test_what_is_delivered_stays(client: Client, world: World, order: Order) -> None:
    world.deliver(order, [Pick(line_id=world.line(order).pk, quantity=3)])
    response = client.post(url(order), page(client, order) | {quantity_of(world, order): "2"})
    assertContains(response, "3 st är redan levererade. Skriv minst 3.", status_code=422)
    assert world.line(order).canceled == 0


def test_a_page_from_before_another_change_says_so(client: Client, world: World, order: Order) -> None:
    before = page(client, order)
    send(client, order, {quantity_of(world, order): "6"})
    response = client.post(url(order), before | {quantity_of(world, order): "5"})
    assertContains(response, "Ordern har ändrats sedan du öppnade sidan.", status_code=409)
    assert response.context["rows"][0]["quantity"].value() == 6
    assert world.line(order).quantity == 6


def test_the_page_sent_twice_is_answered_alike(client: Client, world: World, order: Order) -> None:
    sent = page(client, order) | {quantity_of(world, order): "6"}
    for _ in range(2):
        assertRedirects(client.post(url(order), sent), order.get_absolute_url())
    assert order.events.count() == 2


def test_a_canceled_order_in_another_tab_says_so(client: Client, world: World, order: Order) -> None:
    before = page(client, order)
    cancel_order(order_id=order.pk, reason=CancelReason.DUPLICATE, by=world.anna, at=world.now())
    response = client.post(url(order), before | {quantity_of(world, order): "5"})
    assertContains(response, "Ordern är makulerad.", status_code=409)
    assertRedirects(client.get(url(order)), order.get_absolute_url())
    assert world.line(order).quantity == 4


@pytest.mark.parametrize("version", ["", "x", "\x00"])
def test_without_a_version_nothing_is_changed(client: Client, world: World, order: Order, version: str) -> None:
    response = client.post(url(order), {quantity_of(world, order): "5", "version": version})
    assertContains(response, "Ladda om sidan och försök igen.", status_code=422)


def test_asks_who_you_are(client: Client, world: World, order: Order) -> None:
    client.logout()
    assertRedirects(client.get(url(order)), f"{reverse('login')}?next={url(order)}")


def test_needs_the_right_to_change(client: Client, world: World, order: Order) -> None:
    world.anna.groups.clear()
    assert client.get(url(order)).status_code == 403
    assert client.post(url(order), {}).status_code == 403


def test_is_not_found_in_another_municipality(client: Client, world: World, order: Order) -> None:
    client.force_login(world.other_prescriber)
    assert client.post(url(order), {}).status_code == 404


def test_has_no_other_methods(client: Client, world: World, order: Order) -> None:
    assert client.delete(url(order)).status_code == 405


def test_a_draft_has_its_own_pages(client: Client, world: World) -> None:
    draft = world.begun("bestallning")
    client.force_login(world.anna)
    assertRedirects(client.get(url(draft)), draft.get_absolute_url(), fetch_redirect_response=False)


def test_asks_as_much_for_many_lines_as_for_one(client: Client, world: World) -> None:
    def statements(order: Order) -> int:
        client.get(url(order))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(order))
        return len(queries)

    client.force_login(world.anna)
    short = world.register("bestallning", {world.walker: 1})
    articles = [ArticleFactory.create(numbered=True) for _ in range(9)]
    assert statements(world.register("bestallning", dict.fromkeys(articles, 1))) == statements(short)
