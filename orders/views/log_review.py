"""*Loggranskning*: the visits that wait, the monthly samples, one visit and its outcome. For the log reviewer alone."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.days import month_before, month_of
from audit.models import AccessReview, AccessSample, Outcome
from audit.operations.reviewing import CannotReview, record_review
from audit.operations.sampling import MonthHasNotEnded, draw_sample
from orders import roles
from orders.access_visits import Visit, all_reviewed, always_reviewed, followed_up, sampled, visits_of
from orders.forms.log_review import MonthForm, ReviewForm
from orders.functions import Entry, Functions
from parties.looks import Act, note_access
from parties.requests import UserRequest

PAGE_SIZE = 25
SHOWS = {"": always_reviewed, "uppfoljning": followed_up, "granskade": all_reviewed}


class VisitPages(Paginator):  # type: ignore[type-arg]  # generic to the type checker only
    """Counts in the statement that reads the first page: either compares all that has ever waited with its reviews."""

    @cached_property
    def count(self) -> int:
        keys: QuerySet[Any, Any] = self.object_list  # type: ignore[assignment]  # never another kind of list here
        self.first = list(keys.annotate(total=Window(Count("*")))[: self.per_page])
        return self.first[0][-1] if self.first else 0

    def page(self, number: Any) -> Page[Any]:
        page = super().page(number)
        if page.number == 1:
            page.object_list = self.first
        return page


@require_safe
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_review(request: UserRequest) -> HttpResponse:
    """What has to be reviewed for certain; what is to be followed up; what has been reviewed."""
    show = request.GET.get("visa", "")
    keys = SHOWS.get(show, always_reviewed)(request.user)
    page = VisitPages(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    visits = shown_visits(request, page.object_list)
    shown_tabs = tabs(request, show, known=page.paginator.count)
    return render(request, "log/review.html", {"tabs": shown_tabs, "page": page, "visits": visits, "show": show})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_sample(request: UserRequest) -> HttpResponse:
    """A month's random sample; *Dra stickprov* draws it once the month has ended, and it stays the same."""
    last = month_before(month_of(timezone.localdate()))
    form = MonthForm(request.POST if request.method == "POST" else {"manad": request.GET.get("manad", f"{last:%Y-%m}")})
    month = form.cleaned_data["manad"] if form.is_valid() else last
    if request.method == "POST" and form.is_valid():
        try:
            draw_sample(month=month, by=request.user, at=timezone.now())
        except MonthHasNotEnded as error:
            form.add_error("manad", str(error))
        else:
            return redirect(f"{reverse('log_sample')}?manad={month:%Y-%m}")
    sample = AccessSample.objects.filter(month=month).select_related("drawn_by").first()
    keys = list(sampled(sample, request.user)) if sample else []
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs(request, "stickprov"),
        "form": form,
        "month": month,
        "sample": sample,
        "page": page,
        "visits": shown_visits(request, page.object_list),
    }
    return render(request, "log/sample.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(roles.REVIEW_LOG, raise_exception=True)
def log_visit(request: UserRequest, user_pk: int, patient_pk: int, day: date) -> HttpResponse:
    """One visit, row by row, and what the reviewer came to."""
    visit = next(iter(shown_visits(request, [(user_pk, patient_pk, day)])), None)
    if visit is None:
        raise Http404
    if request.method != "POST":
        return visit_page(request, visit, ReviewForm(initial={"seen_to": visit.seen_to}))
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return visit_page(request, visit, form, status=422)
    try:
        record_review(
            user=visit.user,
            patient_id=patient_pk,
            day=day,
            seen_to=min(form.cleaned_data["seen_to"], visit.seen_to),
            outcome=Outcome(form.cleaned_data["outcome"]),
            note=form.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
        )
    except CannotReview as error:
        form.add_error("note" if visit.user != request.user else None, str(error))
        return visit_page(request, visit, form, status=422)
    messages.success(request, "Granskningen är sparad.")
    return redirect("log_review")


def visit_page(request: UserRequest, visit: Visit, form: ReviewForm, status: int = 200) -> HttpResponse:
    reviews = AccessReview.objects.filter(user=visit.user, patient=visit.patient, day=visit.day)
    functions = Functions(
        main=Entry(label="Spara granskningen", form="review"),
        items=[Entry(label="Tillbaka till loggranskningen", url=reverse("log_review"))],
        next_text="Utfallet sparas och kan inte ändras. En ny granskning läggs till efter den förra.",
    )
    context = {
        "visit": visit,
        "form": form,
        "reviews": reviews.select_related("reviewer").order_by("pk"),
        "functions": functions,
    }
    return render(request, "log/visit.html", context, status=status)


def shown_visits(request: UserRequest, keys: Any) -> list[Visit]:
    """The visits of the keys, the reviewer's own look at each patient noted."""
    visits = visits_of(keys, request.user)
    note_access(request, [visit.patient for visit in visits], Act.LOG_REVIEW)
    return visits


def tabs(request: UserRequest, current: str, *, known: int | None = None) -> list[dict[str, Any]]:
    """The pages of the log review, each with how much waits there; `known` is of the current one, counted already."""
    review = reverse("log_review")
    found = [
        ("", "Granskas alltid", review, always_reviewed),
        ("stickprov", "Stickprov", reverse("log_sample"), None),
        ("uppfoljning", "Följs upp", f"{review}?visa=uppfoljning", followed_up),
        ("granskade", "Granskade", f"{review}?visa=granskade", None),
        ("sok", "Sök i loggen", reverse("log_search"), None),
        ("sakerhet", "Säkerhetshändelser", reverse("log_security"), None),
    ]
    shown = []
    for key, label, url, waiting in found:
        counted = known if key == current else None
        if waiting and counted is None:
            counted = waiting(request.user).order_by().count()  # sorted, if asked to, even for a count
        count = counted if waiting else None
        shown.append({"label": label, "url": url, "count": count, "is_current": key == current})
    return shown
