from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, Case, ExpressionWrapper, Func, IntegerField, Q, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from parties.models import User
from parties.searching import one_of

from .article import Article
from .location import Location, LocationKind
from .warehouse import Warehouse


class DeviceState(models.TextChoices):
    OK = "OK", "Användbar"
    BLOCKED = "BLOCKED", "Spärrad"
    SCRAPPED = "SCRAPPED", "Kasserad"


class DeviceStatus(models.TextChoices):
    """Condition and place in one word, as the list of devices says and filters it."""

    IN_STOCK = "i-lager", "I lager"
    UNCHECKED = "okontrollerad", "Väntar på kontroll"
    ON_ITS_WAY = "pa-vag", "På väg"
    HANDED_OUT = "utlamnad", "Utlämnad"
    BLOCKED = "sparrad", "Spärrad"
    SCRAPPED = "kasserad", "Kasserad"
    GONE = "borta", "Inte i systemet"


_PLACES = {
    DeviceStatus.IN_STOCK: [LocationKind.WAREHOUSE],
    DeviceStatus.UNCHECKED: [LocationKind.RETURNS],
    DeviceStatus.ON_ITS_WAY: [LocationKind.TRANSIT],
    DeviceStatus.HANDED_OUT: [LocationKind.CARE_UNIT, LocationKind.PATIENT],
    DeviceStatus.GONE: [LocationKind.SUPPLIER, LocationKind.LOSS, LocationKind.FOUND],
}
_STATUS_AT = {kind: status for status, kinds in _PLACES.items() for kind in kinds}
AROUND_WAREHOUSES = (DeviceStatus.IN_STOCK, DeviceStatus.UNCHECKED, DeviceStatus.ON_ITS_WAY)
HAS_STATUS = {
    DeviceStatus.SCRAPPED: Q(state=DeviceState.SCRAPPED),
    DeviceStatus.BLOCKED: Q(state=DeviceState.BLOCKED),
    **{status: Q(state=DeviceState.OK, location__kind__in=kinds) for status, kinds in _PLACES.items()},
}
"""What each status means; a device has exactly one (`Device.status`)."""


def place_of_status() -> Case:
    """The status as its place among all, to sort by."""
    places = {status: place for place, status in enumerate(DeviceStatus)}
    return Case(*(When(condition, then=Value(places[status])) for status, condition in HAS_STATUS.items()))


class DeviceQuerySet(models.QuerySet["Device"]):
    def in_warehouse(self, warehouse: Warehouse) -> Self:
        return self.filter(location__kind=LocationKind.WAREHOUSE, location__warehouse=warehouse)

    def usable(self) -> Self:
        return self.filter(state=DeviceState.OK)

    def visible_to(self, user: User) -> Self:
        """Those in and around the stores that the user sees, and those that the own municipality has handed out.

        The places around the stores are looked up once a request and named one by one: PostgreSQL then knows how many
        devices are in them, which has nothing to do with how many places there are. Those of the municipality it
        gathers once a statement; as a number, for of a bare IN in an OR it takes half of all devices to be there.
        """
        if user.is_central:
            return self
        if "store_places" not in user.derived:
            places = Location.objects.filter(warehouse__in=Warehouse.objects.visible_to(user))
            user.derived["store_places"] = frozenset(places.values_list("pk", flat=True))
        here = Location.objects.filter(municipality__in=user.municipality_ids).values("pk")
        is_here = ExpressionWrapper(Q(location__in=here), BooleanField())
        return self.filter(Q(location__in=user.derived["store_places"]) | Q(Exact(Cast(is_here, IntegerField()), 1)))

    def around(self, warehouse: Warehouse) -> Self:
        """In the warehouse, on its return shelf, and on the way to it."""
        return self.filter(location__in=list(warehouse.locations.values_list("pk", flat=True)))

    def having(self, status: DeviceStatus, user: User) -> Self:
        """Those with the status that the user may see.

        Places of warehouses are few, and PostgreSQL knows how much is in each it is told. What a municipality has
        handed out is a small part of all devices: its places are gathered first, and no order leads past the others.
        """
        places = Location.objects.filter(kind__in=_PLACES.get(status, []))
        if status in AROUND_WAREHOUSES:
            places = places.filter(warehouse__in=Warehouse.objects.visible_to(user))
            return self.filter(state=DeviceState.OK, location__in=list(places.values_list("pk", flat=True)))
        if status in _PLACES and not user.is_central:
            array = ArraySubquery(places.filter(municipality__in=user.municipality_ids).values("pk"))
            is_here = Func(
                "location", array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
            )
            return self.filter(is_here, state=DeviceState.OK)
        if status == DeviceStatus.HANDED_OUT:
            # Half of all, in very many places: those that are in none of the few others, which are soon compared.
            elsewhere = Location.objects.filter(kind__in=[kind for kind in LocationKind if kind not in _PLACES[status]])
            return self.filter(~Q(one_of("location", elsewhere)), state=DeviceState.OK)
        return self.visible_to(user).filter(HAS_STATUS[status])

    def beginning_with(self, text: str) -> Self:
        """By the beginning of the number or of the serial number, in the letters' case or in capitals."""
        numbers, serials = Q(), Q()
        for written in {text, text.upper()}:
            numbers |= Q(number__startswith=written)
            serials |= Q(serial_number__startswith=written)
        return self.filter(numbers | (serials & ~Q(serial_number="")))


class Device(models.Model):
    """One individually numbered unit (individ) of an article.

    It is in exactly one place: the database moves `location` when a movement is written, and refuses a movement
    that does not start where the device is.
    """

    number = models.CharField("individnummer", max_length=20, unique=True)
    article = models.ForeignKey(Article, models.PROTECT, related_name="devices", verbose_name="artikel")
    serial_number = models.CharField("serienummer", max_length=60, blank=True, default="", db_default="")
    state = models.CharField(
        "skick", max_length=10, choices=DeviceState.choices, default=DeviceState.OK, db_default=DeviceState.OK
    )
    location = models.ForeignKey(Location, models.PROTECT, related_name="devices", verbose_name="plats", editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "individ"
        verbose_name_plural = "individer"
        indexes = [
            models.Index(name="device_blocked", fields=["article"], condition=~Q(state="OK")),
            models.Index(name="device_by_serial_number", fields=["serial_number", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="device_serial_number_unique",
                fields=["article", "serial_number"],
                condition=~Q(serial_number=""),
                violation_error_message="Serienumret finns redan på en annan individ av artikeln.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> DeviceStatus:
        """The one of which `HAS_STATUS` is true."""
        if self.state == DeviceState.OK:
            return _STATUS_AT[LocationKind(self.location.kind)]
        return DeviceStatus.BLOCKED if self.state == DeviceState.BLOCKED else DeviceStatus.SCRAPPED
