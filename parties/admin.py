from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from . import admin_relations, admin_security, admin_users
from .admin_base import ConstraintForm, SesamAdmin
from .forms.patients import ReasonForm
from .identity import InvalidIdentityNumber, parse_identity_number
from .limits import TooManySearches, count_patient_search
from .looks import Act, Patients, note_access
from .models import Party, Patient, Protection, User
from .openings import is_opened, keep_open
from .queries import patient_matches
from .responses import too_many
from .sorting import swedish_order

__all__ = ["admin_relations", "admin_security", "admin_users"]

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


@admin.register(Patient)
class PatientAdmin(SesamAdmin):
    form = PatientForm
    list_display = ["formatted_number", "label", "identity_kind", "municipality", "protection", "deceased_on"]
    list_filter = ["protection", "identity_kind", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["identity_number", "name", "former_numbers__icontains"]
    list_select_related = ["municipality"]
    ordering = ["identity_number"]
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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A search here counts among the person's searches for patients."""
        if request.GET.get("q"):
            assert isinstance(request.user, User)
            try:
                count_patient_search(by=request.user, at=timezone.now())
            except TooManySearches as error:
                return too_many(request, str(error))
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Protected data are opened with a reason here too."""
        patient = Patient.objects.filter(pk=object_id).first() if object_id and object_id.isdecimal() else None
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

    @admin.display(description="identitetsnummer", ordering="identity_number")
    def formatted_number(self, patient: Patient) -> str:
        return "Dolt" if patient.is_protected else patient.formatted_number

    @admin.display(description="namn", ordering="name")
    def label(self, patient: Patient) -> str:
        return patient.label
