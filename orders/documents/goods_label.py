from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame

from orders.models import Delivery

from .addresses import recipient_address, sender_address
from .layout import QUIET, barcode
from .text import BOLD, REGULAR, SMALL, load_fonts, moment, paragraph, paragraphs, printable, style

SIZE: Final = (100 * mm, 70 * mm)
EDGE: Final = 4 * mm
SECOND: Final = 46 * mm
MODULE: Final = 0.25 * mm  # both numbers side by side, still wide enough for a common scanner (10 mil)
NAME: Final = style("name", 17, bold=True)
LINES: Final = style("lines", 13)


def goods_label(delivery: Delivery, *, at: datetime) -> bytes:
    """*Godsmärkning*, 100 × 70 mm, for a parcel: where it goes, order and delivery as Code 128, parcel x of y to write.

    The delivery comes with its order and the order's parties; nothing more is asked for.
    """
    load_fonts()
    order = delivery.order
    recipient, sender = recipient_address(order), sender_address(order)
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=SIZE, lang="sv")
    canvas.setTitle(printable(f"Godsmärkning {delivery.number}"))
    canvas.setAuthor("Sesam")
    canvas.setCreator("Sesam")
    heading = "Leverans misslyckad · Till" if hasattr(delivery, "failure") else "Till"
    to = [paragraph(heading, SMALL), paragraph(recipient.name, NAME), *paragraphs(recipient.lines, LINES)]
    _block(canvas, to, bottom=37, height=29)
    canvas.setLineWidth(0.8)
    canvas.line(EDGE, 36 * mm, SIZE[0] - EDGE, 36 * mm)
    _number(canvas, "Order", str(order.number), left=EDGE)
    _number(canvas, "Utleverans", delivery.number, left=SECOND)
    canvas.setFont(BOLD, 12)
    canvas.drawRightString(SIZE[0] - EDGE, 5 * mm, "Kolli _______ av _______")
    sent = [paragraph(f"Från {sender.name}", SMALL), paragraph(moment(at), SMALL)]
    _block(canvas, sent, bottom=2, height=11, width=44)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _number(canvas: Canvas, label: str, number: str, *, left: float) -> None:
    """A number in words and as Code 128; its bars begin below the words, its white margin before them."""
    canvas.setFont(REGULAR, 9)
    canvas.drawString(left, 31.5 * mm, label)
    canvas.setFont(BOLD, 13)
    canvas.drawString(left, 26.5 * mm, number)
    barcode(number, height=11 * mm, module=MODULE).drawOn(canvas, left - QUIET * MODULE, 14 * mm)


def _block(canvas: Canvas, content: Sequence[Flowable], bottom: float, height: float, width: float = 92) -> None:
    """Text in its place (mm); what is too long is shrunk until it fits."""
    frame = Frame(EDGE, bottom * mm, width * mm, height * mm, 0, 0, 0, 0)
    frame.addFromList([KeepInFrame(width * mm, height * mm, list(content), mode="shrink")], canvas)
