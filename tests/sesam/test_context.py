import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.test import RequestFactory
from django.urls import reverse

from parties.models import Party, User, UserCustomer
from sesam.context import Navigation, navigation


def member(*roles: str, is_staff: bool = False) -> User:
    town = Party.objects.create(number="501", name="Arvika kommun", is_municipality=True)
    unit = Party.objects.create(number="50101", name="Arvika kommun Rehabenhet", is_customer=True, parent=town)
    user = User.objects.create_user("anbe01", name="Anna Bergqvist", is_staff=is_staff)
    UserCustomer.objects.create(user=user, customer=unit, is_default=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def labels(user: User, path: str = "/") -> tuple[list[str], list[str]]:
    nav = Navigation(user, path)
    return [link.label for link in nav.orders], [link.label for link in nav.others]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "orders", "others"),
    [
        ("Beställare", ["Orderöversikt", "Beställning"], []),
        ("Förskrivare", ["Orderöversikt", "Beställning", "Förskrivning"], ["Patienter"]),
        ("Förrådspersonal", ["Orderöversikt", "Lagerflyttsorder"], []),
        ("HMS lager", ["Orderöversikt"], []),
        ("Loggranskare", [], ["Loggranskning"]),
    ],
)
def test_the_menu_offers_what_the_role_may_do(role: str, orders: list[str], others: list[str]) -> None:
    assert labels(member(role)) == (orders, others)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "stock"),
    [
        ("Beställare", ["Saldo", "Artiklar", "Individer"]),
        (
            "Förrådspersonal",
            [
                "Att plocka",
                "Saldo",
                "Artiklar",
                "Individer",
                "Restorder",
                "Mottagning",
                "Avvikelser",
                "Inleverans",
                "Returer",
            ],
        ),
        ("Loggranskare", []),
    ],
)
def test_the_menu_lager_offers_what_the_role_may_do(role: str, stock: list[str]) -> None:
    assert [link.label for link in Navigation(member(role), "/").stock] == stock


@pytest.mark.django_db
def test_staff_reach_the_admin() -> None:
    assert labels(member(is_staff=True))[1] == ["Admin"]


@pytest.mark.django_db
def test_the_menu_marks_where_one_is() -> None:
    user = member("Beställare")
    overview, requisition = Navigation(user, reverse("order_new", args=["bestallning"])).orders
    assert (overview.is_current, requisition.is_current) == (False, True)
    assert Navigation(user, reverse("order_detail", args=[7])).is_in_orders
    assert not Navigation(user, reverse("stock_list")).is_in_orders


def test_nobody_has_no_menu(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    assert navigation(request) == {}
