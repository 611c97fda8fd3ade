from dataclasses import replace
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries, assertRedirects

from inventory.models import Device
from orders.models import Delivery, DifferenceKind, ReceiptLine, ReceiptSettlement, SettlementOutcome
from orders.operations.delivering import Pick
from orders.operations.receiving import Counted, Unsent, receive_delivery
from orders.operations.settling import settle_difference
from orders.views import differences
from tests.factories import ArticleFactory, UserFactory
from tests.listing.reading import read_csv
from tests.registered import World

LIST = reverse("difference_list")


def received(world: World, counted: Counted, delivery: Delivery | None = None) -> ReceiptLine:
    """Of 3 chairs sent to the store."""
    delivery = delivery or world.delivered_transfer(3)
    of_line = {delivery.lines.order_by("pk")[0].pk: counted}
    receipt = receive_delivery(delivery_id=delivery.pk, by=world.per, at=world.now(), counted=of_line)
    return receipt.lines.order_by("pk")[0]


@pytest.fixture
def line(world: World) -> ReceiptLine:
    return received(world, Counted(received=1, missing=2, reason="Tom kartong"))


def url(line: ReceiptLine) -> str:
    return reverse("difference_settle", args=[line.pk])


def post(client: Client, line: ReceiptLine, **values: object) -> HttpResponse:
    data = {"key": uuid4(), "outcome": "MISSING:LOST", "quantity": 1} | values
    return client.post(url(line), data)  # type: ignore[return-value]


class TestList:
    def test_is_seen_at_both_ends_and_settled_at_one(self, client: Client, world: World, line: ReceiptLine) -> None:
        for person, sees in ((world.hakan, assertContains), (world.per, assertNotContains)):
            client.force_login(person)
            response = client.get(LIST)
            assertContains(response, "2 saknas")
            assertContains(response, "Tom kartong")
            sees(response, url(line))

    def test_is_empty_when_all_is_settled(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.hakan)
        post(client, line, quantity=2)
        assertContains(client.get(LIST), "Inga öppna avvikelser")

    def test_others_see_nothing(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.other_staff)
        assertNotContains(client.get(LIST), "Tom kartong")
        for person in (world.anna, world.lina):
            client.force_login(person)
            assert client.get(LIST).status_code == 403

    def test_is_sorted_and_paged_by_key(
        self, client: Client, world: World, line: ReceiptLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(differences, "DIFFERENCES", replace(differences.DIFFERENCES, page_size=1))
        newer = received(world, Counted(received=0, damaged=1, reason="Trasig"), world.delivered_transfer(1))
        client.force_login(world.hakan)
        assert client.get(LIST).context["page"].rows == [line]
        assert client.get(f"{LIST}?efter={line.pk}").context["page"].rows == [newer]
        assert client.get(f"{LIST}?ordning=-utleverans").context["page"].rows == [newer]

    def test_is_saved_by_whoever_sees_it(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.per)
        head, row = read_csv(client.get(LIST + "?format=csv").getvalue())
        assert [*zip(head, row, strict=True)][2:7] == [
            ("Artikel", "14710"),
            ("Benämning", "Duschpall"),
            ("Avvikelse", "2 saknas"),
            ("Orsak", "Tom kartong"),
            ("Kvar att reglera", "2"),
        ]
        client.force_login(world.other_staff)
        assert read_csv(client.get(LIST + "?format=csv").getvalue()) == [head]
        client.force_login(world.anna)
        assert client.get(LIST + "?format=csv").status_code == 403

    def test_asks_who_you_are(self, client: Client, db: None) -> None:
        assertRedirects(client.get(LIST), f"{reverse('login')}?next={LIST}")

    def test_the_queries_do_not_grow(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.hakan)
        client.get(LIST)
        with assertNumQueries(10):
            client.get(LIST)
        for _ in range(3):
            received(world, Counted(received=0, damaged=1, reason="Trasig"), world.delivered_transfer(1))
        with assertNumQueries(10):
            client.get(LIST)


class TestSettling:
    def test_says_what_it_is_about(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.hakan)
        response = client.get(url(line))
        assertContains(response, '<optgroup label="Saknas: 2 st">')
        assertNotContains(response, "Skadat:")

    def test_a_part_and_then_the_rest(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.hakan)
        assertRedirects(post(client, line, outcome="MISSING:ARRIVED", note="Hittad bakom bilen"), LIST)
        assert world.level(world.store, world.chair) == (12, 0, 1)
        assertContains(client.get(LIST), "är reglerat")
        assertRedirects(post(client, line, outcome="MISSING:WITH_SENDER"), LIST)
        assert world.level(world.store, world.chair) == (12, 0, 0)
        assertContains(client.get(reverse("delivery_receive", args=[line.receipt.delivery_id])), "Hittad bakom bilen")

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"outcome": ""}, "Välj hur det slutade."),
            ({"outcome": "MISSING:FOUND"}, "MISSING:FOUND"),
            ({"outcome": "DAMAGED:LOST"}, "DAMAGED:LOST"),
            ({"quantity": "3"}, "2 är kvar att reglera."),
            ({"quantity": "0"}, "Antalet är minst 1."),
            ({"quantity": "en"}, "Skriv antalet som ett heltal."),
            ({"note": "x" * 201}, "200"),
            ({"key": "nej"}, "UUID"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, client: Client, world: World, line: ReceiptLine, values: dict[str, str], sentence: str
    ) -> None:
        client.force_login(world.hakan)
        assertContains(post(client, line, **values), sentence, status_code=422)
        assert not ReceiptSettlement.objects.exists()
        assert world.level(world.store, world.chair) == (11, 0, 2)

    def test_pressing_twice_is_harmless(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.hakan)
        key = uuid4()
        for _ in range(2):
            assertRedirects(post(client, line, key=key), LIST)
        assert ReceiptSettlement.objects.count() == 1

    def test_what_somebody_settled_meanwhile(self, client: Client, world: World, line: ReceiptLine) -> None:
        colleague = UserFactory.create(name="Kim Ås", role="HMS lager", customer=world.region)
        settle_difference(
            key=uuid4(),
            receipt_line_id=line.pk,
            kind=DifferenceKind.MISSING,
            outcome=SettlementOutcome.LOST,
            quantity=2,
            by=colleague,
            at=world.now(),
        )
        client.force_login(world.hakan)
        assertContains(post(client, line), "Kim Ås", status_code=409)
        receipt = reverse("delivery_receive", args=[line.receipt.delivery_id])
        assertRedirects(client.get(url(line)), receipt)
        assert ReceiptSettlement.objects.count() == 1

    def test_only_the_central_service_settles(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.per)
        assert client.get(url(line)).status_code == 403
        assert post(client, line).status_code == 403
        assert not ReceiptSettlement.objects.exists()

    def test_is_not_found_in_another_municipality(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.other_staff)
        assert client.get(url(line)).status_code == 404

    def test_has_no_other_methods(self, client: Client, world: World, line: ReceiptLine) -> None:
        client.force_login(world.hakan)
        assert (client.put(url(line)).status_code, client.post(LIST).status_code) == (405, 405)


def test_an_extra_device_is_settled_by_its_name(client: Client, world: World) -> None:
    first, extra, _ = Device.objects.in_warehouse(world.central).order_by("pk")
    order = world.order("lagerflytt", article=world.walker, quantity=1)
    delivery = world.deliver(order, [Pick(line_id=order.lines.get().pk, quantity=1, device_ids=(first.pk,))])
    counted = Counted(received=1, extra=1, extra_device_ids=(extra.pk,), reason="En till i lådan")
    line = received(world, counted, delivery)
    client.force_login(world.hakan)
    page = client.get(url(line))
    assertContains(page, f"För mycket: individ {extra}")
    assertNotContains(page, "EXTRA:FOUND")
    assertRedirects(post(client, line, outcome=f"EXTRA:FROM_SENDER:{extra.pk}"), LIST)
    extra.refresh_from_db()
    assert extra.location.warehouse == world.store


class TestWhatWasNotSent:
    @pytest.fixture
    def other(self, world: World) -> ReceiptLine:
        stool = ArticleFactory.create(number="14540", name="Toaförhöjning")
        unsent = [Unsent(article=stool, quantity=2, reason="Fel kartong")]
        delivery = world.delivered_transfer(3)
        receipt = receive_delivery(delivery_id=delivery.pk, by=world.per, at=world.now(), unsent=unsent)
        return receipt.lines.get(delivery_line=None)

    def test_is_seen_at_both_ends_and_settled(self, client: Client, world: World, other: ReceiptLine) -> None:
        for person in (world.per, world.hakan):
            client.force_login(person)
            response = client.get(LIST)
            assertContains(response, "14540")
            assertContains(response, "2 inte skickat")
        assertContains(client.get(url(other)), '<optgroup label="För mycket: 2 st">')
        assertRedirects(post(client, other, outcome="EXTRA:FOUND", quantity=2), LIST)
        assertContains(client.get(LIST), "Inga öppna avvikelser")
        assert world.level(world.store, other.article) == (2, 0, 0)

    def test_stands_in_the_order_of_its_article(
        self, client: Client, world: World, line: ReceiptLine, other: ReceiptLine
    ) -> None:
        client.force_login(world.hakan)
        assert client.get(f"{LIST}?ordning=artikel").context["page"].rows == [other, line]
        assert client.get(f"{LIST}?ordning=artikel&efter={other.pk}").context["page"].rows == [line]
        rows = read_csv(client.get(LIST + "?format=csv").getvalue())
        assert [row[2] for row in rows] == ["Artikel", "14710", "14540"]
