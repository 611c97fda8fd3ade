"""The administration of care relations: which units may open a patient without a reason, and until when."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from .admin_base import ConstraintForm, SesamAdmin
from .identity import InvalidIdentityNumber, parse_identity_number
from .looks import Patients
from .models import CareRelation, Patient


class RelationAddForm(ConstraintForm):
    identity_number = forms.CharField(
        label="Patientens identitetsnummer", max_length=20, help_text="Patienten hittas på hela numret."
    )

    class Meta:
        model = CareRelation
        fields = ("unit", "since", "until")

    def clean_identity_number(self) -> str:
        try:
            _, number = parse_identity_number(self.cleaned_data["identity_number"])
            self.instance.patient = Patient.objects.get(identity_number=number)
        except InvalidIdentityNumber as error:
            raise forms.ValidationError(str(error)) from error
        except Patient.DoesNotExist as error:
            raise forms.ValidationError("Det finns ingen patient med det numret.") from error
        return number

    def clean(self) -> dict[str, Any] | None:
        """A unit takes part in the care of its own municipality's patients."""
        unit = self.cleaned_data.get("unit")
        if unit and self.instance.patient_id and unit.municipality_id != self.instance.patient.municipality_id:
            self.add_error("unit", "Patienten hör till en annan kommun.")
        return super().clean()


@admin.register(CareRelation)
class CareRelationAdmin(SesamAdmin):
    list_display = ["patient_label", "unit", "since", "until", "registered_by"]
    list_filter = ["since", "until", ("unit", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["unit__number", "unit__name", "registered_by__username"]
    list_select_related = ["patient", "unit", "registered_by"]
    ordering = ["-since", "-pk"]

    def patients_of(self, obj: CareRelation) -> Patients:
        return obj.patient

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if obj else {"form": RelationAddForm}) | kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["patient_label", "unit", "since", "until"] if obj else ["identity_number", "unit", "since", "until"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["patient_label", "unit"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it is ended, since somebody was let in by it

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.registered_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="patient")
    def patient_label(self, relation: CareRelation) -> str:
        return relation.patient.short_label
