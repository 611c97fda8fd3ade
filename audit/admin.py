from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from parties.admin_base import ReadOnlyAdmin

from .history import model_of
from .models import ChangeEntry


@admin.register(ChangeEntry)
class ChangeEntryAdmin(ReadOnlyAdmin):
    """All changes of master data, rights and users; what they were stands in the history of what was changed."""

    list_display = ["at", "actor_name", "kind", "sort", "columns", "history"]
    list_display_links = None
    list_filter = ["kind", "table_name", "at"]
    search_fields = ["actor__username", "actor__name", "table_name"]
    list_select_related = ["actor"]
    ordering = ["-id"]

    def has_view_permission(self, request: HttpRequest, obj: ChangeEntry | None = None) -> bool:
        """The list alone: a page of one change would show a patient's name beside the others' order levels."""
        return obj is None and super().has_view_permission(request)

    @admin.display(description="användare", ordering="actor")
    def actor_name(self, change: ChangeEntry) -> str:
        return str(change.actor or "Systemet")

    @admin.display(description="slag")
    def sort(self, change: ChangeEntry) -> str:
        model = model_of(change.table_name)
        return str(model._meta.verbose_name) if model else change.table_name

    @admin.display(description="fält")
    def columns(self, change: ChangeEntry) -> str:
        return ", ".join(sorted((change.before or {}) | (change.after or {}))) if change.kind == "UPDATE" else "alla"

    @admin.display(description="historik")
    def history(self, change: ChangeEntry) -> str:
        model = model_of(change.subject_table)
        try:
            name = f"admin:{change.subject_table}_history"
            return format_html('<a href="{}">Öppna</a>', reverse(name, args=[change.subject_id])) if model else ""
        except NoReverseMatch:
            return ""
