"""*Orderöversikt* saved as a file."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessLogEntry, Act
from orders.operations.delivering import Pick
from parties.models import Patient, Protection
from tests.listing.reading import read_csv, read_xlsx
from tests.registered import World

URL = reverse("order_list")


def saved(client: Client, format: str, query: str = "") -> list[list[Any]]:
    content = client.get(f"{URL}?format={format}{query}").getvalue()
    return read_csv(content) if format == "csv" else [list(row.values()) for row in read_xlsx(content)]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_saves_what_is_shown(client: Client, world: World, format: str) -> None:
    orders = [world.order(kind) for kind in ("bestallning", "forskrivning")]
    client.force_login(world.anna)
    head, *rows = saved(client, format, "&ordning=order")
    shown = ["Order", "Typ", "Mottagare", "Lager", "Status", "Vem gör vad nu"]
    assert head == [*shown, "Registrerad", "Beställare"]
    assert [row[:6] for row in rows] == [
        [orders[0].number, "Beställning", "01-05 Björkbacken", "10", "Registrerad", "Hjälpmedelsservice plockar"],
        [orders[1].number, "Förskrivning", "Astrid F., 1931", "10", "Registrerad", "Hjälpmedelsservice plockar"],
    ]
    assert [row[0] for row in saved(client, format, "&typ=F")[1:]] == [orders[1].number]


def test_says_who_does_what_now_and_how_far_it_has_come_as_the_page_does(client: Client, world: World) -> None:
    partly, _, sent = (world.order(kind) for kind in ("bestallning", "direktforskrivning", "lagerflytt"))
    world.deliver(partly, [Pick(line_id=world.line(partly).pk, quantity=1)])
    world.deliver(sent, [Pick(line_id=world.line(sent).pk, quantity=2)])
    for reader in (world.anna, world.per, world.hakan):
        client.force_login(reader)
        rows = client.get(URL).context["rows"]
        assert [(row[4], row[5]) for row in saved(client, "csv")[1:]] == [
            (row.status.word, row.act.words) for row in rows
        ]


def test_each_patient_is_in_the_log_before_the_row_leaves(client: Client, world: World) -> None:
    order = world.order("forskrivning")
    world.order("bestallning")
    client.force_login(world.anna)
    response = client.get(f"{URL}?format=csv")
    entry = AccessLogEntry.objects.get()
    assert (entry.patient, entry.act, entry.about, entry.route) == (
        world.patient,
        Act.EXPORT,
        order.number,
        "order_list",
    ), "nothing has been sent yet"
    response.close()


def test_patients_are_for_those_who_may_see_them(client: Client, world: World) -> None:
    world.order("forskrivning")
    client.force_login(world.lina)
    assert [row[2] for row in saved(client, "csv")[1:]] == ["Patient"]
    client.force_login(world.anna)
    Patient.objects.update(protection=Protection.PROTECTED)
    assert [row[2] for row in saved(client, "csv")[1:]] == ["Skyddade uppgifter"]
    client.force_login(world.other_prescriber)
    assert saved(client, "csv")[1:] == []


def test_many_rows_cost_a_statement_for_each_thousand(client: Client, world: World) -> None:
    for _ in range(3):
        world.order("forskrivning")
    client.force_login(world.anna)
    with CaptureQueriesContext(connection) as three:
        saved(client, "csv")
    world.order("forskrivning")
    with CaptureQueriesContext(connection) as four:
        saved(client, "csv")
    assert len(three) == len(four)
