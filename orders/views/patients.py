"""Patients: the own ones and what a search finds, one patient's page, and the reason that may be asked before it."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import BooleanField, Case, ExpressionWrapper, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from orders import roles
from orders.access import may_create
from orders.filters import registered_orders
from orders.functions import Entry, Functions
from orders.looks import shown_rows
from orders.models import OrderType
from orders.own_care import Gate, gate_to, holdings_of, own_care_of
from orders.rows import for_rows
from orders.wizard import new_order_url
from parties.forms.patients import PatientSearchForm, ReasonForm
from parties.limits import TooManySearches, count_patient_search
from parties.looks import Act, note_access
from parties.models import Patient, Protection
from parties.openings import keep_open
from parties.queries import patient_matches
from parties.requests import UserRequest
from parties.responses import too_many
from parties.sorting import swedish_order
from parties.units import acting_unit

PAGE_SIZE = 50
MOST_ORDERS = 50


@require_safe
@permission_required(roles.VIEW_PATIENTS, raise_exception=True)
def patient_list(request: UserRequest) -> HttpResponse:
    """The unit's own patients, or what a search finds in the municipality; those with protected identity last."""
    if request.GET:  # a search or a further page
        try:
            count_patient_search(by=request.user, at=timezone.now())
        except TooManySearches as error:
            return too_many(request, str(error))
    form = PatientSearchForm(request.GET)
    unit = acting_unit(request)
    own = own_care_of(unit, on=timezone.localdate()) if unit else Q(pk__in=[])
    text = form.cleaned_data["sok"] if form.is_valid() else ""
    found = Patient.objects.visible_to(request.user).filter(patient_matches(text) if text else own)
    if not form.is_valid():
        found = found.none()
    protected_last = Case(When(protection=Protection.NONE, then=Value(0)), default=Value(1))
    ordered = found.annotate(is_own=ExpressionWrapper(own, BooleanField())).order_by(
        protected_last, swedish_order("name"), "pk"
    )
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    note_access(request, page, Act.SEARCH_HIT if text else Act.LIST)
    context = {"form": form, "page": page, "text": text, "unit": unit}
    return render(request, "orders/patients.html", context, status=200 if form.is_valid() else 422)


@require_safe
@permission_required(roles.VIEW_PATIENTS, raise_exception=True)
def patient_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One patient of the own municipality: who it is, what the patient has, and the orders. Own care or a reason."""
    patient = visible_patient(request, pk)
    if gate_to(request, patient) is not Gate.OPEN:
        return redirect("patient_open", patient.pk)
    note_access(request, patient, Act.PATIENT)
    orders = for_rows(registered_orders(request.user).filter(recipient_patient=patient))
    context = {
        "patient": patient,
        "age": patient.age_on(timezone.localdate()),
        "holdings": holdings_of(patient),
        "rows": shown_rows(request, orders[:MOST_ORDERS]),
        "functions": functions_for(request, patient),
    }
    return render(request, "orders/patient.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.VIEW_PATIENTS, raise_exception=True)
def patient_open(request: UserRequest, pk: int) -> HttpResponse:
    """*Nödöppning*, or the reason to open protected data: kept in the log, and the patient is open for the session."""
    patient = visible_patient(request, pk)
    gate = gate_to(request, patient)
    if gate is Gate.OPEN:
        return redirect("patient_detail", patient.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        is_emergency = gate is Gate.EMERGENCY
        act, reason = Act.EMERGENCY if is_emergency else Act.PATIENT, form.cleaned_data["reason"]
        note_access(request, patient, act, reason=reason, is_emergency=is_emergency)
        keep_open(request, patient)
        return redirect("patient_detail", patient.pk)
    note_access(request, patient, Act.SEARCH_HIT)  # the page says whose it is, as a hit does
    context = {
        "patient": patient,
        "form": form,
        "is_emergency": gate is Gate.EMERGENCY,
        "unit": acting_unit(request),
        "functions": Functions(
            main=Entry(label="Öppna patienten", form="reason"),
            items=[Entry(label="Tillbaka till patienterna", url=reverse("patient_list"))],
            next_text="Patienten är öppen för dig tills du loggar ut eller byter enhet.",
        ),
    }
    return render(request, "orders/patient_open.html", context, status=422 if form.is_bound else 200)


def visible_patient(request: UserRequest, pk: int) -> Patient:
    """A patient of the own municipality; another's is not there."""
    return get_object_or_404(Patient.objects.visible_to(request.user).select_related("municipality"), pk=pk)


def functions_for(request: UserRequest, patient: Patient) -> Functions:
    url = f"{new_order_url(OrderType.PRESCRIPTION)}?patient={patient.pk}"
    prescribe = Entry(label="Ny förskrivning", url=url)
    back = Entry(label="Tillbaka till patienterna", url=reverse("patient_list"))
    if not may_create(request.user, OrderType.PRESCRIPTION):
        return Functions(items=[back])
    if patient.deceased_on:
        reason = "Patienten är avliden. Inget mer kan förskrivas."
        prescribe = Entry(label="Ny förskrivning", enabled=False, reason=reason)
    return Functions(main=prescribe, items=[back], next_text="" if patient.deceased_on else "Välj varifrån det tas.")
