from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parties.forms.patients import PatientSearchForm
from parties.looks import Act, note_access
from parties.models import Patient, Protection
from parties.queries import patient_matches
from parties.requests import UserRequest
from parties.sorting import swedish_order

PAGE_SIZE = 50


@require_safe
@permission_required("parties.view_patient", raise_exception=True)
def patient_list(request: UserRequest) -> HttpResponse:
    """The patients of the user's own municipality; those with protected identity last, without name and number."""
    form = PatientSearchForm(request.GET)
    patients = Patient.objects.visible_to(request.user)
    if not form.is_valid():
        patients = patients.none()
    elif text := form.cleaned_data["sok"]:
        patients = patients.filter(patient_matches(text))
    protected_last = Case(When(protection=Protection.NONE, then=Value(0)), default=Value(1))
    ordered = patients.order_by(protected_last, swedish_order("name"), "pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    note_access(request, page, Act.SEARCH_HIT if form.cleaned_data.get("sok") else Act.LIST)
    return render(
        request, "parties/patients.html", {"form": form, "page": page}, status=200 if form.is_valid() else 422
    )
