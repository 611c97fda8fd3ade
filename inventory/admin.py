from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from parties.admin_base import SesamAdmin, SesamInline
from parties.admin_large import LargeAdmin, LedgerAdmin
from parties.looks import Patients

from .models import (
    Article,
    Device,
    GoodsReceipt,
    IsoGroup,
    Location,
    StockLevel,
    StockMovement,
    Training,
    UserTraining,
    Warehouse,
)

PLACE = ["warehouse", "party", "patient"]
BALANCES = ["on_hand", "reserved", "available", "incoming"]
LEVEL_COLUMNS = ("warehouse", "article", *BALANCES, "shelf", "reorder_point", "max_level")


def place_name(location: Location) -> str:
    """Kind and what it refers to, e.g. `Lager 50101 Arvika kommunlager`; a patient as briefly as in other lists."""
    referred = location.warehouse or location.party or (location.patient and location.patient.short_label)
    return f"{location.get_kind_display()} {referred or ''}".strip()


@admin.register(Warehouse)
class WarehouseAdmin(SesamAdmin):
    list_display = ["number", "name", "kind", "owner", "supplied_from", "is_active"]
    list_display_links = ["number", "name"]
    list_filter = ["kind", "is_active"]
    search_fields = ["number", "name", "owner__number", "owner__name"]
    list_select_related = ["owner", "supplied_from"]
    autocomplete_fields = ["owner", "supplied_from"]
    ordering = ["number"]


@admin.register(Article)
class ArticleAdmin(SesamAdmin):
    list_display = [
        "number",
        "name",
        "iso",
        "kind",
        "is_numbered",
        "charging",
        "price",
        "is_orderable",
        "in_assortment",
    ]
    list_display_links = ["number", "name"]
    list_filter = ["kind", "charging", "is_numbered", "is_orderable", "in_assortment", "supplier", "required_training"]
    search_fields = ["number", "name", "synonyms", "iso_code", "supplier_number", "gtin"]
    autocomplete_fields = ["supplier"]
    ordering = ["number"]
    fieldsets = [
        (None, {"fields": ["number", "name", "description", "unit", "synonyms", "substitution_group"]}),
        ("Klassning", {"fields": ["iso_code", "iso_edition", "kind", "is_numbered"]}),
        ("Beställning", {"fields": ["is_orderable", "in_assortment", "required_training", "charging", "price"]}),
        ("Leverantör", {"fields": ["supplier", "supplier_number", "gtin"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """Whether an article is numbered cannot change once it has moved (the database refuses it)."""
        return ["is_numbered"] if obj is not None and obj.movements.exists() else []

    @admin.display(description="ISO-kod", ordering="iso_code")
    def iso(self, article: Article) -> str:
        return article.formatted_iso


class LevelFilter(admin.SimpleListFilter):
    """Class, subclass or division: how many digits the code has."""

    title = "nivå"
    parameter_name = "niva"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[IsoGroup]") -> list[tuple[str, str]]:
        return [("2", "Klass (2 siffror)"), ("4", "Underklass (4 siffror)"), ("6", "Grupp (6 siffror)")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[IsoGroup]) -> QuerySet[IsoGroup]:
        digits = self.value()
        return queryset.filter(code__regex=rf"^\d{{{digits}}}$") if digits in ("2", "4", "6") else queryset


@admin.register(IsoGroup)
class IsoGroupAdmin(SesamAdmin):
    list_display = ["code", "title"]
    list_filter = [LevelFilter]
    search_fields = ["code", "title"]
    ordering = ["code"]


class UserTrainingInline(SesamInline):
    model = UserTraining
    autocomplete_fields = ["user"]


@admin.register(Training)
class TrainingAdmin(SesamAdmin):
    list_display = ["name", "description"]
    list_filter = ["completions__valid_until"]
    search_fields = ["name"]
    ordering = ["name"]
    inlines = [UserTrainingInline]


@admin.register(UserTraining)
class UserTrainingAdmin(SesamAdmin):
    list_display = ["user", "training", "completed_on", "valid_until"]
    list_filter = ["training", "valid_until"]
    search_fields = ["user__username", "user__name", "training__name"]
    list_select_related = ["user", "training"]
    autocomplete_fields = ["user", "training"]
    ordering = ["user__username", "training__name", "completed_on"]


@admin.register(Device)
class DeviceAdmin(LargeAdmin):
    """New devices come with a goods receipt, and move only by the ledger."""

    list_display = ["number", "article", "serial_number", "state", "place"]
    list_filter = ["state", "location__kind", ("location__warehouse", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["number", "serial_number", "article__number"]
    list_select_related = ["article", *(f"location__{name}" for name in PLACE)]
    ordering = ["number"]
    fields = ["number", "article", "serial_number", "state", "place"]
    readonly_fields = ["article", "place"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        return False

    def patients_of(self, obj: Device) -> Patients:
        return obj.location.patient

    @admin.display(description="plats")
    def place(self, device: Device) -> str:
        return place_name(device.location)


@admin.register(StockLevel)
class StockLevelAdmin(LargeAdmin):
    """The balances follow from the ledger; only the shelf, the reorder point and the max level are set by hand."""

    list_display = LEVEL_COLUMNS
    list_display_links = ["article"]
    list_editable = ["shelf", "reorder_point", "max_level"]
    list_filter = ["warehouse"]
    search_fields = ["warehouse__number", "article__number"]
    list_select_related = ["warehouse", "article"]
    autocomplete_fields = ["warehouse", "article"]
    ordering = ["warehouse__number", "article__number"]
    fields = LEVEL_COLUMNS

    def get_readonly_fields(self, request: HttpRequest, obj: StockLevel | None = None) -> list[str]:
        return BALANCES if obj is None else ["warehouse", "article", *BALANCES]

    def has_delete_permission(self, request: HttpRequest, obj: StockLevel | None = None) -> bool:
        return False


@admin.register(StockMovement)
class StockMovementAdmin(LedgerAdmin):
    list_display = ["at", "article", "device", "quantity", "from_place", "to_place", "reason", "actor"]
    list_filter = ["reason", "at"]
    search_fields = ["key", "article__number", "device__number", "actor__username"]
    list_select_related = [
        "article",
        "device",
        "actor",
        *(f"{end}_location__{name}" for end in ("from", "to") for name in PLACE),
    ]
    fields = ["key", "at", "actor", "reason", "note", "article", "device", "quantity", "from_place", "to_place"]

    def patients_of(self, obj: StockMovement) -> Patients:
        return [obj.from_location.patient, obj.to_location.patient]

    @admin.display(description="från")
    def from_place(self, movement: StockMovement) -> str:
        return place_name(movement.from_location)

    @admin.display(description="till")
    def to_place(self, movement: StockMovement) -> str:
        return place_name(movement.to_location)


@admin.register(Location)
class LocationAdmin(LedgerAdmin):
    list_display = ["place", "kind"]
    list_filter = ["kind"]
    search_fields = ["warehouse__number", "party__number"]
    fields = ["kind", "place"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Location]:
        return super().get_queryset(request).select_related(*PLACE)

    def patients_of(self, obj: Location) -> Patients:
        return obj.patient

    @admin.display(description="plats")
    def place(self, location: Location) -> str:
        return place_name(location)


@admin.register(GoodsReceipt)
class GoodsReceiptAdmin(LedgerAdmin):
    list_display = ["at", "warehouse", "supplier", "reference", "actor"]
    list_filter = ["at", "warehouse"]
    search_fields = ["reference", "supplier__number", "warehouse__number", "actor__username"]
    list_select_related = ["warehouse", "supplier", "actor"]
