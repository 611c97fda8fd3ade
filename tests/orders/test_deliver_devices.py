"""The delivery page and numbered articles: devices scanned, typed or ticked, and each refusal at its field."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Device, DeviceState
from orders.models import Delivery, DeliveryLine, Order
from orders.operations.claiming import claim_orders
from orders.operations.delivering import Pick
from tests import factories
from tests.registered import World


@pytest.fixture
def devices(world: World) -> list[Device]:
    """The three walkers of lager 10, oldest first."""
    return list(Device.objects.in_warehouse(world.central).order_by("pk"))


@pytest.fixture
def order(world: World) -> Order:
    return world.order("bestallning", article=world.walker)


@pytest.fixture
def client(client: Client, world: World) -> Client:
    client.force_login(world.hakan)
    return client


def url(order: Order) -> str:
    return reverse("order_deliver", args=[order.pk])


def post(client: Client, order: Order, *, htmx: bool = False, add: bool = False, **values: Any) -> Any:
    """Post `numbers`, `devices` and `proposal` for the order's first line."""
    line = order.lines.order_by("position")[0]
    data = {"key": str(uuid4()), **{f"rad-{line.pk}-{name}": value for name, value in values.items()}}
    if add:
        data["add"] = "1"
    return client.post(url(order), data, headers={"HX-Request": "true"} if htmx else None)


def ticked(response: Any) -> list[str]:
    row = response.context["rows"][0]
    return [str(box.choice_label) for box in row["devices"].subwidgets if box.data["selected"]]


def delivered() -> list[Device | None]:
    return [line.device for line in DeliveryLine.objects.select_related("device").order_by("pk")]


def test_the_oldest_are_proposed_as_a_proposal(client: Client, order: Order, devices: list[Device]) -> None:
    response = client.get(url(order))
    assert ticked(response) == [device.number for device in devices[:2]]
    assertContains(response, "Förslag: de äldsta är ikryssade.")
    assertContains(response, '<label class="nowrap"')
    assertContains(response, devices[2].number)


def test_the_oldest_is_what_came_first(client: Client, order: Order, world: World, devices: list[Device]) -> None:
    """Not what was typed in first: goods can be received in the name of an earlier day."""
    (old,) = factories.devices(world.central, world.walker, 1, at=world.clock - timedelta(days=400))
    assert ticked(client.get(url(order))) == [old.number, devices[0].number]


def test_ticked_devices_go(client: Client, order: Order, devices: list[Device]) -> None:
    response = post(client, order, devices=[devices[0].pk, devices[2].pk])
    assertRedirects(response, order.get_absolute_url())
    assert delivered() == [devices[0], devices[2]]


@pytest.mark.parametrize("between", [" ", "\n", ", ", ";", "\t"])
def test_typed_numbers_go(client: Client, order: Order, devices: list[Device], between: str) -> None:
    typed = between.join([devices[1].number, devices[2].number.lower()])
    assertRedirects(post(client, order, numbers=typed), order.get_absolute_url())
    assert delivered() == devices[1:]


def test_what_is_scanned_takes_the_place_of_the_proposal(client: Client, order: Order, devices: list[Device]) -> None:
    proposal = [device.pk for device in devices[:2]]
    shown: dict[str, Any] = {"devices": proposal, "proposal": ",".join(str(pk) for pk in proposal)}
    post(client, order, numbers=devices[2].number, **shown)
    assert delivered() == [devices[2]]


def test_what_is_scanned_comes_to_what_was_ticked_by_hand(client: Client, order: Order, devices: list[Device]) -> None:
    proposal = ",".join(str(device.pk) for device in devices[:2])
    post(client, order, numbers=devices[2].number, devices=[devices[0].pk], proposal=proposal)
    assert delivered() == [devices[0], devices[2]]


class TestAdding:
    """Enter in the field, as a scanner sends it after each number."""

    def test_ticks_the_number_and_delivers_nothing(self, client: Client, order: Order, devices: list[Device]) -> None:
        response = post(client, order, add=True, numbers=devices[2].number)
        assert response.status_code == 200
        assert ticked(response) == [devices[2].number]
        assertNotContains(response, "Förslag:")
        assertContains(response, "autofocus")
        assert response.context["rows"][0]["numbers"].value() is None
        assert Delivery.objects.count() == 0

    def test_one_after_the_other(self, client: Client, order: Order, devices: list[Device]) -> None:
        response = post(client, order, add=True, numbers=devices[1].number, devices=[devices[2].pk])
        assert set(ticked(response)) == {devices[1].number, devices[2].number}

    def test_a_refusal_is_said_at_the_field(self, client: Client, order: Order) -> None:
        response = post(client, order, add=True, numbers="HV999999")
        assertContains(response, "Ingen individ har numret HV999999.", status_code=422)
        assertContains(response, 'value="HV999999"', status_code=422)

    def test_a_part_is_the_form(self, client: Client, order: Order, devices: list[Device]) -> None:
        for number, status in ((devices[2].number, 200), ("HV999999", 422)):
            response = post(client, order, add=True, htmx=True, numbers=number)
            assertContains(response, 'id="delivery-part"', status_code=status)
            assertNotContains(response, "<h1>", status_code=status)

    def test_the_other_lines_keep_what_was_typed(self, client: Client, world: World, devices: list[Device]) -> None:
        order = world.register("bestallning", {world.walker: 1, world.chair: 3})
        chairs = world.line(order, world.chair)
        data = {"key": str(uuid4()), f"rad-{world.line(order, world.walker).pk}-numbers": devices[0].number}
        response = client.post(url(order), data | {f"rad-{chairs.pk}-quantity": "2", "add": "1"})
        assert response.context["rows"][1]["quantity"].value() == 2
        assert response.context["form"]["key"].value() == data["key"]


class TestRefusals:
    """Each with a sentence of its own, 422, and nothing has changed."""

    @pytest.fixture(autouse=True)
    def nothing_changes(self, world: World, order: Order) -> Any:
        before = world.level(world.central, world.walker)
        yield
        assert world.level(world.central, world.walker) == before
        assert order.lines.get().delivered == 0

    def refused(self, client: Client, order: Order, device: Device, sentence: str) -> None:
        named: dict[str, Any] = {"numbers": device.number, "devices": device.pk}
        for name, value in named.items():
            response = post(client, order, **{name: value})
            assertContains(response, sentence, status_code=422)
            assert response.context["rows"][0].errors[name] == [sentence]

    def test_another_article(self, client: Client, world: World, order: Order) -> None:
        bed = factories.ArticleFactory.create(number="20990", name="Säng", numbered=True)
        (device,) = world.devices(world.central, bed, 1)
        self.refused(client, order, device, f"{device} är 20990 Säng, inte 15121 Rollator.")

    def test_another_warehouse(self, client: Client, world: World, order: Order) -> None:
        device = Device.objects.in_warehouse(world.store).order_by("pk")[0]
        sentence = f"{device} finns i 50101 Arvika kommunlager, inte i 10 Hjälpmedelsservice."
        self.refused(client, order, device, sentence)

    @pytest.mark.parametrize("state", [DeviceState.BLOCKED, DeviceState.SCRAPPED])
    def test_blocked(self, client: Client, order: Order, devices: list[Device], state: DeviceState) -> None:
        Device.objects.filter(pk=devices[0].pk).update(state=state)
        self.refused(client, order, devices[0], f"{devices[0]} är {state.label.lower()}.")

    def test_reserved_for_another_order(self, client: Client, world: World) -> None:
        device = Device.objects.in_warehouse(world.store).order_by("pk")[0]
        world.register("direktforskrivning", [(world.walker, 1, device)])
        own = world.order("direktforskrivning", article=world.walker)
        client.force_login(world.anna)
        self.refused(client, own, device, f"{device} är reserverad för en annan order.")

    def test_unknown(self, client: Client, order: Order) -> None:
        for number, sentence in (
            ("HV999999", "Ingen individ har numret HV999999."),
            ("7" * 500, f"Ingen individ har numret {'7' * 20}."),
            ("'; --", "Ingen individ har numret &#x27;."),
        ):
            assertContains(post(client, order, numbers=number), sentence, status_code=422)
        for pk in ("0", "9" * 18):
            assertContains(post(client, order, devices=pk), "Individen finns inte.", status_code=422)
        for pk in ("x", "\x00", "9" * 30, "-1"):
            assertContains(post(client, order, devices=pk), "Individen finns inte. Välj en annan.", status_code=422)
        assert post(client, order, numbers="\x00").status_code == 422

    def test_twice(self, client: Client, order: Order, devices: list[Device]) -> None:
        number = devices[0].number
        for values in ({"numbers": f"{number} {number}"}, {"numbers": number, "devices": devices[0].pk}):
            assertContains(post(client, order, **values), f"{number} står två gånger.", status_code=422)

    def test_more_than_remains(self, client: Client, order: Order, devices: list[Device]) -> None:
        response = post(client, order, numbers=" ".join(device.number for device in devices))
        assertContains(response, "3 är valda, men 2 återstår att leverera.", status_code=422)

    def test_nothing(self, client: Client, order: Order) -> None:
        assertContains(post(client, order), "Ange antal på minst en rad.", status_code=422)

    def test_what_a_colleague_picks(self, client: Client, world: World, order: Order, devices: list[Device]) -> None:
        colleague = factories.UserFactory.create(name="Helena Ask", role="HMS lager", customer=world.region)
        claim_orders(order_ids=[order.pk], by=colleague, at=world.now())
        response = client.get(url(order))
        assert ticked(response) == []
        assertContains(response, "Plockas av Helena Ask sedan")
        assertContains(response, reverse("pick_take_over", args=[order.pk, colleague.pk]))
        response = post(client, order, numbers=devices[0].number)
        assertContains(response, "15121 Rollator plockas av Helena Ask sedan", status_code=422)
        assert order.lines.get().claimed_by == colleague


def test_what_is_already_out(client: Client, world: World, devices: list[Device]) -> None:
    first, second = (world.order("bestallning", article=world.walker, quantity=1) for _ in range(2))
    post(client, first, numbers=devices[0].number)
    response = post(client, second, numbers=devices[0].number)
    assertContains(response, f"{devices[0]} är redan utlämnad.", status_code=422)
    store = world.order("lagerflytt", article=world.walker, quantity=1)
    post(client, store, numbers=devices[1].number)
    response = post(client, second, numbers=devices[1].number)
    assertContains(response, f"{devices[1]} är på väg till 50101 Arvika kommunlager.", status_code=422)


def test_a_line_for_a_device_takes_only_that_one(client: Client, world: World) -> None:
    chosen, other = Device.objects.in_warehouse(world.store).order_by("pk")[:2]
    order = world.register("direktforskrivning", [(world.walker, 1, chosen)])
    client.force_login(world.anna)
    response = client.get(url(order))
    assert ticked(response) == [chosen.number]
    assertNotContains(response, "Förslag:")
    response = post(client, order, numbers=other.number)
    assertContains(response, f"Raden gäller individ {chosen}, inte {other}.", status_code=422)
    assertRedirects(post(client, order, devices=chosen.pk), order.get_absolute_url())


def test_the_line_says_how_far_it_has_come(client: Client, world: World) -> None:
    order = world.order("bestallning", article=world.walker, quantity=5)
    pick = Pick(
        line_id=world.line(order).pk,
        quantity=2,
        device_ids=tuple(Device.objects.in_warehouse(world.central).order_by("pk").values_list("pk", flat=True)[:2]),
    )
    world.deliver(order, [pick])
    for page in (url(order), order.get_absolute_url()):
        assertContains(client.get(page), "2 av 5 levererade, 2 restnoterade")


@pytest.mark.parametrize("lines", [1, 8])
def test_the_number_of_statements_does_not_grow_with_the_lines(client: Client, world: World, lines: int) -> None:
    """Delivered by typing numbers: the page looks at its devices in two statements, and the operation in three more."""
    rows = {}
    for article in factories.ArticleFactory.create_batch(lines, numbered=True):
        rows[article] = world.devices(world.central, article, 3)
    order = world.register("bestallning", dict.fromkeys(rows, 2))
    pks = {line.article: line.pk for line in order.lines.select_related("article")}
    data = {f"rad-{pks[article]}-numbers": " ".join(map(str, found[:2])) for article, found in rows.items()}
    client.get(url(order))  # what is asked once and kept
    with CaptureQueriesContext(connection) as queries:
        assert client.post(url(order), {"key": str(uuid4()), **data}).status_code == 302
    assert len(queries) == 36
