from django.db import models


class OrderNumberSeries(models.Model):
    """The last running number given, per letter of the order type and year."""

    type = models.CharField("ordertyp", max_length=1)
    year = models.PositiveSmallIntegerField("år")
    last = models.PositiveIntegerField("senaste nummer", default=0, db_default=0)

    class Meta:
        verbose_name = "ordernummerserie"
        verbose_name_plural = "ordernummerserier"
        constraints = [models.UniqueConstraint(name="order_number_series_once", fields=["type", "year"])]

    def __str__(self) -> str:
        return f"{self.type}-{self.year}: {self.last}"
