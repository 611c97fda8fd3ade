import uuid

from django.conf import settings
from django.db import models

from parties.models import Party

from .warehouse import Warehouse


class GoodsReceipt(models.Model):
    """Goods from a supplier taken into a warehouse (inleverans). What came stands in the ledger under its key."""

    key = models.UUIDField("sidans nyckel", default=uuid.uuid4, unique=True, editable=False)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="goods_receipts", verbose_name="lager")
    supplier = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        related_name="goods_receipts",
        verbose_name="leverantör",
        limit_choices_to={"is_supplier": True},
    )
    reference = models.CharField("referens", max_length=60, blank=True, default="", db_default="")
    at = models.DateTimeField("tid")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="goods_receipts", verbose_name="mottagen av"
    )

    class Meta:
        verbose_name = "inleverans"
        verbose_name_plural = "inleveranser"
        indexes = [models.Index(name="goods_receipt_latest", fields=["warehouse", "-at", "-id"])]
        permissions = [("receive_goods", "Kan ta emot inleveranser")]

    def __str__(self) -> str:
        return f"Inleverans {self.pk}"
