"""What the page of a unit (enhet) tells: its stores, its orders, who orders for it, and what it has."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from inventory.models import Warehouse
from parties.models import Party, User, UserCustomer
from parties.sorting import swedish_order

from .access import CREATE, creatable_types
from .chips import COUNTED
from .filters import narrow, registered_orders
from .models import Holding

MOST_SHOWN = 50
KINDS = {
    "is_region": "Region",
    "is_municipality": "Kommun",
    "is_customer": "Kund",
    "is_care_unit": "Vårdenhet",
    "is_supplier": "Leverantör",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPage:
    """One unit, as far as the viewer may know of it."""

    unit: Party
    viewer: User

    @property
    def kinds(self) -> list[str]:
        return [word for flag, word in KINDS.items() if getattr(self.unit, flag)]

    @property
    def has_orders(self) -> bool:
        """All but who is a supplier and nothing else."""
        return self.kinds != [KINDS["is_supplier"]]

    @property
    def payer(self) -> Party:
        return self.unit.payer or self.unit

    def stores(self) -> QuerySet[Warehouse]:
        """Its own, and a municipality's those of its units."""
        here = Q(owner=self.unit) | Q(owner__parent=self.unit)
        return Warehouse.objects.visible_to(self.viewer).filter(here).order_by("number")[:MOST_SHOWN]

    def units(self) -> QuerySet[Party]:
        """Those of a municipality, one more than are shown."""
        units = Party.objects.visible_to(self.viewer).active().filter(parent=self.unit)
        return units.order_by("number")[: MOST_SHOWN + 1]

    def open_orders(self) -> int:
        """How many wait for something, at most one more than are counted."""
        found = narrow(registered_orders(self.viewer), {"enhet": self.unit, "visa": "pagaende"}, self.viewer)
        return found.order_by()[: COUNTED + 1].count()

    def holdings(self) -> int:
        """How much is out with it, counted as far: what came by orders that the viewer may see."""
        return Holding.objects.visible_to(self.viewer).open().filter(location__party=self.unit)[: COUNTED + 1].count()

    def orderers(self) -> QuerySet[User] | list[User]:
        """Who makes orders for it: told to those who may name another orderer, and to Hjälpmedelsservice."""
        if not (self.viewer.is_central or creatable_types(self.viewer)):
            return []
        codenames = [permission.removeprefix("orders.") for permission in CREATE.values()]
        roles = Group.objects.filter(permissions__content_type__app_label="orders", permissions__codename__in=codenames)
        links = UserCustomer.objects.filter(customer=self.unit)
        may = Q(groups__in=roles) | Q(pk__in=links.filter(roles__in=roles).values("user"))
        people = User.objects.filter(may, is_active=True, pk__in=links.values("user"))
        return people.distinct().order_by(swedish_order("name"), "pk")[: MOST_SHOWN + 1]
