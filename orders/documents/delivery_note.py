from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from reportlab.lib.colors import white
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from orders.models import Delivery, DeliveryLine

from .addresses import Address, is_protected, orderer_address, recipient_address, sender_address
from .chunks import chunks
from .layout import WIDTH, Cell, Command, a4, barcode, table
from .text import HEAD, HEAD_RIGHT, LARGE, NUMBER, SMALL, STRONG, TITLE, moment, number, paragraph, paragraphs

DEVICES_A_ROW = 40


def delivery_note(delivery: Delivery, *, at: datetime) -> bytes:
    """*Följesedel* of one delivery: from, to, who ordered, and each line with its quantity and device numbers.

    The delivery comes with its order and the order's parties; its lines are asked for here, in one statement.
    """
    order = delivery.order
    lines = list(
        delivery.lines.select_related("order_line__article", "device").order_by(
            "order_line__position", "order_line", "pk"
        )
    )
    story = [
        _head(delivery),
        *_failure(delivery),
        Spacer(0, 5 * mm),
        _parties(delivery),
        Spacer(0, 6 * mm),
        _goods(lines),
    ]
    if not is_protected(order):
        story += [Spacer(0, 3 * mm), paragraph(f"Utlämnat av {delivery.actor.name}", SMALL)]
    name = f"Följesedel {delivery.number}"
    return a4(title=name, foot=name, at=at, story=story)


def _head(delivery: Delivery) -> Flowable:
    order = str(delivery.order.number)
    left = [paragraph("Följesedel", TITLE), Spacer(0, 1 * mm), paragraph(moment(delivery.at))]
    codes = [
        [_code("Ordernummer", order)],
        [_code("Utleveransnummer", delivery.number)],
    ]
    right = Table(codes, colWidths=[85 * mm], style=TableStyle(FLUSH))
    return Table([[left, right]], colWidths=[WIDTH - 85 * mm, 85 * mm], style=TableStyle(FLUSH))


def _failure(delivery: Delivery) -> list[Flowable]:
    """A note that still lies about says that the goods came back."""
    if not hasattr(delivery, "failure"):
        return []
    failure = delivery.failure
    why = f"{moment(failure.at)}: {failure.get_reason_display()}. Varorna är tillbaka hos avsändaren."
    return [Spacer(0, 2 * mm), paragraph("Leverans misslyckad", LARGE), paragraph(why)]


FLUSH: list[Command] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
]


def _code(label: str, value: str) -> list[Flowable]:
    return [paragraph(label, SMALL), paragraph(value, LARGE), Spacer(0, 1 * mm), barcode(value)]


def _parties(delivery: Delivery) -> Flowable:
    order = delivery.order
    columns = (
        ("Från", sender_address(order)),
        ("Till", recipient_address(order)),
        ("Beställare", orderer_address(order)),
    )
    cells = [_address(label, address) for label, address in columns]
    return Table([cells], colWidths=[WIDTH / 3] * 3, style=TableStyle([*FLUSH, ("RIGHTPADDING", (0, 0), (-1, -1), 10)]))


def _address(label: str, address: Address) -> list[Flowable]:
    return [paragraph(label, SMALL), paragraph(address.name, STRONG), *paragraphs(address.lines)]


def _goods(lines: Sequence[DeliveryLine]) -> Flowable:
    rows: list[list[Cell]] = [
        [paragraph("Artikel", HEAD), paragraph("Benämning", HEAD), paragraph("Antal", HEAD_RIGHT)]
    ]
    extra: list[Command] = []
    for line, same in groupby(lines, key=lambda sent: sent.order_line):
        group = list(same)
        quantity = number(sum(sent.quantity for sent in group), line.article.unit)
        cell: list[Flowable] = [paragraph(line.article.name)]
        first, *more = [*chunks([sent.device.number for sent in group if sent.device], DEVICES_A_ROW)] or [()]
        if first:
            cell.append(_devices(first))
        rows.append([paragraph(line.article.number, STRONG), cell, paragraph(quantity, NUMBER)])
        for part in more:
            extra += [
                ("LINEBELOW", (0, len(rows) - 1), (-1, len(rows) - 1), 0.5, white),
                ("TOPPADDING", (0, len(rows)), (-1, len(rows)), 0),
            ]
            rows.append(["", _devices(part), ""])
    return table(rows, (28 * mm, 0, 30 * mm), extra)


def _devices(numbers: Sequence[str]) -> Flowable:
    return paragraph(f"Individ {', '.join(numbers)}")
