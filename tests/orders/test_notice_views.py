import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.models import CancelReason, Notice
from orders.operations.canceling import cancel_order
from tests.registered import World

ALL = reverse("notices_read")
HTMX = {"HX-Request": "true"}


def url(notice: Notice) -> str:
    return reverse("notice_read", args=[notice.pk])


@pytest.fixture
def notices(client: Client, world: World) -> list[Notice]:
    """Two orders of Anna's that the central service canceled; she looks at them."""
    for _ in range(2):
        order = world.order("bestallning")
        cancel_order(order_id=order.pk, reason=CancelReason.NOT_AVAILABLE, by=world.hakan, at=world.now())
    client.force_login(world.anna)
    return list(Notice.objects.order_by("pk"))


def test_read_once_is_read(client: Client, notices: list[Notice]) -> None:
    first, second = notices
    assertRedirects(client.post(url(first)), reverse("home"))
    first.refresh_from_db()
    assert first.read_at
    read_at = first.read_at
    assertRedirects(client.post(url(first)), reverse("home"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.read_at, second.read_at) == (read_at, None)


def test_the_part_is_what_is_still_news(client: Client, notices: list[Notice]) -> None:
    first, second = notices
    response = client.post(url(first), headers=HTMX)
    assertContains(response, 'id="news"')
    assertContains(response, url(second))
    assertNotContains(response, "<html")
    assert client.post(url(second), headers=HTMX).content.strip() == b""


def test_all_that_was_shown_is_read_and_not_what_came_since(
    client: Client, world: World, notices: list[Notice]
) -> None:
    late = Notice.objects.create(event=notices[0].event, user=world.lina)
    assertRedirects(client.post(ALL, {"notice": [notices[0].pk, late.pk, "x", "\x00", "9" * 30]}), reverse("home"))
    unread = Notice.objects.filter(read_at__isnull=True).order_by("pk")
    assert [notice.pk for notice in unread] == [notices[1].pk, late.pk]


def test_asks_who_you_are(client: Client, notices: list[Notice]) -> None:
    client.logout()
    assertRedirects(client.post(ALL), f"{reverse('login')}?next={reverse('home')}")


def test_anothers_is_not_found(client: Client, world: World, notices: list[Notice]) -> None:
    client.force_login(world.per)
    assert client.post(url(notices[0])).status_code == 404
    assert Notice.objects.filter(read_at__isnull=True).count() == 2


def test_is_only_posted(client: Client, notices: list[Notice]) -> None:
    for address in (ALL, url(notices[0])):
        assert client.get(address).status_code == 405
