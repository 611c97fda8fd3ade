"""What has happened to log-ins and sessions, in the administration: to look at."""

from django.contrib import admin
from django.http import HttpRequest

from .admin_large import LedgerAdmin
from .models import SecurityEvent


@admin.register(SecurityEvent)
class SecurityEventAdmin(LedgerAdmin):
    list_display = ["at", "kind", "user_name", "unit", "address", "detail"]
    list_display_links = None
    list_filter = ["kind", "at"]
    search_fields = ["user__username", "address"]
    list_select_related = ["user", "unit"]

    def has_view_permission(self, request: HttpRequest, obj: SecurityEvent | None = None) -> bool:
        """The list alone: a row holds nothing more."""
        return obj is None and super().has_view_permission(request)

    @admin.display(description="användare", ordering="user")
    def user_name(self, event: SecurityEvent) -> str:
        return str(event.user or "Okänd")
