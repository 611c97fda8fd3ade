"""Where somebody picks decides what they see, count, deliver and receive: asked in plain SQL, since every page asks."""

from inventory.models import Warehouse
from inventory.queries import warehouses_of
from parties.models import User
from tests.factories import UserFactory
from tests.fixtures import Town


def warehouses(user: User) -> set[Warehouse]:
    return set(Warehouse.objects.filter(pk__in=warehouses_of(User.objects.get(pk=user.pk))))


def test_the_stores_of_the_own_municipality(town: Town) -> None:
    for person in (town.anna, town.per, town.lina):
        assert warehouses(person) == {town.store}
    assert warehouses(town.other_staff) == {town.other_store}
    Warehouse.objects.filter(pk=town.other_store.pk).update(owner=town.arvika)
    assert warehouses(town.anna) == {town.store, town.other_store}
    assert warehouses(town.other_staff) == set()


def test_the_central_warehouses_for_the_central_service(town: Town) -> None:
    assert warehouses(town.hakan) == {town.central}
    Warehouse.objects.filter(pk=town.central.pk).update(owner=town.arvika)
    assert warehouses(town.hakan) == {town.central}
    assert warehouses(town.anna) == {town.store}


def test_none_without_a_unit(town: Town) -> None:
    assert warehouses(UserFactory.create()) == set()
