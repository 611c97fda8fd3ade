"""Lists of the administration that grow with the work: read by indexes, however many rows there are."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from .admin_base import ReadOnly, SesamAdmin

MOST_ROWS = 10_000


class FirstRows(Paginator):  # type: ignore[type-arg]  # generic to the type checker only
    """Counts, and pages, as far as that is quick."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[: MOST_ROWS + 1].count()
        return min(counted, MOST_ROWS)


class LargeAdmin(SesamAdmin):
    """The newest first and sorted by nothing else, searched by whole numbers, paged as far as that is quick."""

    ordering = ["-pk"]
    paginator = FirstRows
    sortable_by = ()
    search_help_text = "Hela nummer eller användarnamn. Högst 10\N{NO-BREAK SPACE}000 rader visas."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What a field refers to is looked up first, so that the rows are found by the index of that field."""
        text = search_term.strip()
        if not text:
            return queryset, False
        written = {text, text.upper(), text.lower()}
        found = Q(pk__in=[])
        for field in self.get_search_fields(request):
            name, _, rest = field.partition("__")
            if not rest:
                found |= Q(**{f"{name}__in": written})
                continue
            related: Any = self.opts.get_field(name).related_model
            keys = related._base_manager.filter(**{f"{rest}__in": written}).values_list("pk", flat=True)
            found |= Q(**{f"{name}__in": list(keys)})
        return queryset.filter(found), False


class LedgerAdmin(ReadOnly, LargeAdmin):
    """Rows that only operations write."""
