"""One patient's page, and the reason that may be asked before it."""

from django.contrib.auth.decorators import permission_required
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
from orders.own_care import Gate, gate_to, holdings_of
from orders.reading import read_orders
from orders.wizard import new_order_url
from parties.forms.patients import ReasonForm
from parties.limits import TooManySearches, count_patient_search
from parties.looks import Act, note_access
from parties.models import Patient
from parties.openings import keep_open
from parties.requests import UserRequest
from parties.responses import too_many
from parties.units import acting_unit

MOST_ORDERS = 50


@require_safe
@permission_required(roles.VIEW_PATIENTS, raise_exception=True)
def patient_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One patient of the own municipality: who it is, what the patient has, and the orders. Own care or a reason."""
    patient = visible_patient(request, pk)
    if gate_to(request, patient) is not Gate.OPEN:
        return redirect("patient_open", patient.pk)
    try:
        count_patient_search(by=request.user, at=timezone.now())
    except TooManySearches as error:
        return too_many(request, str(error))
    note_access(request, patient, Act.PATIENT)
    orders = registered_orders(request.user).filter(recipient_patient=patient).order_by("-registered_at", "-pk")
    context = {
        "patient": patient,
        "age": patient.age_on(timezone.localdate()),
        "holdings": holdings_of(patient),
        "rows": shown_rows(request, read_orders(orders.values_list("pk", flat=True)[:MOST_ORDERS])),
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
