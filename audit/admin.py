from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from parties.admin_large import LedgerAdmin

from .history import labels_of, sort_of, what_of
from .models import ChangeEntry


class SubjectFilter(admin.SimpleListFilter):
    title = "gäller"
    parameter_name = "galler"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tables = ChangeEntry.objects.order_by().values_list("subject_table", flat=True).distinct()
        return sorted(((table, str(capfirst(sort_of(table)))) for table in tables), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[ChangeEntry]) -> QuerySet[ChangeEntry]:
        return queryset.filter(subject_table=self.value()) if self.value() else queryset


@admin.register(ChangeEntry)
class ChangeEntryAdmin(LedgerAdmin):
    """All changes of master data, rights and users; what they were stands in the history of what was changed."""

    list_display = ["at", "actor_name", "what", "subject", "fields_changed", "history"]
    list_display_links = None
    list_filter = ["kind", SubjectFilter, "at"]
    search_fields = ["actor__username"]
    list_select_related = ["actor"]

    def has_view_permission(self, request: HttpRequest, obj: ChangeEntry | None = None) -> bool:
        """The list alone: a page of one change would show a patient's name beside the others' order levels."""
        return obj is None and super().has_view_permission(request)

    @admin.display(description="användare", ordering="actor")
    def actor_name(self, change: ChangeEntry) -> str:
        return str(change.actor or "Systemet")

    @admin.display(description="vad", ordering="kind")
    def what(self, change: ChangeEntry) -> str:
        return what_of(change)

    @admin.display(description="gäller", ordering="subject_table")
    def subject(self, change: ChangeEntry) -> str:
        return f"{sort_of(change.subject_table)} {change.subject_id}"

    @admin.display(description="fält")
    def fields_changed(self, change: ChangeEntry) -> str:
        return ", ".join(labels_of(change))

    @admin.display(description="historik")
    def history(self, change: ChangeEntry) -> str:
        try:
            page = reverse(f"admin:{change.subject_table}_history", args=[change.subject_id])
        except NoReverseMatch:
            return ""
        return format_html('<a href="{}">Öppna</a>', page)
