import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inventory.models import Article, Device
from parties.models import User

from .delivery import Delivery, DeliveryLine
from .order import Order


class Receipt(models.Model):
    """The receiving store's confirmation (kvittens) of one delivery."""

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="receipt", verbose_name="utleverans")
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="receipts", verbose_name="kvitterad av"
    )

    class Meta:
        verbose_name = "mottagning"
        verbose_name_plural = "mottagningar"

    def __str__(self) -> str:
        return f"{self.delivery_id}"


class ReceiptLineQuerySet(models.QuerySet["ReceiptLine"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(receipt__delivery__order__in=Order.objects.registered_visible_to(user))

    def unsettled(self) -> Self:
        return self.filter(unsettled__gt=0)

    def for_differences(self) -> Self:
        """With everything that a page says of a difference."""
        return self.select_related(
            "receipt__actor",
            "receipt__delivery__order__sender",
            "receipt__delivery__order__recipient_warehouse",
            "delivery_line__order_line__article",
            "delivery_line__device",
            "other_article",
        ).prefetch_related("extra_devices__location", "settlements__actor", "settlements__device")


class ReceiptLine(models.Model):
    """What came of one delivery line: fit for use (received), not at all (missing), damaged, or more than was sent.

    An article that was not on the delivery has a line of its own, and all of it is extra. What is missing or damaged
    stays in transit, and what is extra outside the balance, until a correcting movement settles it.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines", verbose_name="mottagning")
    delivery_line = models.OneToOneField(
        DeliveryLine, models.PROTECT, null=True, related_name="receipt_line", verbose_name="utleveransrad"
    )
    other_article = models.ForeignKey(
        Article, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="annan artikel"
    )
    received = models.PositiveIntegerField("mottaget")
    missing = models.PositiveIntegerField("saknas", default=0, db_default=0)
    damaged = models.PositiveIntegerField("skadat", default=0, db_default=0)
    extra = models.PositiveIntegerField("för mycket", default=0, db_default=0)
    settled = models.PositiveIntegerField("reglerat", default=0, db_default=0, editable=False)
    unsettled = models.GeneratedField(
        verbose_name="kvar att reglera",
        expression=F("missing") + F("damaged") + F("extra") - F("settled"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    reason = models.CharField("orsak", max_length=200, blank=True, default="", db_default="")
    extra_devices = models.ManyToManyField(
        Device,
        related_name="extra_on",
        blank=True,
        verbose_name="individer för mycket",
        help_text="Kom utan att ha skickats; så många som för mycket, om artikeln är individmärkt.",
    )

    objects = ReceiptLineQuerySet.as_manager()

    class Meta:
        verbose_name = "mottagningsrad"
        verbose_name_plural = "mottagningsrader"
        indexes = [
            models.Index(
                name="receipt_line_unsettled",
                fields=["receipt"],
                condition=Q(unsettled__gt=0),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="receipt_line_of_other_article_is_all_extra",
                condition=Q(delivery_line__isnull=False, other_article__isnull=True)
                | Q(
                    delivery_line__isnull=True,
                    other_article__isnull=False,
                    received=0,
                    missing=0,
                    damaged=0,
                    extra__gte=1,
                ),
            ),
            models.UniqueConstraint(
                name="receipt_line_other_article_once",
                fields=["other_article", "receipt"],
                condition=Q(other_article__isnull=False),
            ),
            models.CheckConstraint(
                name="receipt_line_difference_has_reason",
                condition=Q(missing=0, damaged=0, extra=0) | ~Q(reason=""),
                violation_error_message="Skriv varför det skiljer sig.",
            ),
            models.CheckConstraint(
                name="receipt_line_settled_within_difference",
                condition=Q(settled__lte=F("missing") + F("damaged") + F("extra")),
                violation_error_message="Mer än avvikelsen kan inte regleras.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}:{self.delivery_line_id or self.other_article_id}"

    @property
    def article(self) -> Article:
        if self.other_article:
            return self.other_article
        assert self.delivery_line is not None
        return self.delivery_line.order_line.article

    @property
    def device(self) -> Device | None:
        """The one that was sent."""
        return self.delivery_line.device if self.delivery_line else None

    @property
    def sent(self) -> int:
        return self.delivery_line.quantity if self.delivery_line else 0

    @property
    def difference(self) -> str:
        """`1 saknas, 2 skadat`; empty when all of it came."""
        if self.other_article_id:
            return in_words(unsent=self.extra)
        return in_words(missing=self.missing, damaged=self.damaged, extra=self.extra)


def in_words(*, missing: int = 0, damaged: int = 0, extra: int = 0, unsent: int = 0) -> str:
    parts = ((missing, "saknas"), (damaged, "skadat"), (extra, "för mycket"), (unsent, "inte skickat"))
    return ", ".join(f"{quantity} {word}" for quantity, word in parts if quantity)


class DifferenceKind(models.TextChoices):
    MISSING = "MISSING", "Saknas"
    DAMAGED = "DAMAGED", "Skadat"
    EXTRA = "EXTRA", "För mycket"


class SettlementOutcome(models.TextChoices):
    ARRIVED = "ARRIVED", "Kom senare, i mottagarens lager"
    WITH_SENDER = "WITH_SENDER", "Finns hos avsändaren"
    LOST = "LOST", "Förlust eller kassation"
    FROM_SENDER = "FROM_SENDER", "Togs ur avsändarens lager"
    FOUND = "FOUND", "Hittat, okänt varifrån"


class ReceiptSettlement(models.Model):
    """That a difference of a receipt was settled (reglerad), by a correcting movement where goods moved. Never edited.

    Extra goods that are with the sender again have moved nowhere: the ledger never had them leave.
    """

    key = models.UUIDField("sidans nyckel", default=uuid.uuid4, unique=True, editable=False)
    receipt_line = models.ForeignKey(
        ReceiptLine, models.PROTECT, related_name="settlements", verbose_name="mottagningsrad"
    )
    kind = models.CharField("avvikelse", max_length=8, choices=DifferenceKind.choices)
    outcome = models.CharField("utfall", max_length=12, choices=SettlementOutcome.choices)
    quantity = models.PositiveIntegerField("antal")
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="individ")
    note = models.CharField("anteckning", max_length=200, blank=True, default="", db_default="")
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="av")

    class Meta:
        verbose_name = "reglering"
        verbose_name_plural = "regleringar"
        constraints = [
            models.CheckConstraint(name="receipt_settlement_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="receipt_settlement_outcome_fits_kind",
                condition=Q(kind__in=["MISSING", "DAMAGED"], outcome__in=["ARRIVED", "WITH_SENDER", "LOST"])
                | Q(kind="EXTRA", outcome__in=["FROM_SENDER", "FOUND", "WITH_SENDER"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_line_id} {self.outcome}"
