"""The rows of *Patienter*, written without templates: fifty to a page, and each has an address."""

from collections.abc import Collection, Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from parties.models import Patient

from .sesam import address_of

register = template.Library()

PATIENT = """\
<tr>
<th scope="row"><a href="{url}">{label}</a>{deceased}</th>
<td data-label="Identitet" class="mono">{identity}</td>
<td data-label="Vård">{care}{protection}</td>
</tr>
"""
DECEASED = ' <span class="tag plain">Avliden</span>'
HIDDEN = '<span class="muted">Dolt</span>'
OWN = '<span class="tag ok">Egen vård</span>'
NOT_OWN = '<span class="muted">Utanför egen vård</span>'


@register.simple_tag
def patient_rows(patients: Iterable[Patient], own: Collection[int]) -> SafeString:
    """A row for each patient; `own` are the keys of those in the unit's own care."""
    address = address_of("patient_detail")
    rows = "".join(_row(patient, address(patient.pk), is_own=patient.pk in own) for patient in patients)
    return mark_safe(rows)  # noqa: S308  # what comes from the database is escaped


def _row(patient: Patient, url: str, *, is_own: bool) -> str:
    protection, identity = "", HIDDEN
    if patient.is_protected:
        protection = f' <span class="muted">{patient.get_protection_display()}</span>'
    else:
        identity = f"{escape(patient.formatted_number)}<small>{patient.get_identity_kind_display()}</small>"
    return PATIENT.format(
        url=url,
        label=escape(patient.label),
        deceased=DECEASED if patient.deceased_on else "",
        identity=identity,
        care=OWN if is_own else NOT_OWN,
        protection=protection,
    )
