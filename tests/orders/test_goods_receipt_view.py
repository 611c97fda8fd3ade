from collections.abc import Mapping
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from inventory.models import Article, Device, GoodsReceipt
from inventory.operations.receiving import Arrival, receive_goods
from tests.factories import ArticleFactory
from tests.fixtures import Town

URL = "/lager/inleverans/"


def form(town: Town, *rows: Mapping[str, object], **header: object) -> dict[str, object]:
    data: dict[str, object] = {"key": str(uuid4()), "warehouse": town.central.pk, "supplier": "", "reference": "FS 71"}
    data |= {"rad-TOTAL_FORMS": len(rows), "rad-INITIAL_FORMS": 0} | header
    for number, row in enumerate(rows):
        data |= {f"rad-{number}-{name}": value for name, value in row.items()}
    return data


def row(article: object, quantity: object = "", devices: str = "", **more: object) -> dict[str, object]:
    """`first` of a series, and `serials`, where they matter."""
    return {"article": article, "quantity": quantity, "devices": devices} | more


def test_shows_an_empty_form(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    assert reverse("goods_receipt") == URL
    assertContains(client.get(URL), "Ta emot")


def test_takes_goods_in_and_serves_who_waits(client: Client, town: Town) -> None:
    waiting = town.register("bestallning", {town.chair: 2})
    client.force_login(town.hakan)
    data = form(town, row(town.chair.number, 3), row(town.walker.number, "", "hv900001 HV900002"), row(""))
    response = client.post(URL, data)
    assertRedirects(response, reverse("goods_receipt_detail", args=[GoodsReceipt.objects.get().pk]))
    assert town.level(town.central, town.chair) == (3, 2, 0)
    assert town.level(town.central, town.walker) == (2, 0, 0)
    assert town.line(waiting).reserved == 2
    assert Device.objects.in_warehouse(town.central).filter(number__startswith="HV9").count() == 2


def test_pressed_twice_is_one_receipt(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    data = form(town, row(town.chair.number, 3))
    assert [client.post(URL, data).status_code for _ in range(2)] == [302, 302]
    assert GoodsReceipt.objects.count() == 1
    assert town.level(town.central, town.chair) == (3, 0, 0)


@pytest.mark.parametrize(
    ("article", "quantity", "devices"),
    [
        ("finnsinte", 1, ""),
        ("chair", "", ""),
        ("chair", 0, ""),
        ("chair", -1, ""),
        ("chair", "1.5", ""),
        ("chair", 10**9, ""),
        ("chair", "många", ""),
        ("chair", 1, "HV900001"),
        ("walker", 2, ""),
        ("walker", 2, "HV900001"),
        ("walker", "", "HV900001 HV900001"),
        ("walker", "", "X" * 40),
        ("", 2, ""),
        ("\x00", 1, ""),
    ],
)
def test_refuses_what_cannot_have_come(
    client: Client, town: Town, article: str, quantity: object, devices: str
) -> None:
    client.force_login(town.hakan)
    number = getattr(town, article).number if article in ("chair", "walker") else article
    response = client.post(URL, form(town, row(number, quantity, devices)))
    assertContains(response, 'aria-invalid="true"', status_code=422)
    assertContains(response, "FS 71", status_code=422)
    assert not GoodsReceipt.objects.exists()


def test_refuses_a_device_that_exists(client: Client, town: Town) -> None:
    (device,) = town.devices(town.store, town.walker, 1)
    client.force_login(town.hakan)
    response = client.post(URL, form(town, row(town.walker.number, "", device.number)))
    assertContains(response, f"Individ {device.number} finns redan.", status_code=422)
    assert not GoodsReceipt.objects.exists()


def test_store_staff_take_goods_into_their_own_store_only(client: Client, town: Town) -> None:
    client.force_login(town.per)
    assert client.post(URL, form(town, row(town.chair.number, 1), warehouse=town.store.pk)).status_code == 302
    for other in (town.central, town.other_store):
        refused = client.post(URL, form(town, row(town.chair.number, 1), warehouse=other.pk))
        assert refused.status_code == 422
    assert GoodsReceipt.objects.count() == 1


def test_nothing_came(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    assertContains(client.post(URL, form(town, row(""))), "Ange minst en artikel.", status_code=422)
    assert client.post(URL, {"key": "x"}).status_code == 422


def test_needs_the_right(client: Client, town: Town) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(town.anna)
    assert client.get(URL).status_code == 403
    client.force_login(town.hakan)
    assert client.delete(URL).status_code == 405


def numbers() -> list[tuple[str, str]]:
    return list(Device.objects.order_by("number").values_list("number", "serial_number"))


def test_scanned_numbers_come_one_a_line(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    assert client.post(URL, form(town, row(town.walker.number, "", "hv1\r\nHV2\r\n"))).status_code == 302
    assert numbers() == [("HV1", ""), ("HV2", "")]


def test_a_series_keeps_its_leading_zeros(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    data = form(town, row(town.walker.number, 3, first="00098", serials="SN1 SN2\nSN3"))
    assert client.post(URL, data).status_code == 302
    assert numbers() == [("00098", "SN1"), ("00099", "SN2"), ("00100", "SN3")]


def test_an_article_can_be_scanned(client: Client, town: Town) -> None:
    Article.objects.filter(pk=town.chair.pk).update(gtin="2000001471005")
    client.force_login(town.hakan)
    assert client.post(URL, form(town, row(" 2000001471005 ", 3))).status_code == 302
    assert town.level(town.central, town.chair) == (3, 0, 0)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        (row("walker", 3, first="HV"), "first", "slutar inte med en siffra"),
        (row("walker", 3, first="98"), "first", "räcker inte till 3"),
        (row("walker", "", first="12000001"), "quantity", "Ange hur många serien är."),
        (row("walker", 10_000, first="12000001"), "quantity", "Antalet är högst 9 999."),
        (row("walker", 1, "HV1", first="12000001"), "first", "antingen individnummer eller en serie"),
        (row("walker", 3, first="HV776"), "first", "Individ HV777 finns redan."),
        (row("walker", 1, "HV777"), "devices", "Individ HV777 finns redan."),
        (row("walker", 2, "HV1 HV2", serials="SN1"), "serials", "1 serienummer till 2 individer"),
        (row("walker", 2, "HV1 HV2", serials="SN1 SN1"), "serials", "Serienummer SN1 står två gånger."),
        (row("walker", 1, "HV1", serials="SN777"), "serials", "Serienummer SN777 finns redan."),
        (row("walker", 1, "HV1", serials="S" * 61), "serials", "för långt för ett serienummer"),
        (row("chair", 1, first="12000001"), "first", "är inte individmärkt"),
        (row("chair", 1, serials="SN1"), "serials", "är inte individmärkt"),
        (row("chair", 0), "quantity", "Antalet är minst 1."),
        (row("chair", ""), "quantity", "Ange antal."),
        (row("finnsinte", 1), "article", "Artikel finnsinte finns inte."),
        (row("", "", serials="SN1"), "article", "Ange artikel."),
    ],
)
def test_says_at_the_field_what_cannot_have_come(
    client: Client, town: Town, values: dict[str, object], field: str, words: str
) -> None:
    known = Arrival(article=town.walker, device_numbers=("HV777",), serial_numbers=("SN777",))
    receive_goods(warehouse=town.store, arrivals=[known], by=None, at=town.now(), key="known")
    client.force_login(town.hakan)
    article = getattr(town, str(values["article"])).number if values["article"] in ("chair", "walker") else None
    response = client.post(URL, form(town, row(""), values | ({"article": article} if article else {})))
    assertContains(response, words, status_code=422)
    assertContains(response, f'id="id_rad-1-{field}_error"', status_code=422)
    assert not GoodsReceipt.objects.exists()
    assert Device.objects.count() == 1


def test_two_articles_may_have_the_same_serial_number(client: Client, town: Town) -> None:
    other = ArticleFactory.create(numbered=True)
    client.force_login(town.hakan)
    data = form(town, *(row(article.number, 1, f"HV{article.pk}", serials="1") for article in (town.walker, other)))
    assert client.post(URL, data).status_code == 302


def test_more_rows_keep_what_was_typed(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    data = form(town, row(town.chair.number, 3)) | {"more": "1"}
    response = client.post(URL, data)
    assert response.context["rows"].total_form_count() == 6
    assertContains(response, "FS 71")
    assertContains(response, f'value="{town.chair.number}"')
    for total in ("x", "", "9" * 9, "-1"):
        assert client.post(URL, data | {"rad-TOTAL_FORMS": total}).status_code == 200
    assert not GoodsReceipt.objects.exists()


def test_many_rows_cost_as_many_statements_as_few(client: Client, town: Town) -> None:
    client.force_login(town.hakan)

    def statements(rows: int) -> int:
        articles = [ArticleFactory.create() for _ in range(rows)]
        with CaptureQueriesContext(connection) as queries:
            assert client.post(URL, form(town, *(row(article.number, 1) for article in articles))).status_code == 302
        return len(queries)

    statements(1)
    assert statements(2) == statements(100) <= 40


def test_more_rows_than_the_page_has_are_refused(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    assert client.post(URL, form(town, *(row(town.chair.number, 1) for _ in range(101)))).status_code == 422


def test_shows_who_got_what(client: Client, town: Town) -> None:
    first, second = (town.register("bestallning", {town.chair: 2}) for _ in range(2))
    client.force_login(town.hakan)
    data = form(town, row(town.chair.number, 3), row(town.walker.number, 2, first="12000001"))
    response = client.post(URL, data, follow=True)
    for words in ("FS 71", "12000001", "12000002", "2 st 14710 Duschpall", "1 st 14710 Duschpall"):
        assertContains(response, words)
    shares = [(share.order, share.detail.split()[0]) for share in response.context["shares"]]
    assert shares == [(first, "2"), (second, "1")]
    assertContains(client.get(URL), response.request["PATH_INFO"])  # among the latest


def test_nobody_waited(client: Client, town: Town) -> None:
    client.force_login(town.hakan)
    assertContains(client.post(URL, form(town, row(town.chair.number, 3)), follow=True), "Ingen väntade")


def test_a_goods_receipt_is_seen_where_it_came(client: Client, town: Town) -> None:
    client.force_login(town.per)
    client.post(URL, form(town, row(town.chair.number, 1), warehouse=town.store.pk))
    url = reverse("goods_receipt_detail", args=[GoodsReceipt.objects.get().pk])
    seen = {}
    for person in (town.per, town.hakan, town.other_staff, town.anna):
        client.force_login(person)
        seen[person.username] = client.get(url).status_code
    assert seen == {"pene01": 200, "hmla01": 404, "fist01": 404, "anbe01": 403}
    assert client.post(url).status_code == 405
    client.force_login(town.other_staff)
    assertNotContains(client.get(URL), url)


def test_a_goods_receipt_shows_no_patient(client: Client, town: Town) -> None:
    town.register("forskrivning", {town.chair: 2})
    client.force_login(town.hakan)
    assertNotContains(client.post(URL, form(town, row(town.chair.number, 3)), follow=True), "Fröding")
