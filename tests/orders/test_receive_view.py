from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from inventory.models import Device, StockLevel
from inventory.operations.receiving import Arrival, receive_goods
from orders.models import Delivery, FailureReason, OrderState, Receipt
from orders.operations.delivering import Pick
from orders.operations.failing import fail_delivery
from parties.models import User
from tests.factories import ArticleFactory, UserFactory
from tests.registered import World


def url(delivery: Delivery) -> str:
    return reverse("delivery_receive", args=[delivery.pk])


def post(client: Client, delivery: Delivery, **values: Any) -> HttpResponse:
    line = delivery.lines.get()
    return send(client, delivery, {f"rad-{line.pk}-{name}": value for name, value in values.items()})


def send(client: Client, delivery: Delivery, values: dict[str, Any], *unsent: dict[str, Any]) -> HttpResponse:
    """The counts, and the rows of what was not sent."""
    data = {"annan-TOTAL_FORMS": len(unsent), "annan-INITIAL_FORMS": 0} | values
    data |= {f"annan-{row}-{name}": value for row, fields in enumerate(unsent) for name, value in fields.items()}
    return client.post(url(delivery), data)  # type: ignore[return-value]  # the stubs say another response


def balance(world: World) -> tuple[int, int]:
    """On hand and incoming in the store."""
    level = StockLevel.objects.get(warehouse=world.store, article=world.chair)
    return level.on_hand, level.incoming


def test_the_page_says_what_was_sent(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assertContains(client.get(url(delivery)), 'aria-label="Mottaget 14710 Duschpall"')


def test_the_balance_grows_only_now(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    assert balance(world) == (10, 2)
    client.force_login(world.per)
    response = client.post(url(delivery), {"everything": "1"})
    assertRedirects(response, delivery.order.get_absolute_url())
    delivery.order.refresh_from_db()
    assert (balance(world), delivery.order.state) == ((12, 0), OrderState.RECEIVED)


def test_a_shortage_has_a_reason(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assertContains(post(client, delivery, received=1), "Skriv varför det skiljer sig: 1 saknas.", status_code=422)
    assert not Receipt.objects.exists()
    assertRedirects(post(client, delivery, received=1, reason="Trasig"), delivery.order.get_absolute_url())
    assert balance(world) == (11, 1)
    assertContains(client.get(delivery.order.get_absolute_url()), "1 saknas: Trasig")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"received": "3"}, "2 skickades. Skriv varför det skiljer sig: 1 för mycket."),
        ({"received": "2", "damaged": "3", "reason": "x"}, "2 skickades. Fler än så kan inte vara skadade."),
        ({"received": "1", "damaged": "1"}, "Skriv varför det skiljer sig: 1 skadat."),
        ({"received": "99999", "reason": "x"}, "Kontrollera antalet. 2 skickades."),
        ({"received": "-1"}, "Antalet kan inte vara mindre än 0."),
        ({"received": "1.5"}, "Skriv antalet som ett heltal."),
        ({"received": ""}, "Skriv hur många som kom, 0 om inget kom."),
        ({"received": "1", "reason": "\x00"}, "Null"),
        ({"received": "1", "reason": "x" * 10_000}, "200"),
    ],
)
def test_refuses_what_cannot_be(client: Client, world: World, values: dict[str, str], sentence: str) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assertContains(post(client, delivery, **values), sentence, status_code=422)
    assert (Receipt.objects.count(), balance(world)) == (0, (10, 2))


def test_confirming_twice_is_harmless(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    for _ in range(2):
        assertRedirects(client.post(url(delivery), {"everything": "1"}), delivery.order.get_absolute_url())
    assert (Receipt.objects.count(), balance(world)) == (1, (12, 0))


def test_asks_who_you_are(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    assertRedirects(client.get(url(delivery)), f"{reverse('login')}?next={url(delivery)}")


def test_only_store_staff_confirm(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    for person in (world.anna, world.hakan):
        client.force_login(person)
        assert client.post(url(delivery), {"everything": "1"}).status_code == 403
    assert balance(world) == (10, 2)


def test_is_not_found_in_another_municipality(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.other_prescriber)
    assert client.get(url(delivery)).status_code == 404


def test_has_no_other_methods(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    assert client.put(url(delivery)).status_code == 405


def test_more_than_was_sent_has_a_reason(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    response = post(client, delivery, received=3, reason="En extra i kartongen")
    assertRedirects(response, delivery.order.get_absolute_url())
    line = Receipt.objects.get().lines.get()
    assert (line.received, line.extra, balance(world)) == (2, 1, (12, 0))


def test_damaged_ones_are_told_apart(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    client.force_login(world.per)
    post(client, delivery, received=0, damaged=1, reason="Sprucken")
    line = Receipt.objects.get().lines.get()
    assert (line.received, line.missing, line.damaged, balance(world)) == (0, 1, 1, (10, 2))
    assertContains(client.get(delivery.order.get_absolute_url()), "Mottagen, skiljer sig")


class TestDevices:
    @pytest.fixture
    def delivery(self, world: World) -> Delivery:
        """Walkers HV000001 and HV000002 of three in lager 10; the store has HV000004 to HV000006."""
        order = world.order("lagerflytt", article=world.walker)
        pick = Pick(line_id=order.lines.get().pk, quantity=2, device_ids=tuple(walkers(world)[:2]))
        return world.deliver(order, [pick])

    def post(self, client: Client, world: World, delivery: Delivery, *states: str, **values: str) -> HttpResponse:
        client.force_login(world.per)
        lines = list(delivery.lines.order_by("pk"))
        values |= {f"device_{line.device_id}": state for line, state in zip(lines, states, strict=True)}
        return send(client, delivery, {f"rad-{lines[0].pk}-{name}": value for name, value in values.items()})

    def test_each_is_said(self, client: Client, world: World, delivery: Delivery) -> None:
        response = self.post(client, world, delivery, "skadad", "hel", extra="hv000003", reason="Böjd; en till")
        assertRedirects(response, delivery.order.get_absolute_url())
        first, second = Receipt.objects.get().lines.order_by("pk")
        assert (first.damaged, first.extra, first.extra_devices.get().number) == (1, 1, "HV000003")
        assert (second.received, second.reason) == (1, "")

    @pytest.mark.parametrize(
        ("states", "extra", "sentence"),
        [
            (("saknas", "hel"), "", "Skriv varför det skiljer sig: 1 saknas."),
            (("hel", "borta"), "", "borta"),
            (("hel", "hel"), "HV999999", "Individ HV999999 finns inte."),
            (("hel", "hel"), "HV000001", "Individ HV000001 skickades."),
            (("hel", "hel"), "HV000004", "Individ HV000004 finns redan i lagret."),
            (("hel", "hel"), "STOL1", "Individ STOL1 är 2"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, client: Client, world: World, delivery: Delivery, states: tuple[str, ...], extra: str, sentence: str
    ) -> None:
        stool = ArticleFactory.create(numbered=True)
        arrival = Arrival(article=stool, device_numbers=("STOL1",))
        receive_goods(warehouse=world.central, arrivals=[arrival], by=None, at=world.now(), key="stool")
        reason = "En till" if extra else ""
        response = self.post(client, world, delivery, *states, extra=extra, reason=reason)
        assertContains(response, sentence, status_code=422)
        assert not Receipt.objects.exists()


def walkers(world: World) -> list[int]:
    return list(Device.objects.in_warehouse(world.central).order_by("pk").values_list("pk", flat=True))


class TestTwoPeople:
    @pytest.fixture
    def colleague(self, world: World) -> User:
        return UserFactory.create(name="Tove Ek", role="Tekniker", customer=world.rehab)

    def test_the_second_sees_who_did_it(self, client: Client, world: World, colleague: User) -> None:
        delivery = world.delivered_transfer()
        client.force_login(world.per)
        client.post(url(delivery), {"everything": "1"})
        client.force_login(colleague)
        response = post(client, delivery, received=1, reason="En saknas")
        assertContains(response, "av Per Nero", status_code=409)
        assert "Redan kvitterad." in response.text
        assert (Receipt.objects.get().actor, balance(world)) == (world.per, (12, 0))

    def test_the_finished_receipt_is_there_to_read(self, client: Client, world: World) -> None:
        delivery = world.delivered_transfer()
        client.force_login(world.per)
        post(client, delivery, received=1, reason="Tom kartong")
        for person in (world.per, world.hakan, world.lina):
            client.force_login(person)
            response = client.get(url(delivery))
            assertContains(response, "Tom kartong")
            assertContains(response, "Inte reglerad")

    def test_those_who_may_not_receive_do_not(self, client: Client, world: World) -> None:
        delivery = world.delivered_transfer()
        client.force_login(world.per)
        client.post(url(delivery), {"everything": "1"})
        client.force_login(world.lina)
        assert client.post(url(delivery), {"everything": "1"}).status_code == 403


def test_what_came_back_is_not_received(client: Client, world: World) -> None:
    delivery = world.delivered_transfer()
    fail_delivery(delivery_id=delivery.pk, reason=FailureReason.REFUSED, note="", by=world.hakan, at=world.now())
    client.force_login(world.per)
    for answer in (client.get(url(delivery)), client.post(url(delivery), {"everything": "1"})):
        assertRedirects(answer, delivery.order.get_absolute_url())
    assert not Receipt.objects.exists()


class TestWhatWasNotSent:
    """The delivery has two chairs; a stool or a walker comes along."""

    @pytest.fixture
    def delivery(self, client: Client, world: World) -> Delivery:
        ArticleFactory.create(number="14540", name="Toaförhöjning", gtin="07350000000019")
        client.force_login(world.per)
        return world.delivered_transfer()

    def post(self, client: Client, delivery: Delivery, *unsent: dict[str, Any], **values: Any) -> HttpResponse:
        counted = {f"rad-{delivery.lines.get().pk}-received": "2"}
        return send(client, delivery, counted | values, *unsent)

    @pytest.mark.parametrize("written", ["14540", " 07350000000019 "])
    def test_is_noted_and_booked_nowhere(self, client: Client, world: World, delivery: Delivery, written: str) -> None:
        response = self.post(client, delivery, {"article": written, "quantity": "3", "reason": "Fel kartong"}, {})
        assertRedirects(response, delivery.order.get_absolute_url())
        line = Receipt.objects.get().lines.get(delivery_line=None)
        assert (line.article.number, line.extra, line.unsettled, line.reason) == ("14540", 3, 3, "Fel kartong")
        assert balance(world) == (12, 0)
        assert not StockLevel.objects.filter(article=line.article).exists()
        page = client.get(delivery.order.get_absolute_url())
        assertContains(page, "3 inte skickat: Fel kartong")
        assertContains(page, "Mottagen, skiljer sig")
        assertContains(client.get(url(delivery)), "Toaförhöjning")

    def test_of_a_numbered_article_the_devices_are_named(
        self, client: Client, world: World, delivery: Delivery
    ) -> None:
        row = {"article": world.walker.number, "devices": "hv000001\nhv000002", "reason": "Två rollatorer"}
        assertRedirects(self.post(client, delivery, row), delivery.order.get_absolute_url())
        line = Receipt.objects.get().lines.get(delivery_line=None)
        assert (line.extra, [str(device) for device in line.extra_devices.order_by("number")]) == (
            2,
            ["HV000001", "HV000002"],
        )

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            ({"article": "99999", "quantity": "1", "reason": "x"}, "Artikel 99999 finns inte."),
            ({"quantity": "1", "reason": "x"}, "Ange artikel."),
            ({"article": "14540", "reason": "x"}, "Ange antal."),
            ({"article": "14540", "quantity": "0", "reason": "x"}, "Antalet är minst 1."),
            ({"article": "14540", "quantity": "1"}, "Skriv vad som har hänt."),
            ({"article": "14540", "quantity": "1", "devices": "HV000001", "reason": "x"}, "inte individmärkt"),
            ({"article": "14710", "quantity": "1", "reason": "x"}, "14710 Duschpall står redan på kvittensen."),
            ({"article": "15121", "quantity": "1", "reason": "x"}, "Skriv numret på varje individ som kom."),
            ({"article": "15121", "devices": "HV999999", "reason": "x"}, "Individ HV999999 finns inte."),
            ({"article": "15121", "devices": "HV000004", "reason": "x"}, "Individ HV000004 finns redan i lagret."),
            ({"article": "15121", "devices": "HV000001", "quantity": "2", "reason": "x"}, "1 individnummer är angivna"),
            ({"article": "\x00", "quantity": "1", "reason": "x"}, "Null"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, client: Client, world: World, delivery: Delivery, row: dict[str, str], sentence: str
    ) -> None:
        assertContains(self.post(client, delivery, {}, row), sentence, status_code=422)
        assert (Receipt.objects.count(), balance(world)) == (0, (10, 2))

    def test_the_same_article_stands_on_one_row(self, client: Client, delivery: Delivery) -> None:
        row = {"article": "14540", "quantity": "1", "reason": "x"}
        response = self.post(client, delivery, row, row)
        assertContains(response, 'id="id_annan-1-article_error"', status_code=422)
        assert not Receipt.objects.exists()

    def test_there_can_be_more_rows(self, client: Client, delivery: Delivery) -> None:
        row = {"article": "14540", "quantity": "1", "reason": "x"}
        response = self.post(client, delivery, row, more="1")
        assertContains(response, 'name="annan-2-article"')
        assertContains(response, 'value="14540"')
        assert not Receipt.objects.exists()

    def test_pressing_twice_notes_it_once(self, client: Client, delivery: Delivery) -> None:
        for _ in range(2):
            response = self.post(client, delivery, {"article": "14540", "quantity": "1", "reason": "x"})
            assertRedirects(response, delivery.order.get_absolute_url())
        assert Receipt.objects.get().lines.filter(delivery_line=None).count() == 1

    def test_a_page_without_the_rows_is_refused(self, client: Client, delivery: Delivery) -> None:
        data = {f"rad-{delivery.lines.get().pk}-received": "2", "annan-0-article": "14540"}
        assert client.post(url(delivery), data).status_code == 422
        assert not Receipt.objects.exists()
