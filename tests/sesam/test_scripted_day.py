"""A day at Arvika, driven through the pages: the access log is exactly the rows written here, in their order.

Every row is (user, unit, patient, what, about, page, reason); a look too many is wrong as one too few.
"""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AccessLogEntry
from orders.models import Delivery, Order
from parties.models import Patient, Protection, User
from tests.factories import PatientFactory
from tests.registered import World

PASSWORD = "sesam-demo"  # what the factory gives everybody
EMERGENCY = "Akut hembesök efter ett fall, patienten väntar."
PROTECTED = "Provar ut rollator på uppdrag av hälsocentralen."
Row = tuple[str, str, str, str, str, str, str]


class Day:
    """One person's browser."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.post("login", username=user.username, password=PASSWORD)

    def get(self, name: str, *args: Any, **query: str) -> Any:
        return self.client.get(reverse(name, args=args), query)

    def search(self, name: str, text: str) -> Any:
        """As the form does it: posted, and sent on to an address that does not have it."""
        return self.client.get(self.post(name, sok=text)["Location"])

    def post(self, name: str, *args: Any, **data: Any) -> Any:
        response = self.client.post(reverse(name, args=args), data)
        assert response.status_code == 302, (name, response.status_code)
        return response


def rows() -> list[Row]:
    entries = AccessLogEntry.objects.select_related("user", "unit", "patient").order_by("pk")
    return [
        (
            entry.user.username,
            entry.unit.number if entry.unit else "",
            entry.patient.name,
            entry.get_act_display(),
            entry.about,
            entry.route,
            entry.reason,
        )
        for entry in entries
    ]


@pytest.fixture
def berta(world: World) -> Patient:
    return PatientFactory.create(
        name="Berta Ström", identity_number="194712249863", municipality=world.arvika, protection=Protection.PROTECTED
    )


def prescribe(day: Day, patient: Patient, world: World) -> Order:
    """The wizard from the patient's page, through every step, handed out at once."""
    key = day.get("order_new", "forskrivning", patient=str(patient.pk)).context["form"]["key"].value()
    day.post("order_new", "forskrivning", key=key, subtype="direktforskrivning", patient=patient.pk)
    order = Order.objects.get(draft_key=key)
    form = day.get("order_parties", order.pk).context["form"]
    day.post("order_parties", order.pk, **form.initial)
    day.get("order_lines", order.pk)
    day.post("order_lines", order.pk, article=world.chair.number, quantity="1")
    day.get("order_review", order.pk)
    day.post("order_hand_out", order.pk, key=uuid4())
    return Order.objects.get(pk=order.pk)


def test_the_log_of_a_day_is_exactly_what_was_looked_at(world: World, berta: Patient) -> None:
    anna, astrid = Day(world.anna), world.patient
    anna.get("home")
    anna.search("patient_list", "Astrid")
    anna.get("patient_detail", astrid.pk)  # nobody's care yet: sent on to the question
    anna.get("patient_open", astrid.pk)
    anna.post("patient_open", astrid.pk, reason=EMERGENCY)
    anna.get("patient_detail", astrid.pk)
    order = prescribe(anna, astrid, world)
    anna.get("order_detail", order.pk)
    delivery = Delivery.objects.get(order=order)
    anna.get("delivery_note", delivery.pk)
    anna.get("patient_list")  # in the unit's care by now
    anna.get("patient_list", format="xlsx")
    anna.search("order_list", "19311104-9809")
    anna.get("order_list", typ="F", format="csv").getvalue()

    anna.search("patient_list", "19471224-9863")
    anna.post("patient_open", berta.pk, reason=PROTECTED)
    anna.get("patient_detail", berta.pk)
    lina = Day(world.lina)  # orders for the unit and meets no patients
    lina.get("home")
    lina.search("order_list", str(order))
    lina.get("stock_list")
    lina.get("patient_list")  # 403
    stranger = Day(world.other_prescriber)
    stranger.get("order_detail", order.pk)  # 404
    stranger.search("patient_list", "Astrid")

    number, draft, note = str(order), f"Utkast {order.pk}", str(delivery)
    who = ("anbe01", "50101", "Astrid Fröding")
    masked = ("anbe01", "50101", "Berta Ström")
    assert rows() == [
        (*who, "Sökträff", "", "patient_list", ""),
        (*who, "Sökträff", "", "patient_open", ""),
        (*who, "Nödöppning", "", "patient_open", EMERGENCY),
        (*who, "Öppnad patient", "", "patient_detail", ""),
        (*who, "Order under registrering", draft, "order_parties", ""),
        (*who, "Order under registrering", draft, "order_lines", ""),
        (*who, "Order under registrering", draft, "order_review", ""),
        (*who, "Sparad order", number, "order_hand_out", ""),
        (*who, "Utleverans", f"Utleverans {note}", "order_hand_out", ""),
        (*who, "Öppnad order", number, "order_detail", ""),
        (*who, "Utskrivet dokument", f"Följesedel {note}", "delivery_note", ""),
        (*who, "Visad i lista", "", "patient_list", ""),
        (*who, "Export", "", "patient_list", ""),
        (*who, "Sökträff", "", "order_list", ""),
        (*who, "Sökträff", number, "order_list", ""),
        (*who, "Export", number, "order_list", ""),
        (*masked, "Sökträff", "", "patient_list", ""),
        (*masked, "Nödöppning", "", "patient_open", PROTECTED),
        (*masked, "Öppnad patient", "", "patient_detail", ""),
        ("lini01", "50101", "Astrid Fröding", "Visad i lista", number, "home", ""),
        ("lini01", "50101", "Astrid Fröding", "Sökträff", number, "order_list", ""),
    ]


def test_texts_of_the_log_never_say_who_a_patient_is(world: World, berta: Patient) -> None:
    """Only the foreign key does; it says so also when the identity is protected later."""
    day = Day(world.anna)
    for text in ("Astrid", "Fröding", "19311104-9809", "Berta", "19471224-9863"):
        day.search("patient_list", text)
        day.search("order_list", text)
    for patient in (world.patient, berta):
        day.post("patient_open", patient.pk, reason=EMERGENCY)
        day.get("patient_detail", patient.pk)
        day.get("order_detail", prescribe(day, patient, world).pk)
    entries = AccessLogEntry.objects.all()
    assert {entry.patient for entry in entries} == {world.patient, berta}
    assert {entry.is_protected for entry in entries if entry.patient == berta} == {True}
    texts = " ".join(f"{entry.about} {entry.route} {entry.reason}" for entry in entries)
    for secret in ("Astrid", "Fröding", "Berta", "Ström", "1931", "1947", "9809", "9863"):
        assert secret not in texts
