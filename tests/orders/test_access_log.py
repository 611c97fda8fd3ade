"""Every page, part and document that shows a patient leaves a row in the access log; the others leave none."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AccessLogEntry
from orders.models import Holding, Order
from parties.models import User
from tests.factories import PatientFactory
from tests.registered import World

Row = tuple[str, str, str]  # what, about, page


@pytest.fixture
def logged(client: Client) -> Callable[[], list[Row]]:
    """The rows since the last call, as the log reviewer reads them."""
    seen: list[int] = []

    def rows() -> list[Row]:
        entries = list(AccessLogEntry.objects.exclude(pk__in=seen).order_by("pk"))
        seen.extend(entry.pk for entry in entries)
        return [(entry.get_act_display(), entry.about, entry.route) for entry in entries]

    return rows


def test_an_order_to_a_patient(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    order = world.order("direktforskrivning")
    client.force_login(world.anna)
    client.get(reverse("order_detail", args=[order.pk]))
    client.get(reverse("order_cancel", args=[order.pk]))
    client.get(reverse("order_list"), {"sok": str(order)})
    client.get(reverse("order_list"), {"visa": "mina"}, headers={"HX-Request": "true"})
    client.get(reverse("home"))
    assert logged() == [
        ("Öppnad order", str(order), "order_detail"),
        ("Öppnad order", str(order), "order_cancel"),
        ("Sökträff", str(order), "order_list"),
        ("Visad i lista", str(order), "order_list"),
        ("Visad i lista", str(order), "home"),
    ]
    entry = AccessLogEntry.objects.latest("id")
    assert (entry.user, entry.unit, entry.patient) == (world.anna, world.rehab, world.patient)


def test_handing_out_and_its_documents(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    order = world.order("direktforskrivning")
    client.force_login(world.anna)
    page = reverse("order_deliver", args=[order.pk])
    client.get(page)
    client.post(page, {"key": uuid4(), "everything": "1"})
    delivery = order.deliveries.get()
    client.get(reverse("delivery_note", args=[delivery.pk]))
    client.get(reverse("goods_label", args=[delivery.pk]))
    assert logged() == [
        ("Öppnad order", str(order), "order_deliver"),
        ("Utleverans", f"Utleverans {delivery}", "order_deliver"),
        ("Utskrivet dokument", f"Följesedel {delivery}", "delivery_note"),
        ("Utskrivet dokument", f"Godsmärkning {delivery}", "goods_label"),
    ]


def test_picking(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    order = world.order("forskrivning")
    client.force_login(world.hakan)
    client.get(reverse("order_pick_list", args=[order.pk]))
    assert logged() == [("Utskrivet dokument", f"Plocklista {order}", "order_pick_list")]


def test_canceling(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    order = world.order("forskrivning")
    client.force_login(world.anna)
    client.post(reverse("order_cancel", args=[order.pk]), {"reason": "NOT_NEEDED"})
    assert logged() == [("Makulering", str(order), "order_cancel")]


def test_the_wizard(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    order = world.begun("direktforskrivning")
    client.force_login(world.anna)
    for page in ("order_parties", "order_lines", "order_review"):
        client.get(reverse(page, args=[order.pk]))
    client.post(reverse("order_register", args=[order.pk]), {"version": order.version})
    saved = Order.objects.get()
    assert saved.number
    assert logged() == [
        ("Order under registrering", f"Utkast {order.pk}", "order_parties"),
        ("Order under registrering", f"Utkast {order.pk}", "order_lines"),
        ("Order under registrering", f"Utkast {order.pk}", "order_review"),
        ("Sparad order", saved.number, "order_register"),
    ]


def test_a_part_that_does_not_say_to_whom(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    order = world.begun("direktforskrivning")
    client.force_login(world.anna)
    response = client.get(reverse("order_lines", args=[order.pk]), {"sok": "duschpall"}, headers={"HX-Request": "true"})
    assert "Astrid" not in response.text
    assert logged() == []


def test_patients_that_a_search_in_the_wizard_finds(
    world: World, client: Client, logged: Callable[[], list[Row]]
) -> None:
    namesake = PatientFactory.create(name="Astrid Lind", municipality=world.arvika)
    dead = PatientFactory.create(name="Berta Dahl", municipality=world.arvika, deceased_on=world.clock.date())
    order = world.draft("forskrivning", {world.chair: 1}, recipient_patient=None)
    client.force_login(world.anna)
    page = reverse("order_parties", args=[order.pk])
    for text in ("Astrid", "Astrid Lind", "Berta", "Ingen heter så"):
        client.post(page, {"version": order.version, "orderer": "anbe01", "recipient": text, "verify": "recipient"})
    entries = AccessLogEntry.objects.order_by("pk")
    assert {entry.patient for entry in entries[:2]} == {world.patient, namesake}
    assert [entry.patient for entry in entries[2:]] == [namesake, dead]
    assert set(logged()) == {("Sökträff", f"Utkast {order.pk}", "order_parties")}


def test_patient_search_logs_each_hit_and_only_what_the_page_shows(
    world: World, client: Client, logged: Callable[[], list[Row]]
) -> None:
    PatientFactory.create_batch(60, name="Maj Ek", municipality=world.arvika)
    client.force_login(world.anna)
    client.post(reverse("patient_list"), {"sok": "Astrid Fröding"}, follow=True)
    assert logged() == [("Sökträff", "", "patient_list")]
    page = client.post(reverse("patient_list"), {"sok": "Maj"}, follow=True).context["page"]
    assert logged() == [("Sökträff", "", "patient_list")] * 50
    client.get(reverse("patient_list") + page.next_url)
    assert logged() == [("Sökträff", "", "patient_list")] * 10
    world.order("forskrivning")
    client.get(reverse("patient_list"))
    assert logged() == [("Visad i lista", "", "patient_list")]


def test_taking_something_back(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    delivery = world.deliver(world.order("direktforskrivning"))
    holding = Holding.objects.get(delivery_line__delivery=delivery)
    client.force_login(world.per)
    page = client.get(reverse("return_list"), {"sok": str(delivery.order)})
    (_holding, form) = page.context["rows"][0]
    data = {"key": form["key"].value(), "quantity": "1", "warehouse": world.store.pk}
    assert client.post(reverse("return_receive", args=[holding.pk]), data).status_code == 302
    assert logged() == [
        ("Sökträff", f"Retur, {delivery}", "return_list"),
        ("Retur", f"Retur, {delivery}", "return_receive"),
    ]


def test_the_administration(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    order = world.order("direktforskrivning")
    world.deliver(order)
    client.force_login(User.objects.create_superuser("rot01", name="Rut Oskarsson"))
    client.get(reverse("admin:parties_patient_changelist"))
    for page in ("change", "history", "delete"):
        client.get(reverse(f"admin:parties_patient_{page}", args=[world.patient.pk]))
    client.get(reverse("admin:orders_order_changelist"))
    client.get(reverse("admin:orders_order_change", args=[order.pk]))
    client.get(reverse("admin:inventory_location_changelist"))
    client.get(reverse("admin:inventory_stockmovement_changelist"))
    found = [(what, about.rstrip("0123456789"), page.removeprefix("admin:")) for what, about, page in logged()]
    one, many = "Öppnad i administrationen", "Visad i administrationens lista"
    series = str(order).rstrip("0123456789")
    assert found == [
        (many, "", "parties_patient_changelist"),
        (one, "", "parties_patient_change"),
        (one, "", "parties_patient_history"),
        (one, "", "parties_patient_delete"),
        (many, series, "orders_order_changelist"),
        (one, series, "orders_order_change"),
        (many, "plats ", "inventory_location_changelist"),
        (many, "lagerrörelse ", "inventory_stockmovement_changelist"),
    ]


def test_no_patient_is_suggested_in_the_administration(
    world: World, client: Client, logged: Callable[[], list[Row]]
) -> None:
    client.force_login(User.objects.create_superuser("rot01", name="Rut Oskarsson"))
    field = {"app_label": "orders", "model_name": "order", "field_name": "recipient_patient"}
    answer = client.get(reverse("admin:autocomplete"), field | {"term": "Astrid"})
    assert answer.json()["results"] == []
    assert logged() == []


def test_orders_to_others_leave_no_row(world: World, client: Client, logged: Callable[[], list[Row]]) -> None:
    order = world.order("bestallning")
    client.force_login(world.anna)
    for address in (reverse("order_detail", args=[order.pk]), reverse("order_list"), reverse("home")):
        assert client.get(address).status_code == 200
    assert logged() == []


def test_anothers_order_shows_nothing_and_leaves_no_row(
    world: World, client: Client, logged: Callable[[], list[Row]]
) -> None:
    order = world.order("direktforskrivning")
    client.force_login(world.other_prescriber)
    assert client.get(reverse("order_detail", args=[order.pk])).status_code == 404
    assert logged() == []
