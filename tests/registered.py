"""The town with goods on its shelves, today: what the tests of the pages around registered orders play in."""

from dataclasses import dataclass

from django.utils import timezone

from inventory.models import Article, Device
from orders.models import Delivery, Order
from parties.models import User

from .fixtures import Town, build_town


@dataclass(kw_only=True)
class World(Town):
    """10 chairs and 3 walkers in warehouse 10 and in the own store; Anna orders, Per fills the store."""

    def order(self, kind: str, *, quantity: int = 2, article: Article | None = None, by: User | None = None) -> Order:
        return self.register(kind, {article or self.chair: quantity}, orderer=by or self._orderer(kind))

    def begun(self, kind: str, *, by: User | None = None) -> Order:
        """A draft."""
        return self.draft(kind, {self.chair: 2}, orderer=by or self._orderer(kind))

    def store_walkers(self) -> list[Device]:
        """The walkers in the own store, oldest first."""
        return list(Device.objects.in_warehouse(self.store).filter(article=self.walker).order_by("pk"))

    def delivered_transfer(self, quantity: int = 2) -> Delivery:
        return self.deliver(self.order("lagerflytt", quantity=quantity))

    def _orderer(self, kind: str) -> User:
        return self.per if kind == "lagerflytt" else self.anna


def build_world() -> World:
    world = World(**vars(build_town()))
    world.clock = timezone.now()
    for warehouse in (world.central, world.store):
        world.stock(warehouse, world.chair, 10)
        world.devices(warehouse, world.walker, 3)
    return world
