"""A page that is older than the draft: changed, saved or thrown away in another tab in the same moment."""

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import Order
from parties.models import User
from tests.registered import World


@pytest.fixture
def order(client: Client, world: World) -> Order:
    client.force_login(world.anna)
    return world.begun("direktbestallning")


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "x", "1.5", "٣"])
def test_a_version_that_cannot_be_is_not_the_draft_s(client: Client, order: Order, version: str) -> None:
    line = order.lines.get()
    url = reverse("order_line", args=[order.pk, line.pk])
    assert client.post(url, {"version": version, "quantity": "3"}).status_code == 422
    line.refresh_from_db()
    assert line.quantity == 2


@pytest.mark.parametrize("act", ["order_register", "order_hand_out", "order_type"])
def test_thrown_away_in_the_same_moment(
    client: Client, order: Order, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def may_create(user: User, type: object) -> bool:
        Order.objects.filter(pk=order.pk).delete()
        return True

    for module in ("saving", "drafts"):
        monkeypatch.setattr(f"orders.views.{module}.may_create", may_create)
    data = {"key": "7f0c1df5-2e3c-4ed5-8f8b-0c6a5b0e6d51", "subtype": "bestallning"}
    assert client.post(reverse(act, args=[order.pk]), data).status_code == 404


def test_a_part_of_a_page_becomes_a_page_when_the_order_is_saved(client: Client, world: World, order: Order) -> None:
    saved = world.order("direktbestallning")
    url = reverse("order_lines", args=[saved.pk])
    response = client.post(url, {"article": "14710", "quantity": "1"}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Retarget"]) == (422, "#innehall")
