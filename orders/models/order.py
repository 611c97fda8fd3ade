import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse
from django.urls import reverse

from inventory.models import Warehouse
from inventory.queries import warehouses_of
from parties.models import Party, Patient, User

from .subtype import OrderSubtype, OrderType


class OrderState(models.TextChoices):
    """Follows from the quantities of the lines; kept on the order by the operations, never set by hand."""

    DRAFT = "DRAFT", "Utkast"
    REGISTERED = "REGISTERED", "Registrerad"
    PARTLY_DELIVERED = "PARTLY", "Delvis levererad"
    DELIVERED = "DELIVERED", "Levererad"
    IN_TRANSIT = "IN_TRANSIT", "På väg"
    RECEIVED = "RECEIVED", "Mottagen"
    CANCELED = "CANCELED", "Makulerad"


OPEN_STATES = (OrderState.REGISTERED, OrderState.PARTLY_DELIVERED)
ON_THE_WAY_STATES = (OrderState.IN_TRANSIT, OrderState.PARTLY_DELIVERED)
"""A transfer with a delivery that nobody has confirmed is in one of these, so that lists need not look at the rest."""


class CancelReason(models.TextChoices):
    NOT_NEEDED = "NOT_NEEDED", "Behovet finns inte längre"
    WRONG_ARTICLE = "WRONG_ARTICLE", "Fel artikel"
    WRONG_RECIPIENT = "WRONG_RECIPIENT", "Fel mottagare"
    WRONG_SENDER = "WRONG_SENDER", "Fel avsändande lager"
    DUPLICATE = "DUPLICATE", "Dubblett"
    NOT_AVAILABLE = "NOT_AVAILABLE", "Går inte att leverera"
    DECEASED = "DECEASED", "Patienten har avlidit"


def _concerns(user: User) -> Q:
    """Own municipality's orders; for the central service those to or from its warehouses."""
    if user.is_central:
        central = warehouses_of(user)
        return Q(sender__in=central) | Q(recipient_warehouse__in=central)
    return Q(municipality__in=user.municipality_ids)


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: User) -> Self:
        """Own drafts, own municipality's orders, and for the central service those to or from its warehouses.

        A draft made for another unit waits until its registrar acts for that municipality again.
        """
        here = Q(municipality__isnull=True) | Q(municipality__in=user.municipality_ids)
        own_draft = Q(here, state=OrderState.DRAFT, registrar=user)
        return self.filter(own_draft | (~Q(state=OrderState.DRAFT) & _concerns(user)))

    def registered_visible_to(self, user: User) -> Self:
        """What `visible_to` shows except drafts, said without OR so that long lists can follow an index."""
        return self.filter(~Q(state=OrderState.DRAFT), _concerns(user))

    def drafts(self) -> Self:
        return self.filter(state=OrderState.DRAFT)

    def for_list(self) -> Self:
        """Every list of orders: named, complete, newest first, sealed against N+1."""
        return (
            self.select_related(
                "subtype", "sender", "recipient_warehouse", "recipient_unit", "recipient_patient", "orderer"
            )
            .order_by("-registered_at", "-pk")
            .fetch_mode(models.FETCH_RAISE)
        )


class Order(models.Model):
    """A customer order (kundorder), a draft from the first step of the wizard."""

    draft_key = models.UUIDField("sidans nyckel", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("ordernummer", max_length=12, null=True, unique=True, editable=False)
    subtype = models.ForeignKey(OrderSubtype, models.PROTECT, related_name="orders", verbose_name="kundordertyp")
    type = models.CharField("ordertyp", max_length=1, choices=OrderType.choices)
    state = models.CharField(
        "status", max_length=10, choices=OrderState.choices, default=OrderState.DRAFT, db_default=OrderState.DRAFT
    )
    registrar = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="registered_orders", verbose_name="registrerad av"
    )
    orderer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="orders", verbose_name="beställare"
    )
    customer = models.ForeignKey(Party, models.PROTECT, null=True, related_name="orders", verbose_name="kund")
    municipality = models.ForeignKey(
        Party, models.PROTECT, null=True, related_name="+", verbose_name="kommun", db_index=False
    )  # `order_by_municipality` has it
    payer = models.ForeignKey(Party, models.PROTECT, null=True, related_name="paid_orders", verbose_name="betalare")
    sender = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, related_name="outgoing_orders", verbose_name="avsändare / lager"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="handled_orders", verbose_name="handläggare"
    )
    recipient_warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, related_name="incoming_orders", verbose_name="mottagande lager"
    )
    recipient_unit = models.ForeignKey(
        Party, models.PROTECT, null=True, related_name="received_orders", verbose_name="mottagande vårdenhet"
    )
    recipient_patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, related_name="orders", verbose_name="patient"
    )
    is_urgent = models.BooleanField(
        "brådskande",
        default=False,
        db_default=False,
        help_text="Plockas före andra och får först av det som kommer in.",
    )
    precedence = models.PositiveSmallIntegerField("förtur", default=0, db_default=0, editable=False)
    """That of its line which has been moved furthest forward in a queue; written with it, and here for the index."""
    only_complete = models.BooleanField(
        "leverera endast komplett", default=False, db_default=False, help_text="Inget skickas förrän allt kan skickas."
    )
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="successors", verbose_name="kommer ur", editable=False
    )
    version = models.PositiveIntegerField("version", default=0, db_default=0)
    created_at = models.DateTimeField("skapad")
    registered_at = models.DateTimeField("registrerad", null=True)
    canceled_at = models.DateTimeField("makulerad", null=True)
    cancel_reason = models.CharField(
        "makuleringsorsak", max_length=16, choices=CancelReason.choices, blank=True, default="", db_default=""
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "kundorder"
        verbose_name_plural = "kundorder"
        permissions = [
            ("create_transfer", "Kan göra lagerflyttsorder"),
            ("create_requisition", "Kan göra beställningar"),
            ("create_prescription", "Kan förskriva"),
            ("deliver_order", "Kan skapa utleverans"),
            ("receive_delivery", "Kan kvittera mottagning"),
            ("cancel_order", "Kan makulera"),
            ("change_registered_order", "Kan ändra en registrerad order"),
            ("manage_back_orders", "Kan sköta restorder"),
            ("settle_receipt", "Kan reglera avvikelser"),
            ("return_goods", "Kan ta emot returer"),
        ]
        indexes = [
            models.Index(OpClass(Reverse("number"), name="text_pattern_ops"), name="order_by_end_of_number"),
            models.Index(
                name="order_by_municipality",
                fields=["municipality", "-registered_at", "-id"],
                include=["type", "subtype", "state", "sender"],  # what the filters ask, so that none is looked up
                condition=~Q(state="DRAFT"),
            ),
            models.Index(
                name="order_by_sender", fields=["sender", "-registered_at", "-id"], condition=~Q(state="DRAFT")
            ),
            models.Index(name="order_by_registration", fields=["-registered_at", "-id"], condition=~Q(state="DRAFT")),
            models.Index(name="order_by_state", fields=["state", "registered_at", "id"], condition=~Q(state="DRAFT")),
            models.Index(
                name="order_by_type",
                fields=["type", "registered_at", "id"],
                include=["sender", "recipient_warehouse"],
                condition=~Q(state="DRAFT"),
            ),
            models.Index(name="order_by_type_and_number", fields=["type", "number"], condition=~Q(state="DRAFT")),
            models.Index(
                name="order_to_patient_by_customer",
                fields=["customer", "recipient_patient"],
                include=["id", "state"],
                condition=Q(recipient_patient__isnull=False),
            ),
            models.Index(
                name="order_open",
                fields=["-registered_at", "-id"],
                include=["sender", "recipient_warehouse"],
                condition=Q(state__in=["REGISTERED", "PARTLY"]),
            ),
            models.Index(
                name="order_open_by_municipality",
                fields=["municipality", "-registered_at", "-id"],
                condition=Q(state__in=["REGISTERED", "PARTLY"]),
            ),
            models.Index(
                name="order_open_by_sender",
                fields=["sender", "-precedence", "-is_urgent", "registered_at", "id"],
                include=["municipality"],
                condition=Q(state__in=["REGISTERED", "PARTLY"]),
            ),
            models.Index(
                name="order_on_its_way",
                fields=["recipient_warehouse"],
                condition=Q(state__in=["IN_TRANSIT", "PARTLY"], type="L"),
            ),
            models.Index(
                name="order_on_its_way_from",
                fields=["sender", "registered_at", "id"],
                condition=Q(state__in=["IN_TRANSIT", "PARTLY"], type="L"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="order_registered_is_complete",
                condition=Q(state="DRAFT", number__isnull=True, registered_at__isnull=True)
                | Q(
                    number__isnull=False,
                    registered_at__isnull=False,
                    orderer__isnull=False,
                    customer__isnull=False,
                    municipality__isnull=False,
                    payer__isnull=False,
                    sender__isnull=False,
                )
                & ~Q(state="DRAFT"),
            ),
            models.CheckConstraint(
                name="order_recipient_fits_type",
                condition=Q(type="L", recipient_unit__isnull=True, recipient_patient__isnull=True)
                | Q(type="B", recipient_warehouse__isnull=True, recipient_patient__isnull=True)
                | Q(type="F", recipient_warehouse__isnull=True, recipient_unit__isnull=True),
            ),
            models.CheckConstraint(
                name="order_registered_has_recipient",
                condition=Q(state="DRAFT")
                | Q(recipient_warehouse__isnull=False)
                | Q(recipient_unit__isnull=False)
                | Q(recipient_patient__isnull=False),
            ),
            models.CheckConstraint(
                name="order_transfer_between_two_stores",
                condition=Q(recipient_warehouse__isnull=True)
                | Q(sender__isnull=True)
                | ~Q(recipient_warehouse=models.F("sender")),
            ),
            models.CheckConstraint(
                name="order_canceled_has_reason",
                condition=~Q(state="CANCELED") | (Q(canceled_at__isnull=False) & ~Q(cancel_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"Utkast {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("order_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == OrderState.DRAFT

    @property
    def is_open(self) -> bool:
        """Registered, and something remains to be delivered."""
        return self.state in OPEN_STATES

    @property
    def is_delivery_missing(self) -> bool:
        """A saved direct order that nobody has handed out yet: *Utleverans saknas*."""
        return self.is_open and self.subtype.is_direct

    @property
    def has_recipient(self) -> bool:
        """Asked without reading who it is."""
        return any((self.recipient_warehouse_id, self.recipient_unit_id, self.recipient_patient_id))

    @property
    def recipient(self) -> Warehouse | Party | Patient | None:
        return self.recipient_warehouse or self.recipient_unit or self.recipient_patient

    @property
    def recipient_label(self) -> str:
        """The recipient as lists may show it: a patient by first name, initial and year, or not at all."""
        if self.recipient_patient:
            return self.recipient_patient.short_label
        return str(self.recipient or "")


Order._meta.get_field("number").register_lookup(Reverse)  # `number__reverse__startswith`: by the end, with an index
