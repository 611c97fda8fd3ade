"""The documents of goods that left and came: read only, since each is written by the act that moved the goods."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from parties.admin_base import ReadOnlyInline
from parties.admin_large import LedgerAdmin

from .models import (
    Delivery,
    DeliveryFailure,
    DeliveryLine,
    GoodsReturn,
    Holding,
    Receipt,
    ReceiptLine,
    ReceiptSettlement,
)


class DeliveryLineInline(ReadOnlyInline):
    model = DeliveryLine
    fields = ["article", "device", "quantity"]
    readonly_fields = ["article"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeliveryLine]:
        return super().get_queryset(request).select_related("order_line__article", "device")

    @admin.display(description="artikel")
    def article(self, line: DeliveryLine) -> str:
        return str(line.order_line.article)


@admin.register(Delivery)
class DeliveryAdmin(LedgerAdmin):
    list_display = ["number", "order", "at", "actor"]
    list_filter = ["at", "order__type"]
    search_fields = ["number", "order__number", "actor__username"]
    list_select_related = ["order", "actor"]
    inlines = [DeliveryLineInline]


@admin.register(DeliveryLine)
class DeliveryLineAdmin(LedgerAdmin):
    list_display = ["delivery", "article", "device", "quantity"]
    list_filter = ["delivery__at"]
    search_fields = ["delivery__number", "order_line__article__number", "device__number"]
    list_select_related = ["delivery", "order_line__article", "device"]

    @admin.display(description="artikel", ordering="order_line__article__number")
    def article(self, line: DeliveryLine) -> str:
        return str(line.order_line.article)


class ReceiptLineInline(ReadOnlyInline):
    model = ReceiptLine
    fields = ["article", "received", "missing", "damaged", "extra", "unsettled", "reason"]
    readonly_fields = ["article", "unsettled"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReceiptLine]:
        lines = super().get_queryset(request)
        return lines.select_related("delivery_line__order_line__article", "other_article")

    @admin.display(description="artikel")
    def article(self, line: ReceiptLine) -> str:
        return str(line.article)


@admin.register(Receipt)
class ReceiptAdmin(LedgerAdmin):
    list_display = ["delivery", "at", "actor"]
    list_filter = ["at"]
    search_fields = ["delivery__number", "actor__username"]
    list_select_related = ["delivery", "actor"]
    inlines = [ReceiptLineInline]


@admin.register(ReceiptLine)
class ReceiptLineAdmin(LedgerAdmin):
    list_display = ["delivery", "article", "received", "missing", "damaged", "extra", "unsettled", "reason"]
    list_filter = ["receipt__at"]
    search_fields = [
        "receipt__delivery__number",
        "delivery_line__order_line__article__number",
        "other_article__number",
    ]
    list_select_related = ["receipt__delivery", "delivery_line__order_line__article", "other_article"]

    @admin.display(description="utleverans", ordering="receipt__delivery__number")
    def delivery(self, line: ReceiptLine) -> str:
        return str(line.receipt.delivery)

    @admin.display(description="artikel", ordering="delivery_line__order_line__article__number")
    def article(self, line: ReceiptLine) -> str:
        return str(line.article)


@admin.register(DeliveryFailure)
class DeliveryFailureAdmin(LedgerAdmin):
    list_display = ["delivery", "at", "reason", "note", "actor"]
    list_filter = ["reason", "at"]
    search_fields = ["delivery__number", "actor__username"]
    list_select_related = ["delivery", "actor"]


@admin.register(ReceiptSettlement)
class ReceiptSettlementAdmin(LedgerAdmin):
    list_display = ["delivery", "kind", "outcome", "quantity", "device", "at", "actor"]
    list_filter = ["kind", "outcome", "at"]
    search_fields = ["receipt_line__receipt__delivery__number", "actor__username"]
    list_select_related = ["receipt_line__receipt__delivery", "device", "actor"]

    @admin.display(description="utleverans", ordering="receipt_line__receipt__delivery__number")
    def delivery(self, settlement: ReceiptSettlement) -> str:
        return str(settlement.receipt_line.receipt.delivery)


@admin.register(Holding)
class HoldingAdmin(LedgerAdmin):
    list_display = ["article", "device", "quantity", "returned", "opened_at", "closed_at"]
    list_filter = ["opened_at", "closed_at"]
    search_fields = ["article__number", "device__number"]
    list_select_related = ["article", "device"]


@admin.register(GoodsReturn)
class GoodsReturnAdmin(LedgerAdmin):
    list_display = ["holding", "warehouse", "quantity", "at", "actor", "outcome", "checked_at", "checked_by"]
    list_filter = ["outcome", "warehouse", "at"]
    search_fields = ["holding__article__number", "holding__device__number", "actor__username"]
    list_select_related = ["holding", "warehouse", "actor", "checked_by"]
