"""*Individer*: which devices are shown to whom, where they are and what can be done with them; never with whom."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from audit.models import AccessLogEntry
from inventory.models import Device, DeviceState, DeviceStatus
from inventory.models.device import HAS_STATUS, DeviceQuerySet
from inventory.reading import DEVICES
from inventory.views import devices
from orders.models import Holding
from orders.operations.picking import Pick
from orders.operations.returning import receive_return
from parties.models import Protection, User
from tests.factories import ArticleFactory
from tests.listing.reading import read_csv, read_xlsx
from tests.registered import World

URL = reverse("device_list")
PATIENT = ("Astrid", "Fröding", "193111049809", "311104-9809")


def shown(client: Client, query: str = "") -> dict[str, tuple[str, str]]:
    """Of each device on the page the number, where it is, and its status; in the page's order."""
    page = client.get(URL + query).context["page"]
    return {device.number: (device.location.whereabouts, device.status.label) for device in page}


def keys(devices: DeviceQuerySet) -> list[int]:
    return list(devices.values_list("pk", flat=True))


def handed_out(world: World, kind: str) -> Device:
    """One walker that has left its warehouse: to the patient, to the unit, or to the own store."""
    order = world.order(kind, quantity=1, article=world.walker)
    assert order.sender
    device = Device.objects.in_warehouse(order.sender).order_by("pk")[0]
    world.deliver(order, [Pick(line_id=order.lines.get().pk, quantity=1, device_ids=(device.pk,))])
    return device


def returned(world: World) -> Device:
    """One that the unit has given back, not looked at yet."""
    device = handed_out(world, "direktbestallning")
    holding = Holding.objects.get(device=device)
    receive_return(key=uuid4(), holding_id=holding.pk, warehouse=world.store, quantity=1, by=world.per, at=world.now())
    return device


def on_its_way(world: World) -> Device:
    return handed_out(world, "lagerflytt")


def blocked(world: World) -> Device:
    device = world.store_walkers()[0]
    Device.objects.filter(pk=device.pk).update(state=DeviceState.BLOCKED)
    return device


@pytest.mark.parametrize(
    ("make", "where", "status"),
    [
        (lambda world: world.store_walkers()[0], "50101 Arvika kommunlager", "I lager"),
        (lambda world: handed_out(world, "direktforskrivning"), "Hos patient", "Utlämnad"),
        (lambda world: handed_out(world, "direktbestallning"), "01-05 Björkbacken", "Utlämnad"),
        (returned, "Returhyllan i 50101 Arvika kommunlager", "Väntar på kontroll"),
        (on_its_way, "På väg till 50101 Arvika kommunlager", "På väg"),
        (blocked, "50101 Arvika kommunlager", "Spärrad"),
    ],
)
def test_says_where_it_is_and_filters_by_status(
    client: Client, world: World, make: Callable[[World], Device], where: str, status: str
) -> None:
    device = make(world)
    client.force_login(world.per)
    assert shown(client)[device.number] == (where, status)
    word = next(value for value, label in DeviceStatus.choices if label == status)
    found = shown(client, f"?status={word}")
    assert device.number in found
    assert {label for _, label in found.values()} == {status}


def test_every_device_has_one_status(world: World) -> None:
    handed_out(world, "direktforskrivning")
    for make in (returned, on_its_way, blocked):
        make(world)
    Device.objects.filter(pk=Device.objects.in_warehouse(world.central).latest("pk").pk).update(
        state=DeviceState.SCRAPPED
    )
    having = {pk: status for status, condition in HAS_STATUS.items() for pk in keys(Device.objects.filter(condition))}
    assert sum(Device.objects.filter(condition).count() for condition in HAS_STATUS.values()) == len(having)
    assert {device.pk: device.status for device in DEVICES.in_order(keys(Device.objects.all()))} == having
    assert set(having.values()) >= {DeviceStatus.UNCHECKED, DeviceStatus.HANDED_OUT, DeviceStatus.ON_ITS_WAY}
    assert set(having.values()) >= {DeviceStatus.IN_STOCK, DeviceStatus.BLOCKED, DeviceStatus.SCRAPPED}


@pytest.mark.parametrize("is_protected", [False, True])
def test_never_says_with_which_patient(client: Client, world: World, is_protected: bool) -> None:
    device = handed_out(world, "direktforskrivning")
    if is_protected:
        world.patient.protection = Protection.PROTECTED
        world.patient.save()
    for person in (world.anna, world.per, world.hakan):
        client.force_login(person)
        for url in (URL, f"{URL}?sok={device.number}", f"{URL}?format=csv"):
            response = client.get(url)
            text = response.getvalue().decode()
            assert device.number in text
            assert not [word for word in PATIENT if word in text]
    assert not AccessLogEntry.objects.filter(route="device_list").exists(), "nobody was shown"


def test_shows_the_municipality_its_own_and_those_of_warehouse_10(client: Client, world: World) -> None:
    (theirs,) = world.devices(world.other_store, world.walker, 1)
    own = handed_out(world, "direktforskrivning")
    client.force_login(world.anna)
    assert len(shown(client)) == 6
    assert theirs.number not in shown(client)
    client.force_login(world.other_staff)
    assert own.number not in shown(client), "with a patient of another municipality"
    assert set(shown(client)) == {theirs.number, *shown(client, "?lager=10")}
    client.force_login(world.hakan)
    assert len(shown(client)) == 7


@pytest.mark.parametrize("query", ["?lager=50101", "?efter={pk}", "?fore={pk}"])
def test_says_nothing_of_another_municipalitys_device(client: Client, world: World, query: str) -> None:
    """Neither by a filter nor by where it would stand in the order."""
    world.devices(world.other_store, world.walker, 1)  # after the other one in the order
    client.force_login(world.other_staff)
    asked = query.format(pk=world.store_walkers()[1].pk)
    assert shown(client, asked) == shown(client)
    assertNotContains(client.get(URL + asked), "Arvika")


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("?sok=HV000004", [3]),
        ("?sok=hv000004", [3]),
        ("?sok=HV00000", [0, 1, 2, 3, 4, 5]),
        ("?sok=V000004", []),
        ("?sok=abc", [5]),
        ("?sok=ABC-1", [5]),
        ("?sok=%25", []),
        ("?lager=10", [0, 1, 2]),
        ("?lager=50101&sok=abc", [5]),
        ("?artikel=rolator", [0, 1, 2, 3, 4, 5]),
        ("?artikel=15121", [0, 1, 2, 3, 4, 5]),
        ("?artikel=duschpall", []),
        ("?ordning=-individ", [5, 4, 3, 2, 1, 0]),
        ("?ordning=finns&sok=hv", [0, 1, 2, 3, 4, 5]),
        ("?ordning=-serienummer", [5, 4, 3, 2, 1, 0]),
    ],
)
def test_filters_and_sorts(client: Client, world: World, query: str, places: list[int]) -> None:
    numbers = list(Device.objects.order_by("number").values_list("number", flat=True))
    Device.objects.filter(number=numbers[5]).update(serial_number="ABC-123")
    client.force_login(world.anna)
    assert list(shown(client, query)) == [numbers[place] for place in places]


HOSTILE = ["%00", "x" * 500, "9" * 30, "-1", "'", "%F0%9F%A6%BD", "{{ 7 }}"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["lager", "status", "efter", "fore", "ordning", "format"])
def test_what_makes_no_sense_filters_nothing(client: Client, world: World, name: str, value: str) -> None:
    client.force_login(world.anna)
    assert len(shown(client, f"?{name}={value}")) == 6


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["sok", "artikel"])
def test_answers_whatever_is_typed(client: Client, world: World, name: str, value: str) -> None:
    client.force_login(world.anna)
    assert client.get(f"{URL}?{name}={value}").status_code == 200


def test_pages_by_key(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "DEVICES", replace(devices.DEVICES, page_size=4))
    client.force_login(world.anna)
    first = client.get(URL).context["page"]
    assert first.next_url == f"?efter={first[3].pk}"
    assert len(shown(client, first.next_url)) == 2
    assertContains(client.get(URL), "6 individer")


def test_sorts_by_place_and_by_status(client: Client, world: World) -> None:
    handed_out(world, "direktforskrivning")
    handed_out(world, "bestallning")
    on_its_way(world)
    returned(world)
    client.force_login(world.hakan)
    places = [place for place, _ in shown(client, "?ordning=finns").values()]
    assert places == [
        "01-05 Björkbacken",
        "10 Hjälpmedelsservice",
        f"Returhyllan i {world.store}",
        f"På väg till {world.store}",
        str(world.store),
        "Hos patient",
    ]
    statuses = [status for _, status in shown(client, "?ordning=status").values()]
    order = [status.label for status in DeviceStatus]
    assert statuses == sorted(statuses, key=order.index)
    assert statuses[::-1] == [status for _, status in shown(client, "?ordning=-status").values()]


def test_is_saved_as_it_is_filtered_and_sorted(client: Client, world: World) -> None:
    device = world.store_walkers()[2]
    Device.objects.filter(pk=device.pk).update(serial_number="=1+1")
    client.force_login(world.anna)
    response = client.get(URL + "?lager=50101&ordning=-individ&format=csv")
    assert response["Content-Disposition"] == f'attachment; filename="individer-{timezone.localdate()}.csv"'
    head, first, *others = read_csv(response.getvalue())
    assert head == ["Individ", "Serienummer", "Artikel", "Benämning", "Finns", "Status"]
    assert first == [device.number, "'=1+1", "15121", "Rollator", "50101 Arvika kommunlager", "I lager"]
    assert len(others) == 2
    excel = read_xlsx(client.get(URL + "?lager=50101&sok=%3D&format=xlsx").getvalue())
    assert excel[1:] == [{"A": device.number, "B": "=1+1", "C": "15121", "D": "Rollator", "E": first[4], "F": first[5]}]


def test_a_part_is_answered_to_htmx(client: Client, world: World) -> None:
    client.force_login(world.anna)
    response = client.get(URL, headers={"HX-Request": "true"})
    assertContains(response, 'id="devices"')
    assertNotContains(response, "<html")


def test_says_what_to_do_when_nothing_is_found(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assertContains(client.get(URL + "?sok=finnsinte"), "Ingen individ passar filtret")


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


@pytest.mark.parametrize("query", ["", "?format=csv"])
def test_needs_the_right_to_see_stock(client: Client, world: World, query: str) -> None:
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    assert client.get(URL + query).status_code == 403


def test_is_only_read(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize("query", ["", "?format=csv"])
def test_asks_as_much_for_many_rows_as_for_one(client: Client, world: World, query: str) -> None:
    client.force_login(world.anna)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(URL + query).getvalue()
        return len(queries)

    client.get(URL)
    before = statements()
    for _ in range(3):
        world.devices(world.store, ArticleFactory.create(numbered=True), 5)
    assert statements() == before


def test_what_is_written_in_a_row_is_text_and_not_markup(client: Client, world: World) -> None:
    device = world.store_walkers()[0]
    Device.objects.filter(pk=device.pk).update(serial_number="<i>1</i>", number="<i>2</i>")
    for thing in (device.article, world.store):
        type(thing).objects.filter(pk=thing.pk).update(name="<i>3</i>")
    client.force_login(world.per)
    for url in (URL, reverse("article_detail", args=[device.article.number])):
        page = client.get(url).content.decode()
        assert "<i>" not in page
        assert all(f"&lt;i&gt;{number}&lt;/i&gt;" in page for number in (1, 2, 3))
