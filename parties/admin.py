from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Q
from django.http import HttpRequest

from . import admin_patients, admin_relations, admin_security, admin_users
from .admin_base import SesamAdmin
from .models import Party
from .sorting import swedish_order

__all__ = ["admin_patients", "admin_relations", "admin_security", "admin_users"]

ROLES = {
    "is_region": "region",
    "is_municipality": "kommun",
    "is_customer": "kund",
    "is_care_unit": "vårdenhet",
    "is_supplier": "leverantör",
}


@admin.register(Party)
class PartyAdmin(SesamAdmin):
    list_display = ["number", "name", "roles", "parent", "payer", "city", "is_active"]
    list_display_links = ["number", "name"]
    list_filter = ["is_active", *ROLES, ("parent", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["number", "name", "gln", "hsa_id", "city"]
    list_select_related = ["parent", "payer"]
    autocomplete_fields = ["payer"]
    ordering = ["number"]
    fieldsets = [
        (None, {"fields": ["number", "name", "is_active"]}),
        ("Är", {"fields": [tuple(ROLES)]}),
        ("Hör till", {"fields": ["parent", "payer"]}),
        ("Adress", {"fields": ["gln", "hsa_id", "street", "postal_code", "city"]}),
    ]

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            municipalities = Party.objects.filter(Q(is_municipality=True) | Q(is_region=True))
            kwargs["queryset"] = municipalities.order_by(swedish_order("name"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="är")
    def roles(self, party: Party) -> str:
        return ", ".join(word for field, word in ROLES.items() if getattr(party, field))
