from collections.abc import Iterable
from datetime import date, datetime

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from audit.models import AccessLogEntry
from parties.models import PROTECTED_LABEL, Patient

from .layout import Cell, a4, table
from .text import HEAD, LARGE, SMALL, STRONG, TITLE, moment, paragraph


def access_extract(
    patient: Patient, entries: Iterable[AccessLogEntry], *, first: date, last: date, at: datetime
) -> bytes:
    """*Loggutdrag* for the patient: who has looked, from which unit, when and at what (patientdatalagen 8 kap. 5 §).

    The entries come with user and unit. Who it is about is left out for a person with protected identity.
    """
    whom = PROTECTED_LABEL if patient.is_protected else f"{patient.name}, {patient.formatted_number}"
    rows: list[list[Cell]] = [[paragraph(head, HEAD) for head in ("När", "Vem", "Enhet", "Vad")]]
    rows += [_row(entry) for entry in entries]
    story: list[Flowable] = [paragraph("Loggutdrag", TITLE), Spacer(0, 2 * mm), paragraph(whom, LARGE)]
    story += [paragraph(f"Åtkomst till patientens uppgifter i Sesam {first} till {last}."), Spacer(0, 6 * mm)]
    if len(rows) > 1:
        story.append(table(rows, (34 * mm, 48 * mm, 52 * mm, 0)))
    else:
        story.append(paragraph("Ingen har tagit del av uppgifterna under tiden.", STRONG))
    text = "Vill du veta mer om en åtkomst, vänd dig till vårdgivaren."
    story += [Spacer(0, 4 * mm), paragraph(text, SMALL)]
    return a4(title="Loggutdrag", foot=f"Loggutdrag, patient {patient.pk}", at=at, story=story)


def _row(entry: AccessLogEntry) -> list[Cell]:
    unit = entry.unit.name if entry.unit else "–"
    what = f"{entry.get_act_display()} {entry.about}".strip()
    return [paragraph(moment(entry.at)), paragraph(entry.user.name), paragraph(unit), paragraph(what)]
