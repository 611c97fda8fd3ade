from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from orders.models import Order
from parties.models import User
from tests.registered import World

URL = reverse("home")


def titles(client: Client) -> list[str]:
    return [section["title"] for section in client.get(URL).context["sections"]]


def test_what_waits_stands_first(client: Client, world: World) -> None:
    world.delivered_transfer()
    world.order("direktbestallning")
    client.force_login(world.per)
    assert titles(client) == ["Utleverans saknas", "Att kvittera"]
    client.force_login(world.anna)
    assert titles(client) == ["Utleverans saknas"]


def test_the_central_service_picks(client: Client, world: World) -> None:
    world.order("lagerflytt")
    client.force_login(world.hakan)
    assert titles(client) == ["Att plocka"]


def test_a_missing_delivery_turns_red_after_a_quarter_of_an_hour(client: Client, world: World) -> None:
    order = world.order("direktbestallning")
    client.force_login(world.anna)
    assert not client.get(URL).context["sections"][0]["is_late"]
    Order.objects.filter(pk=order.pk).update(registered_at=timezone.now() - timedelta(hours=26))
    response = client.get(URL)
    assert response.context["sections"][0]["is_late"]
    assertContains(response, "sedan 26\N{NO-BREAK SPACE}h")


def test_lists_own_drafts(client: Client, world: World) -> None:
    draft = world.begun("bestallning")
    world.begun("bestallning", by=world.lina)
    client.force_login(world.anna)
    assert [row.order for row in client.get(URL).context["drafts"]] == [draft]


def test_says_so_when_nothing_waits(client: Client, world: World) -> None:
    client.force_login(world.other_prescriber)
    response = client.get(URL)
    assertContains(response, "Inget väntar på dig")
    assertContains(response, "Inga ordrar än")


def test_a_role_without_orders_gets_a_page_too(client: Client, world: World) -> None:
    world.order("bestallning")
    client.force_login(User.objects.create_user("logg01", name="Lotta Gren"))
    response = client.get(URL)
    assertContains(response, "Inga ordrar för din roll")
    assertNotContains(response, "Senaste ordrar")


def test_asks_who_you_are(client: Client, db: None) -> None:
    assertRedirects(client.get(URL), f"{reverse('login')}?next={URL}")


def test_is_only_read(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert client.post(URL).status_code == 405
