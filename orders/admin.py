from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from parties.admin_base import ReadOnlyAdmin, ReadOnlyInline, SesamAdmin
from parties.admin_large import LedgerAdmin
from parties.looks import Patients

from . import admin_devices, admin_goods, admin_roles
from .models import Notice, Order, OrderEvent, OrderLine, OrderNumberSeries, OrderSubtype

__all__ = ["admin_devices", "admin_goods", "admin_roles"]

RULES = ["code", "type", "sender_rule", "is_direct"]


@admin.register(OrderSubtype)
class OrderSubtypeAdmin(SesamAdmin):
    """A row can be renamed, hidden and moved; its rules are set when it is made, since orders were made by them."""

    list_display = ["name", "type", "sender_rule", "is_direct", "is_hidden", "position", "code"]
    list_editable = ["is_hidden", "position"]
    list_filter = ["type", "is_hidden", "is_direct"]
    search_fields = ["name", "code", "description"]
    ordering = ["position", "name"]
    fields = ["name", "description", "is_hidden", "position", *RULES]

    def get_readonly_fields(self, request: HttpRequest, obj: OrderSubtype | None = None) -> list[str]:
        return RULES if obj is not None else []

    def has_delete_permission(self, request: HttpRequest, obj: OrderSubtype | None = None) -> bool:
        return False


class OrderLineInline(ReadOnlyInline):
    model = OrderLine
    fields = ["position", "article", "device", "quantity", "reserved", "delivered", "received", "canceled", "priority"]
    ordering = ["position", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        return super().get_queryset(request).select_related("article", "device")


class OrderEventInline(ReadOnlyInline):
    model = OrderEvent
    fields = ["at", "kind", "actor", "detail"]
    ordering = ["at", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderEvent]:
        return super().get_queryset(request).select_related("actor")


@admin.register(Order)
class OrderAdmin(LedgerAdmin):
    list_display = ["label", "subtype", "state", "customer", "recipient_label", "sender", "orderer", "registered_at"]
    list_filter = ["state", "type", "subtype", "registered_at", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["number", "customer__number", "orderer__username"]
    list_select_related = [
        "subtype",
        "customer",
        "recipient_warehouse",
        "recipient_unit",
        "recipient_patient",
        "sender",
        "orderer",
    ]
    inlines = [OrderLineInline, OrderEventInline]
    fields = [
        ("label", "state", "subtype"),
        ("registrar", "orderer", "handler"),
        ("customer", "municipality", "payer"),
        ("sender", "recipient_warehouse", "recipient_unit", "recipient_patient"),
        ("is_urgent", "only_complete", "origin"),
        ("created_at", "registered_at"),
        ("canceled_at", "cancel_reason"),
    ]

    def patients_of(self, obj: Order) -> Patients:
        return obj.recipient_patient

    def about_of(self, obj: Order) -> str:
        return str(obj)

    @admin.display(description="order", ordering="number")
    def label(self, order: Order) -> str:
        return str(order)

    @admin.display(description="mottagare")
    def recipient_label(self, order: Order) -> str:
        return order.recipient_label


@admin.register(OrderLine)
class OrderLineAdmin(LedgerAdmin):
    list_display = ["order", "position", "article", "device", "quantity", "reserved", "delivered", "backordered"]
    list_filter = ["order__state", "order__type"]
    search_fields = ["order__number", "article__number", "device__number"]
    list_select_related = ["order", "article", "device"]


@admin.register(OrderEvent)
class OrderEventAdmin(LedgerAdmin):
    list_display = ["at", "order", "kind", "actor", "detail"]
    list_filter = ["kind", "at"]
    search_fields = ["order__number", "actor__username"]
    list_select_related = ["order", "actor"]


@admin.register(OrderNumberSeries)
class OrderNumberSeriesAdmin(ReadOnlyAdmin):
    list_display = ["type", "year", "last"]
    list_filter = ["year"]
    search_fields = ["type"]
    ordering = ["-year", "type"]


@admin.register(Notice)
class NoticeAdmin(LedgerAdmin):
    list_display = ["event", "user", "read_at"]
    list_filter = ["read_at"]
    search_fields = ["user__username", "event__order__number"]
    list_select_related = ["event", "user"]
