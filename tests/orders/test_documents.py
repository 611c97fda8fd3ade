from datetime import datetime
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pypdf.generic import StreamObject
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Device, StockLevel
from orders.documents import delivery_note, goods_label, pick_list
from orders.documents.goods_label import EDGE, MODULE, SECOND, SIZE
from orders.documents.layout import QUIET, barcode
from orders.documents.text import printable
from orders.models import Delivery, FailureReason, Order
from orders.operations.delivering import Pick
from orders.operations.failing import fail_delivery
from orders.reading import WITH_CUSTOMER, read_orders
from parties.models import Protection, User
from tests import factories
from tests.registered import World

AT = datetime(2026, 11, 12, 13, 5, tzinfo=timezone.get_fixed_timezone(60))
DELIVERY_DOCUMENTS = ["delivery_note", "goods_label"]


def read(pdf: bytes) -> str:
    """The text of all pages, words that wrapped joined by single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def everything_in(pdf: bytes) -> str:
    """The text, the metadata, and every stream of the file as it is after unpacking."""
    reader = PdfReader(BytesIO(pdf))
    objects = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
    streams = [found.get_data().decode("latin-1") for found in objects if isinstance(found, StreamObject)]
    return "\n".join([read(pdf), str(reader.metadata), pdf.decode("latin-1"), *streams])


def with_parties(*orders: Order) -> list[Order]:
    return read_orders(sorted(order.pk for order in orders), WITH_CUSTOMER)


def documents_of(delivery: Delivery) -> list[bytes]:
    delivery = Delivery.objects.get(pk=delivery.pk)  # nothing that an earlier page has read
    return [
        pick_list(with_parties(delivery.order), at=AT),
        delivery_note(delivery, at=AT),
        goods_label(delivery, at=AT),
    ]


def test_the_documents_of_a_failed_delivery_say_so(world: World) -> None:
    delivery = world.deliver(world.order("bestallning"))
    assert "misslyckad" not in read(delivery_note(delivery, at=AT))
    fail_delivery(delivery_id=delivery.pk, reason=FailureReason.WRONG_ADDRESS, note="", by=world.hakan, at=world.now())
    for pdf in documents_of(delivery)[1:]:
        assert "Leverans misslyckad" in read(pdf)
    assert "Fel adress. Varorna är tillbaka hos avsändaren." in read(documents_of(delivery)[1])


def test_pick_list_has_what_remains(world: World) -> None:
    order = world.register("forskrivning", {world.chair: 12, world.walker: 2})
    text = read(pick_list(with_parties(order), at=AT))
    for words in (f"Plocklista {order.number}", "Astrid F., 1931", "14710 Duschpall 2 10 st", "15121 Rollator"):
        assert words in text
    assert "Plocka i 10 Hjälpmedelsservice" in text
    assert "Rest är restnoterat" in text
    assert "Utskriven 12 nov 2026 13:05" in text
    assert text.count("______________") == 2, "one blank for each device to pick"
    assert "Fröding" not in text


def test_pick_list_names_the_chosen_device(world: World) -> None:
    device = Device.objects.in_warehouse(world.central).order_by("pk")[1]
    order = world.register("forskrivning", [(world.walker, 1, device)])
    assert f"Individ {device.number}" in read(pick_list(with_parties(order), at=AT))


def test_pick_list_leaves_out_what_has_gone(world: World) -> None:
    order = world.register("bestallning", {world.chair: 3, world.walker: 1})
    world.deliver(order, [Pick(line_id=world.line(order, world.chair).pk, quantity=3)])
    text = read(pick_list(with_parties(order), at=AT))
    assert "Rollator" in text
    assert "Duschpall" not in text
    canceled = world.register("bestallning", {world.chair: 1})
    world.deliver(canceled)
    assert "Inget återstår att plocka." in read(pick_list(with_parties(canceled), at=AT))


def test_pick_list_of_several_orders_has_totals(world: World) -> None:
    first = world.register("bestallning", {world.chair: 3})
    second = world.register("lagerflytt", {world.chair: 4})
    text = read(pick_list(with_parties(first, second), at=AT))
    assert "14710 Duschpall 7 st" in text
    assert f"{first.number} 3 st" in text
    assert f"{second.number} 4 st" in text


def test_pick_list_goes_along_the_shelves(world: World) -> None:
    shelves = {world.chair: "B-07", world.walker: "A-12"}
    for article, shelf in shelves.items():
        StockLevel.objects.filter(article=article, warehouse=world.central).update(shelf=shelf)
    order = world.register("bestallning", {world.chair: 3, world.walker: 1})
    text = read(pick_list(with_parties(order), at=AT))
    assert text.index("A-12 15121") < text.index("B-07 14710")


def test_delivery_note_has_both_ends_and_the_devices(world: World) -> None:
    order = world.register("forskrivning", {world.walker: 2, world.chair: 1})
    chosen = list(Device.objects.in_warehouse(world.central).order_by("pk")[:2])
    pick = Pick(line_id=world.line(order, world.walker).pk, quantity=2, device_ids=tuple(one.pk for one in chosen))
    delivery = world.deliver(order, [pick])
    text = read(delivery_note(delivery, at=AT))
    for words in ("10 Hjälpmedelsservice", "Astrid Fröding", "Anna Bergqvist", "Rollator", "2 st", "Sida 1 av 1"):
        assert words in text
    assert f"Individ {chosen[0]}, {chosen[1]}" in text
    assert f"Ordernummer {order.number} Utleveransnummer {delivery.number}" in text
    assert "Duschpall" not in text
    assert world.patient.identity_number not in text


def test_goods_label_is_100_by_70_millimeters(world: World) -> None:
    delivery = world.deliver(world.register("forskrivning", {world.chair: 1}))
    pdf = goods_label(delivery, at=AT)
    page = PdfReader(BytesIO(pdf)).pages[0]
    assert [round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height)] == [100, 70]
    text = read(pdf)
    for words in ("Astrid Fröding", delivery.number, delivery.order.number, "Kolli", "Från 10 Hjälpmedelsservice"):
        assert str(words) in text


def test_both_numbers_fit_side_by_side_on_the_label() -> None:
    """As Code 128 with their white margins, also the hundredth delivery of the last order of a year."""
    first, second = (barcode(number, module=MODULE).width for number in ("L-26-999999", "L-26-999999-100"))
    assert EDGE - QUIET * MODULE + first <= SECOND - QUIET * MODULE
    assert SECOND - QUIET * MODULE + second <= SIZE[0]


def test_two_hundred_lines_break_over_pages_and_none_is_lost(world: World) -> None:
    articles = [factories.ArticleFactory.create(name=f"Gångstöd åäö {n:03d}.") for n in range(200)]
    for article in articles:
        world.stock(world.central, article, 1)
    order = world.register("bestallning", dict.fromkeys(articles, 1))
    picking = pick_list(with_parties(order), at=AT)
    for pdf in (picking, delivery_note(world.deliver(order), at=AT)):
        pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
        assert len(pages) > 4
        assert all("Benämning" in page for page in pages), "the head stands on every page"
        assert all(f"Sida {number} av {len(pages)}" in page for number, page in enumerate(pages, start=1))
        text = read(pdf)
        assert [article.name for article in articles if text.count(article.name) != 1] == []


def test_hundreds_of_devices_of_one_line_break_over_pages(world: World) -> None:
    made = world.devices(world.central, world.walker, 400)
    order = world.register("lagerflytt", {world.walker: 400})
    assert "Skriv individnumren på ett eget blad." in read(pick_list(with_parties(order), at=AT))
    pick = Pick(line_id=world.line(order).pk, quantity=400, device_ids=tuple(device.pk for device in made))
    text = read(delivery_note(world.deliver(order, [pick]), at=AT))
    assert [device.number for device in made if text.count(device.number) != 1] == []


@pytest.mark.parametrize("protection", [Protection.CONFIDENTIAL, Protection.PROTECTED])
def test_a_protected_person_is_nowhere_in_the_file(world: World, protection: Protection) -> None:
    patient = world.patient
    patient.protection, patient.street, patient.postal_code, patient.city = protection, "Hemgatan 7", "99988", "Gömby"
    patient.phone = "070-1234567"
    patient.save()
    order = world.register("forskrivning", {world.chair: 2})
    delivery = world.deliver(order, [Pick(line_id=world.line(order).pk, quantity=1)])
    for pdf in documents_of(delivery):
        found = everything_in(pdf)
        assert str(order.number) in found
        assert "50101 Arvika kommun Rehabenhet" in found
        number = patient.identity_number
        hidden = ["Astrid", "Fröding", "Hemgatan", "99988", "Gömby", "1234567", number[2:8]]
        hidden += ["Anna", "Bergqvist", "Håkan", "Lantz"]
        assert [word for word in hidden if word in found] == []
        # Four digits stand by chance among the places of a file's objects, which differ from run to run.
        assert [digits for digits in (number[:4], number[8:]) if digits in read(pdf)] == []


def test_long_and_foreign_names_are_printed(world: World) -> None:
    """Letters that the font has are kept; others become a question mark that can be seen, and nothing crashes."""
    name = "Łucja Żółkiewska Олена Ñandú " + "Långtefternamn" * 4 + " 日本 & <b>x</b>"
    world.patient.name = name
    world.patient.save()
    order = world.register("forskrivning", {world.chair: 2})
    delivery = world.deliver(order, [Pick(line_id=world.line(order).pk, quantity=1)])
    _, note, label = documents_of(delivery)
    for pdf in (note, label):
        text = read(pdf)
        for words in ("Łucja", "Żółkiewska", "Олена", "Ñandú", "??", "& <b>x</b>"):
            assert words in text


@pytest.mark.parametrize(
    ("value", "printed"),
    [("a\u030ak", "åk"), ("a\x00b\nc", "a b c"), ("hj\u00adälp", "hjälp"), ("علي", "???"), ("🦽", "?"), (None, "None")],
)
def test_text_can_always_be_printed(value: object, printed: str) -> None:
    assert printable(value) == printed


@pytest.mark.parametrize("lines", [1, 20])
def test_statements_do_not_grow_with_the_lines(
    world: World, lines: int, django_assert_num_queries: DjangoAssertNumQueries, client: Client
) -> None:
    articles = factories.ArticleFactory.create_batch(lines)
    for article in articles:
        world.stock(world.central, article, 2)
    order = world.register("bestallning", dict.fromkeys(articles, 2))
    delivery = world.deliver(order, [Pick(line_id=line.pk, quantity=1) for line in order.lines.all()])
    orders = with_parties(order, world.register("bestallning", dict.fromkeys(articles, 1)))
    with django_assert_num_queries(2):  # the lines with their articles and devices, and the shelves
        pick_list(orders, at=AT)
    client.force_login(world.hakan)
    for name, statements in (("delivery_note", 7), ("goods_label", 6)):
        with django_assert_num_queries(statements):
            assert client.get(reverse(name, args=[delivery.pk])).status_code == 200


def test_shown_in_the_browser_and_never_kept(client: Client, world: World) -> None:
    delivery = world.deliver(world.order("forskrivning"))
    client.force_login(world.hakan)
    names = {
        reverse("order_pick_list", args=[delivery.order_id]): f"plocklista-{delivery.order.number}.pdf",
        reverse("delivery_note", args=[delivery.pk]): f"foljesedel-{delivery.number}.pdf",
        reverse("goods_label", args=[delivery.pk]): f"godsmarkning-{delivery.number}.pdf",
    }
    for url, name in names.items():
        response = client.get(url)
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'inline; filename="{name}"'
        assert "no-store" in response["Cache-Control"]
        assert PdfReader(BytesIO(response.content)).pages
        assert client.post(url).status_code == 405


@pytest.fixture
def urls(world: World) -> list[str]:
    delivery = world.deliver(world.order("direktforskrivning"))
    pick = reverse("order_pick_list", args=[delivery.order_id])
    return [pick, *(reverse(name, args=[delivery.pk]) for name in DELIVERY_DOCUMENTS)]


def test_asks_who_you_are(client: Client, urls: list[str]) -> None:
    for url in urls:
        assertRedirects(client.get(url), f"{reverse('login')}?next={url}")


def test_is_not_found_in_another_municipality(client: Client, world: World, urls: list[str]) -> None:
    client.force_login(world.other_prescriber)
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_needs_the_right_to_see_orders(client: Client, urls: list[str]) -> None:
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    assert [client.get(url).status_code for url in urls] == [403, 403, 403]


def test_pick_list_is_for_those_who_deliver(client: Client, world: World) -> None:
    order = world.order("bestallning")
    url = reverse("order_pick_list", args=[order.pk])
    client.force_login(world.anna)
    assert client.get(url).status_code == 403
    client.force_login(world.hakan)
    assert client.get(url).status_code == 200


def test_a_draft_has_no_pick_list(client: Client, world: World) -> None:
    draft = world.begun("direktbestallning")
    client.force_login(world.anna)
    assert client.get(reverse("order_pick_list", args=[draft.pk])).status_code == 404


def test_the_order_page_links_to_what_the_viewer_can_print(client: Client, world: World) -> None:
    order = world.register("bestallning", {world.chair: 3})
    delivery = world.deliver(order, [Pick(line_id=world.line(order).pk, quantity=1)])
    picking = reverse("order_pick_list", args=[order.pk])
    for user, may_pick in ((world.hakan, True), (world.lina, False)):
        client.force_login(user)
        page = client.get(order.get_absolute_url())
        for name in DELIVERY_DOCUMENTS:
            assertContains(page, f'href="{reverse(name, args=[delivery.pk])}"')
        assert (picking in page.content.decode()) == may_pick
    world.deliver(order)
    client.force_login(world.hakan)
    assertNotContains(client.get(order.get_absolute_url()), picking)
