"""*Sök i loggen*: by patient, by user, by unit; and the extract that a patient may ask for."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.days import span_of
from audit.models import AccessLogEntry
from orders import roles
from orders.access_flags import FLAGS, flags_of, read_flagged
from orders.documents.access_extract import access_extract
from orders.forms.log_review import LogSearchForm, reviewable_patients
from orders.views.documents import pdf
from orders.views.log_review import tabs
from parties.limits import TooManySearches, count_patient_search
from parties.looks import Act, note_access
from parties.models import User
from parties.requests import UserRequest
from parties.responses import too_many

PAGE_SIZE = 50
WHOM = {"patient": "patient_id", "anvandare": "user_id", "enhet": "unit_id"}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_search(request: UserRequest) -> HttpResponse:
    """The form is posted, since it takes an identity number, and leads to an address that has none."""
    is_post = request.method == "POST"
    if is_post or request.GET:
        try:
            count_patient_search(by=request.user, at=timezone.now())
        except TooManySearches as error:
            return too_many(request, str(error))
    form = LogSearchForm(request.POST if is_post else request.GET, user=request.user, today=timezone.localdate())
    if is_post and form.is_valid():
        return redirect(f"{reverse('log_search')}?{urlencode(address_of(form.cleaned_data))}")
    rows, next_key = [], None
    if form.has_whom:
        found = matching(request.user, form.cleaned_data)
        rows = [{"entry": entry, "flags": flags_of(entry)} for entry in found[:PAGE_SIZE]]
        next_key = found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None
        note_access(request, [entry.patient for entry in found[:PAGE_SIZE]], Act.LOG_REVIEW)
    patient = form.cleaned_data.get("patient") if form.is_valid() else None
    note_access(request, patient, Act.LOG_REVIEW)
    context = {
        "tabs": tabs(request, "sok"),
        "form": form,
        "patient": patient,
        "fields": [form[name] for name in ("anvandare", "enhet", "fran", "till", "flagga")],
        "rows": rows,
        "next_key": next_key,
    }
    return render(request, "log/search.html", context, status=200 if form.is_valid() else 422)


@require_safe
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_extract(request: UserRequest, pk: int) -> HttpResponse:
    """*Loggutdrag*: who has looked at this patient's data, for the patient to have."""
    patient = get_object_or_404(reviewable_patients(request.user), pk=pk)
    form = LogSearchForm(request.GET, user=request.user, today=timezone.localdate())
    form.is_valid()
    first, last = form.cleaned_data.get("fran"), form.cleaned_data.get("till")
    if not first or not last or first > last:
        return redirect(f"{reverse('log_search')}?{urlencode({'patient': patient.pk})}")
    note_access(request, patient, Act.LOG_EXTRACT)
    entries = AccessLogEntry.objects.between(*span_of(first, last)).filter(patient=patient)
    ordered = entries.select_related("user", "unit").order_by("at", "id")
    content = access_extract(patient, ordered, first=first, last=last, at=timezone.now())
    return pdf(content, f"loggutdrag-{patient.pk}")


def address_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The search as the address says it: the patient by reference, never by number."""
    patient, user, unit = values["patient"], values["anvandare"], values["enhet"]
    said = {
        "patient": patient and patient.pk,
        "anvandare": user and user.username,
        "enhet": unit and unit.number,
        "fran": values["fran"],
        "till": values["till"],
        "flagga": values["flagga"],
    }
    return {name: str(value) for name, value in said.items() if value}


def matching(user: User, values: Mapping[str, Any]) -> list[AccessLogEntry]:
    """The rows of a page and one more, newest first, after the row that the page before ended with."""
    first, before = span_of(values["fran"], values["till"])
    asked: dict[str, Any] = {"first": first, "before": before}
    conditions = ["it.at >= %(first)s AND it.at < %(before)s"]
    for name, column in WHOM.items():
        if whom := values[name]:
            conditions.append(f"it.{column} = %({name})s")
            asked[name] = whom.pk
    conditions += [flag.is_set for flag in FLAGS if flag.name == values["flagga"]]
    if last := values["efter"]:
        ended = read_flagged(" AND ".join([*conditions, "it.id = %(last)s"]), asked | {"last": last}, user)
        for row in ended:
            conditions.append("(it.at, it.id) < (%(at)s, %(id)s)")
            asked |= {"at": row.at, "id": row.pk}
    page = f"ORDER BY it.at DESC, it.id DESC LIMIT {PAGE_SIZE + 1}"
    return read_flagged(f"{' AND '.join(conditions)} {page}", asked, user)
