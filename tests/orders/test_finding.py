"""The search of the page head: what it finds for whom, by which indexes, and at what cost."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.finding import Findings, exact_order, find_everywhere, may_find
from parties.limits import TooManySearches
from parties.models import Patient, Protection, SearchCount, User
from tests.factories import CareUnitFactory, UserFactory
from tests.planning import fill, plans_of
from tests.registered import World

IDENTITY = "19311104-9809"
ODD = ["", "a", "å" * 100, "%", "_", "%%%", "a%b", "'", '"', "שלום עולם", "🦽", "-", "# " * 40, "\\", "x_", "  ", "0"]
ODD += [" ".join(f"ord{n}" for n in range(12)), "9" * 90, "\N{RIGHT-TO-LEFT OVERRIDE}abc", "]d2", "F-26-%", "²³"]


def find(text: str, user: User, *, whole: bool = True) -> Findings:
    return find_everywhere(text, user=user, at=timezone.now(), whole=whole)


def hits(text: str, user: User, *, whole: bool = True) -> dict[str, list[str]]:
    found = find(text, user, whole=whole)
    return {group.key: [hit.number or hit.name for hit in group.hits] for group in found.groups}


def test_each_kind_by_number_and_name(world: World) -> None:
    order, device = world.order("bestallning"), world.store_walkers()[0]
    per = world.per
    assert hits(str(order), per) == {"ordrar": [str(order)]}
    assert hits(str(order)[-4:], per)["ordrar"] == [str(order)]
    assert hits("14710", per)["artiklar"] == ["14710"]
    assert hits("duschp", per) == {"artiklar": ["14710"]}
    assert device.number in hits(device.number, per)["individer"]
    assert hits("björk", per) == {"enheter": ["01-05"]}
    assert hits("01-0", per) == {"enheter": ["01-05"]}
    assert hits("arvika kommunl", per) == {"lager": ["50101"]}


def test_an_order_does_not_say_to_which_patient(world: World) -> None:
    order = world.order("direktforskrivning")
    (group,) = find(str(order), world.anna).groups
    assert [hit.name for hit in group.hits] == ["Direktförskrivning till patient"]


@pytest.mark.parametrize("text", [IDENTITY, "311104-9809", "193111049809", " 311104 9809 "])
def test_a_patient_by_the_number_in_any_writing_while_typing(world: World, text: str) -> None:
    assert hits(text, world.anna, whole=False) == {"patienter": [IDENTITY]}
    assert find(text, world.anna, whole=False).patients == [world.patient]


def test_a_patient_by_name_only_when_the_text_is_whole(world: World) -> None:
    assert hits("astrid", world.anna, whole=False) == {}
    assert hits("fröd astrid", world.anna) == {"patienter": [IDENTITY]}


def test_a_protected_patient_is_found_by_number_and_shows_nothing(world: World) -> None:
    Patient.objects.update(protection=Protection.CONFIDENTIAL)
    assert hits("astrid", world.anna) == {}
    (group,) = find(IDENTITY, world.anna).groups
    assert [(hit.number, hit.name) for hit in group.hits] == [("", "Skyddade uppgifter")]


def test_nothing_of_another_municipality(world: World) -> None:
    order, device = world.order("bestallning"), world.store_walkers()[0]
    for text in (str(order), str(order)[-4:], "björk", "arvika", IDENTITY, "astrid"):
        assert hits(text, world.other_prescriber) == {}, text
    assert "individer" not in hits(device.number, world.other_prescriber)  # which article it is, is no secret
    assert exact_order(str(order), user=world.other_prescriber) is None
    assert exact_order(str(order), user=world.anna) == order


def test_a_role_asks_only_for_what_it_may_see(world: World) -> None:
    assert hits(IDENTITY, world.per) == hits("astrid", world.per) == {}
    nobody = UserFactory.create(customer=world.rehab)
    reviewer = UserFactory.create(role="Loggranskare")
    with CaptureQueriesContext(connection) as queries:
        assert [may_find(person) for person in (world.anna, world.per, nobody, reviewer)] == [True, True, False, False]
        assert hits("björk", nobody) == hits("14710", reviewer) == {}
    assert not [query for query in queries if "parties_party" in query["sql"] and "UPPER" in query["sql"]]


def test_only_a_search_for_patients_counts(world: World, settings: pytest.FixtureRequest) -> None:
    for text in ("björk", "14710", "F-26-000001", "duschpall"):
        hits(text, world.anna, whole=False)
    hits("14710", world.anna)
    assert not SearchCount.objects.exists()
    settings.PATIENT_SEARCHES_PER_MINUTE = 1  # type: ignore[attr-defined]
    at = timezone.now()
    find_everywhere(IDENTITY, user=world.anna, at=at)
    with pytest.raises(TooManySearches):
        find_everywhere("astrid", user=world.anna, at=at, whole=True)
    assert find_everywhere("björk", user=world.anna, at=at).groups


def test_five_of_each_and_whether_there_are_more(world: World) -> None:
    for n in range(5):
        CareUnitFactory.create(number=f"02-0{n}", name=f"Björkhagen {n}", parent=world.arvika)
    (group,) = find("björk", world.lina).groups
    assert (len(group.hits), group.has_more) == (5, True)
    (group,) = find("björkh", world.lina).groups
    assert (len(group.hits), group.has_more) == (5, False)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("whole", [True, False])
def test_answers_whatever_is_typed(world: World, text: str, whole: bool) -> None:
    assert hits(text, world.anna, whole=whole) == {}


def test_a_wrong_identity_number_is_said_to_be_wrong(world: World) -> None:
    assert "Kontrollsiffran" in find("19311104-9800", world.anna).advice
    assert find("19311104-9800", world.per).advice == find("14710", world.anna).advice == ""


ORDERS = """
    INSERT INTO orders_order (draft_key, number, subtype_id, type, state, registrar_id, orderer_id, customer_id,
        municipality_id, payer_id, sender_id, recipient_unit_id, created_at, registered_at)
    SELECT gen_random_uuid(), 'B-25-' || lpad(n::text, 6, '0'), subtype_id, type, state, registrar_id, orderer_id,
        customer_id, municipality_id, payer_id, sender_id, recipient_unit_id, created_at, registered_at
    FROM orders_order CROSS JOIN generate_series(1, 20000) AS n WHERE id = %s
"""
DEVICES = """
    INSERT INTO inventory_device (number, article_id, serial_number, state, location_id)
    SELECT 'X-' || lpad(n::text, 6, '0'), article_id, 'SN' || n, 'OK', location_id
    FROM inventory_device CROSS JOIN generate_series(1, 20000) AS n WHERE id = %s
"""
BIG = ("orders_order", "inventory_device", "parties_party", "parties_patient")


@pytest.fixture
def region(world: World) -> World:
    """Enough of everything for a scan to be the slower way."""
    order, device = world.order("bestallning"), world.store_walkers()[0]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(ORDERS, [order.pk])
        cursor.execute(DEVICES, [device.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE orders_order, inventory_device")
    for table in ("parties_party", "parties_patient"):
        fill(table, parent=world.arvika.pk)
    return world


def test_each_group_is_read_by_an_index(region: World) -> None:
    texts = [
        "B-25-004211",
        "B-25-0042",
        "4211",
        "211",
        "7",
        "X-0042",
        "SN17",
        "enhet 0a1b",
        "patient 0a1b",
        "ab",
        "01-0",
    ]
    for who in (region.anna, region.hakan):
        for text in [*texts, IDENTITY, *ODD]:
            act: Callable[[], object] = partial(find, text, who)
            for plan in plans_of(act):
                assert not [table for table in BIG if f"Seq Scan on {table}" in plan], (text, plan)


def test_how_many_statements_a_search_takes(region: World) -> None:
    for text in ("4211", "björkbacken enhet", "X-0042", IDENTITY, "B-25-004211"):
        find(text, region.anna)
        with CaptureQueriesContext(connection) as queries:
            find(text, region.anna)
        assert len(queries) <= 10, (text, [query["sql"][:80] for query in queries])


def test_the_newest_order_stands_first(world: World) -> None:
    older, newer = world.order("bestallning"), world.order("bestallning")
    common = str(older)[: -len("1")]
    assert str(newer).startswith(common)
    assert hits(common, world.lina)["ordrar"] == [str(newer), str(older)]
