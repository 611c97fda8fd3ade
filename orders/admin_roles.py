"""The roles in the administration: the whole table, to look at. It is changed in `orders/roles.py`."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as _registers_group  # noqa: F401  # before it is taken away below
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from parties.admin_base import ReadOnlyAdmin

from .roles import ROLE_PERMISSIONS, role_table

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    list_display = ["name", "members"]
    ordering = ["name"]
    search_fields = ["name"]
    fields = ["name", "acts", "members"]
    readonly_fields = ["acts", "members"]
    change_list_template = "admin/roles.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).prefetch_related("user_set", "unit_links")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        table = {"roles": list(ROLE_PERMISSIONS), "table": role_table()}
        return super().changelist_view(request, extra_context=table | (extra_context or {}))

    @admin.display(description="får")
    def acts(self, group: Group) -> SafeString | str:
        """What the table says of this role."""
        if group.name not in ROLE_PERMISSIONS:
            return "–"
        column = list(ROLE_PERMISSIONS).index(group.name)
        acts = [(label,) for label, allowed in role_table() if allowed[column]]
        return format_html_join("", "<div>{}</div>", acts)

    @admin.display(description="antal användare")
    def members(self, group: Group) -> int:
        everywhere = {user.pk for user in group.user_set.all()}
        return len(everywhere | {link.user_id for link in group.unit_links.all()})
