from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch, prefetch_related_objects
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from inventory.models import StockLevel
from orders.models import Order, OrderLine
from parties.models import User

from .addresses import short_recipient
from .layout import SHADE, Cell, Command, TickBox, a4, barcode, table
from .text import BODY_RIGHT, HEAD, HEAD_RIGHT, LARGE, NUMBER, SMALL, STRONG, TITLE, WRITING, moment, number, paragraph

BLANK = "_" * 14
MOST_BLANKS = 24  # more would fill pages with lines


def pick_list(
    orders: Sequence[Order], *, at: datetime, picker: User | None = None, only: Collection[int] | None = None
) -> bytes:
    """*Plocklista*: what remains of one order, or of several to be picked together, by article.

    *Plocka* is what is reserved on the shelves, *Rest* what remains but is not there. With `only` (line pks) these
    lines; with `picker` without what somebody else is picking. Where the shelves are known the list follows them. The
    orders come with their parties (`WITH_CUSTOMER`); their lines and shelves are asked for here, in two statements
    however many they are.
    """
    prefetch_related_objects(orders, Prefetch("lines", OrderLine.objects.for_order_page()))
    waiting = [line for order in orders for line in order.lines.all() if line.remaining > 0]
    wanted = [line for line in waiting if only is None or line.pk in only]
    lines = [line for line in wanted if picker is None or line.claimed_by_id in (None, picker.pk)]
    names = ", ".join(str(order.number) for order in orders[:3]) + (" m.fl." if len(orders) > 3 else "")
    story: list[Flowable] = [paragraph("Plocklista", TITLE), paragraph(_where(orders)), Spacer(0, 4 * mm)]
    story += [_orders(orders), Spacer(0, 6 * mm)]
    story.append(_goods(lines, orders) if lines else paragraph("Inget återstår att plocka.", LARGE))
    if any(line.backordered for line in lines):
        story += [Spacer(0, 3 * mm), paragraph("Rest är restnoterat: det finns inte i lagret än.", SMALL)]
    if len(lines) < len(wanted):
        story += [Spacer(0, 3 * mm), paragraph("Rader som någon annan plockar är utelämnade.", SMALL)]
    return a4(title=f"Plocklista {names}", foot=f"Plocklista {names}", at=at, story=story)


def _where(orders: Sequence[Order]) -> str:
    senders = dict.fromkeys(str(order.sender) for order in orders)
    return f"Plocka i {', '.join(senders)}"


def _orders(orders: Sequence[Order]) -> Flowable:
    rows: list[list[Cell]] = [[paragraph(head, HEAD) for head in ("Order", "Till", "Registrerad")]]
    for order in orders:
        assert order.number is not None
        assert order.registered_at is not None
        rows.append(
            [
                [paragraph(order.number, LARGE), Spacer(0, 1 * mm), barcode(order.number, height=9 * mm)],
                [paragraph(short_recipient(order), STRONG), paragraph(order.subtype), *_wishes(order)],
                paragraph(moment(order.registered_at)),
            ]
        )
    return table(rows, (75 * mm, 0, 35 * mm))


def _wishes(order: Order) -> list[Flowable]:
    wishes = [("Brådskande", order.is_urgent), ("Leverera endast komplett", order.only_complete)]
    return [paragraph(words, STRONG) for words, is_wished in wishes if is_wished]


def _goods(lines: list[OrderLine], orders: Sequence[Order]) -> Flowable:
    """By shelf and article; with several orders a shaded row has the total, and a row for each order follows."""
    numbers = {order.pk: str(order.number) for order in orders}
    shelves = _shelves(lines, orders)
    rows: list[list[Cell]] = [
        [*_heads("Plats", "Artikel", "Benämning"), *_heads("Rest", "Plocka", "Plockat", right=True)]
    ]
    extra: list[Command] = [("ALIGN", (-1, 0), (-1, -1), "RIGHT")]
    lines.sort(key=lambda line: (shelves[line.article_id], line.article.number, numbers[line.order_id], line.position))
    for article, same in groupby(lines, key=lambda line: line.article):
        group = list(same)
        shelf: Cell = paragraph(shelves[article.pk], STRONG)
        names: list[Cell] = [paragraph(article.number, LARGE), paragraph(article.name)]
        if len(orders) > 1:
            first = len(rows)
            extra += [("BACKGROUND", (0, first), (-1, first), SHADE), ("NOSPLIT", (0, first), (0, first + 1))]
            rows.append([shelf, *names, *_quantities(group), ""])
        for line in group:
            if len(orders) > 1:
                shelf, names = "", ["", paragraph(numbers[line.order_id], STRONG)]
            box: Cell = TickBox() if line.reserved else ""
            rows.append([shelf, names[0], [names[1], *_devices(line)], *_quantities([line]), box])
    return table(rows, (24 * mm, 30 * mm, 0, 15 * mm, 23 * mm, 17 * mm), extra)


def _shelves(lines: Sequence[OrderLine], orders: Sequence[Order]) -> dict[int, str]:
    """By article pk, in the warehouse that is picked in; with several warehouses an article has the shelf of each."""
    shelves: dict[int, str] = {line.article_id: "" for line in lines}
    levels = StockLevel.objects.filter(warehouse__in={order.sender_id for order in orders}, article__in=shelves)
    for article, shelf in levels.exclude(shelf="").order_by("warehouse__number").values_list("article", "shelf"):
        shelves[article] = f"{shelves[article]} {shelf}".strip()
    return shelves


def _heads(*words: str, right: bool = False) -> list[Flowable]:
    return [paragraph(word, HEAD_RIGHT if right else HEAD) for word in words]


def _quantities(lines: Sequence[OrderLine]) -> tuple[Flowable, Flowable]:
    reserved, rest = sum(line.reserved for line in lines), sum(line.backordered for line in lines)
    return (
        paragraph(number(rest) if rest else "", BODY_RIGHT),
        paragraph(number(reserved, lines[0].article.unit) if reserved else "–", NUMBER),
    )


def _devices(line: OrderLine) -> list[Flowable]:
    """The chosen device, or a blank to write the number in for each device to pick."""
    if line.device:
        return [paragraph(f"Individ {line.device.number}", STRONG)]
    if not line.article.is_numbered or not line.reserved:
        return []
    if line.reserved > MOST_BLANKS:
        return [paragraph("Skriv individnumren på ett eget blad.")]
    return [paragraph(f"Individ {'  '.join([BLANK] * line.reserved)}", WRITING)]
