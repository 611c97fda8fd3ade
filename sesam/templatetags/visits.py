"""The rows of the log review, written without templates: a page of 25 visits had 75 includes, a third of its time."""

from collections.abc import Iterable
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from audit.models import AccessReview
from orders.access_flags import Flag
from orders.access_visits import Visit
from parties.models import Patient

from .sesam import day

register = template.Library()

VISIT = """\
<tr>
<th scope="row">{day}</th>
<td data-label="Vem">{name}<small>{username} · {unit}</small></td>
<td data-label="Patient">{patient}</td>
<td data-label="Vad">{acts}{reasons}</td>
<td data-label="Flaggor">{flags}</td>
<td data-label="Granskning">{review}</td>
<td class="act"><a class="btn" href="{url}" aria-label="Granska {username} {iso} patient {key}">Granska</a></td>
</tr>
"""
NO_FLAGS = '<span class="muted">–</span>'
NOT_REVIEWED = '<span class="muted">Inte granskad</span>'


@register.filter
def visit_rows(visits: Iterable[Visit]) -> SafeString:
    """A row for each visit."""
    start = reverse("log_review")
    return mark_safe("".join(_row(visit, start) for visit in visits))  # noqa: S308  # what is in the database is escaped


@register.filter
def whom(patient: Patient) -> SafeString:
    """Whose data. A person with protected identity is a reference only."""
    number = f"<small>patient {patient.pk}</small>"
    if not patient.is_protected:
        number = f'<small class="mono">{escape(patient.formatted_number)}</small>'
    return mark_safe(escape(patient.label) + number)  # noqa: S308  # what is in the database is escaped


@register.filter
def tags(flags: Iterable[Flag]) -> SafeString:
    """A look's or a visit's flags."""
    shown = "".join(f'<span class="tag {flag.tone}">{flag.label}</span> ' for flag in flags)
    return mark_safe(shown or NO_FLAGS)  # noqa: S308  # of constants


def _row(visit: Visit, start: str) -> str:
    reasons = [f"<small>”{escape(Truncator(reason).chars(80))}”</small>" for reason in visit.reasons]
    return VISIT.format(
        day=day(visit.day),
        name=escape(visit.user.name),
        username=escape(visit.user.username),
        unit=escape(str(visit.entries[0].unit or "utan enhet")),
        patient=whom(visit.patient),
        acts=", ".join(visit.acts),
        reasons="".join(reasons),
        flags=tags(visit.flags),
        review=_review(visit.review) if visit.review else NOT_REVIEWED,
        url=f"{start}{visit.user.pk}/{visit.patient.pk}/{visit.day}/",
        iso=visit.day.isoformat(),
        key=visit.patient.pk,
    )


def _review(review: AccessReview) -> str:
    word, by = review.get_outcome_display(), escape(review.reviewer.name)
    return f'<span class="tag {review.tone}">{word}</span><small>{by} {day(review.at)}</small>'
