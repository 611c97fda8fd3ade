"""The administration of patients.

What is typed to look for one is a name or an identity number, so it is posted, and the address says where it is kept.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from .admin_base import ConstraintForm, SesamAdmin
from .forms.patients import ReasonForm
from .identity import InvalidIdentityNumber, parse_identity_number
from .kept_searches import PARAMETER, is_search_gone, keep_search, kept_search
from .limits import TooManySearches, count_patient_search
from .looks import Act, Patients, note_access
from .models import Party, Patient, Protection, User
from .openings import is_opened, keep_open
from .queries import patient_matches
from .responses import too_many
from .sorting import listed_name, listed_number, swedish_order

FILTERS = {"protection", "identity_kind", "municipality"}


class PatientForm(ConstraintForm):
    identity_number = forms.CharField(
        label="Identitetsnummer",
        max_length=20,
        help_text="Person- eller samordningsnummer (19451224-1234) eller reservnummer; slaget känns igen.",
    )

    class Meta:
        model = Patient
        exclude = ("identity_kind",)

    def clean_identity_number(self) -> str:
        try:
            self.instance.identity_kind, number = parse_identity_number(self.cleaned_data["identity_number"])
        except InvalidIdentityNumber as error:
            raise forms.ValidationError(str(error)) from error
        return number


class PatientChangeList(ChangeList):
    """A list that is searched by what the session keeps."""

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        found = super().get_filters_params(params)
        found.pop(PARAMETER, None)  # no filter
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Patient]:
        self.query = kept_search(request)
        return super().get_queryset(request, exclude_parameters)


@admin.register(Patient)
class PatientAdmin(SesamAdmin):
    form = PatientForm
    list_display = ["formatted_number", "label", "identity_kind", "municipality", "protection", "deceased_on"]
    list_filter = ["protection", "identity_kind", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["identity_number", "name", "former_numbers__icontains"]
    list_select_related = ["municipality"]
    ordering = [listed_number()]
    readonly_fields = ["identity_kind"]
    fieldsets = [
        (None, {"fields": ["identity_number", "identity_kind", "former_numbers", "name", "municipality"]}),
        ("Skydd", {"fields": ["protection", "deceased_on"]}),
        ("Adress", {"fields": ["street", "postal_code", "city", "phone"]}),
    ]

    def patients_of(self, obj: Patient) -> Patients:
        return obj

    def about_of(self, obj: Any) -> str:
        return ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Patient], search_term: str
    ) -> tuple[QuerySet[Patient], bool]:
        """A patient is never suggested while somebody types, so nobody is looked at by the way.

        Somebody with protected identity is found by the whole number only, as on all pages.
        """
        if request.path == reverse("admin:autocomplete"):
            return queryset.none(), False
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, may_repeat
        open_to_all = Q(protection=Protection.NONE, pk__in=found.order_by().values("pk"))
        return queryset.filter(open_to_all | patient_matches(search_term)), False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """The list's own filters: the address would else look for names and numbers, the protected ones too."""
        return lookup.partition("__")[0] in FILTERS and super().lookup_allowed(lookup, value, request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PatientChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A search here counts among the person's searches for patients."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST" or SEARCH_VAR in request.GET:
            return self._keep_search(request)
        if is_search_gone(request):
            self.message_user(request, "Sökningen finns inte kvar. Sök igen.", messages.WARNING)
        if kept_search(request):
            assert isinstance(request.user, User)
            try:
                count_patient_search(by=request.user, at=timezone.now())
            except TooManySearches as error:
                return too_many(request, str(error))
        return super().changelist_view(request, extra_context)

    def _keep_search(self, request: HttpRequest) -> HttpResponse:
        """Lead to an address with the same filters, and without what was typed.

        What stands in an address already is not searched for either: it leaves the address.
        """
        query = request.GET.copy()
        for name in (SEARCH_VAR, PARAMETER, PAGE_VAR):
            query.pop(name, None)
        if text := request.POST.get(SEARCH_VAR, "").strip():
            query[PARAMETER] = keep_search(request, text)
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Protected data are opened with a reason here too, in whatever way the address writes the key.

        The patient is found as Django's page finds it, to which ` 7`, `+7` and `0_7` are 7 as well.
        """
        patient = admin.ModelAdmin.get_object(self, request, unquote(object_id)) if object_id else None
        if patient and patient.is_protected and not is_opened(request, patient) and self.has_view_permission(request):
            return self._ask_reason(request, patient)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def _ask_reason(self, request: HttpRequest, patient: Patient) -> HttpResponse:
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            note_access(request, patient, Act.ADMIN, reason=form.cleaned_data["reason"])
            keep_open(request, patient)
            return HttpResponseRedirect(request.path)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form, "title": patient.label}
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/parties/patient/reason.html", context, status=status)

    def derived_fields(self, form: Any) -> set[str]:
        return {"identity_kind"}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The number before (a reservnummer that became a personnummer) stays searchable."""
        former = form.initial.get("identity_number") if "identity_number" in form.changed_data else None
        if change and former and former not in (*obj.former_numbers, obj.identity_number):
            obj.former_numbers = [*obj.former_numbers, former]
            form.changed_data.append("former_numbers")
        super().save_model(request, obj, form, change)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "municipality":
            kwargs["queryset"] = Party.objects.filter(is_municipality=True).order_by(swedish_order("name"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="identitetsnummer", ordering=listed_number())
    def formatted_number(self, patient: Patient) -> str:
        return "Dolt" if patient.is_protected else patient.formatted_number

    @admin.display(description="namn", ordering=listed_name())
    def label(self, patient: Patient) -> str:
        return patient.label
