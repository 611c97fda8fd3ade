"""*Patienter*: the unit's own and what a search finds in the municipality, as a page and as a file.

What is typed is a name or an identity number, so it is posted, and the address says where it is kept. It is searched
for when it has been sent, not while it is typed: each hit of a search is a look at a patient.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from listing import Column, Listing
from orders import roles
from orders.looks import log_exported_patients
from orders.own_care import own_patients, own_patients_by_name
from parties.forms.patients import PatientSearchForm
from parties.kept_searches import PARAMETER, is_search_gone, keep_search, kept_search
from parties.limits import TooManySearches, count_patient_search
from parties.looks import Act, note_access
from parties.models import Patient
from parties.models.patient import PatientQuerySet
from parties.queries import patient_matches
from parties.requests import UserRequest
from parties.responses import too_many
from parties.searching import among
from parties.sorting import listed_name, listed_number
from parties.units import acting_unit

HIDDEN = "Dolt"


def read_patients(keys: Sequence[int]) -> list[Patient]:
    """In the order of the keys. Without asking again whether they are listed, which may be among thousands."""
    found = Patient.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


PATIENTS: Listing[Patient] = Listing(
    name="patienter",
    default="namn",
    read=read_patients,
    columns=[
        Column(key="namn", label="Namn", order_by=[listed_name()], value=lambda patient: patient.label),
        Column(
            key="nummer",
            label="Identitetsnummer",
            order_by=[listed_number()],
            value=lambda patient: HIDDEN if patient.is_protected else patient.formatted_number,
        ),
        Column(key="vard", label="Vård"),
        Column(key="skydd", label="Skydd", value=lambda patient: patient.get_protection_display(), on_page=False),
        Column(key="avliden", label="Avliden", value=lambda patient: patient.deceased_on, on_page=False),
    ],
)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.VIEW_PATIENTS, raise_exception=True)
def patient_list(request: UserRequest) -> HttpResponseBase:
    """The unit's own patients, or what a search finds in the municipality; those with protected identity last."""
    if request.method == "POST":
        return patient_search(request)
    text = kept_search(request)
    if request.GET:  # a search, a further page or a file
        try:
            count_patient_search(by=request.user, at=timezone.now())
        except TooManySearches as error:
            return too_many(request, str(error))
    own = None if text else own_patients_by_name(request.user, acting_unit(request), on=timezone.localdate())
    visible = Patient.objects.visible_to(request.user)
    found = visible.filter(patient_matches(text)) if own is None else visible.filter(among(own))
    leaving = log_exported_patients(request)
    if file := PATIENTS.export(found, request.GET, on=timezone.localdate(), before_leaving=leaving):
        return file
    return patient_page(request, PatientSearchForm({"sok": text}), found, own)


def patient_search(request: UserRequest) -> HttpResponse:
    """Keep what was typed, and lead to an address that does not have it."""
    form = PatientSearchForm(request.POST)
    if not form.is_valid():
        return patient_page(request, form, Patient.objects.none(), [])
    text = form.cleaned_data["sok"]
    query = f"?{urlencode({PARAMETER: keep_search(request, text)})}" if text else ""
    return redirect(reverse("patient_list") + query)


def patient_page(
    request: UserRequest, form: PatientSearchForm, found: PatientQuerySet, own: list[int] | None
) -> HttpResponse:
    """`own` are the patients in the unit's own care where they are what is listed, as primary keys by name."""
    unit = acting_unit(request)
    page = PATIENTS.page(found, request.GET, keys=own)
    is_search = bool(form["sok"].value())
    note_access(request, page, Act.SEARCH_HIT if is_search else Act.LIST)
    context = {
        "form": form,
        "page": page,
        "own": own_patients(unit, on=timezone.localdate(), among=page) if own is None else frozenset(own),
        "is_search": is_search,
        "is_gone": is_search_gone(request),
        "unit": unit,
    }
    return render(request, "orders/patients.html", context, status=200 if form.is_valid() else 422)
