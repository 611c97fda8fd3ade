"""What waits for one person, section by section, in the order it hurts: the start page shows those that have rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import FETCH_RAISE, Count, Min
from django.urls import reverse
from django.utils import timezone

from parties.models import User
from parties.requests import UserRequest

from .access import may_pick
from .history import Happening, history_of
from .looks import shown_lists
from .models import Delivery, Notice, Order, OrderLine, ReceiptLine
from .reading import SENT, read_news
from .receipts import overdue_since
from .rows import OrderRow
from .statuses import LATE_AFTER
from .waiting import waiting_for

SHOWN = 10
COUNTED = 99
"""More than these are not counted, so that the page costs the same however much waits."""
ORDERS, RECEIPTS, NEWS, DIFFERENCES, PICKS = (
    f"orders/{name}.html" for name in ("rows", "start_receipts", "start_news", "start_differences", "start_picks")
)

DIFFERENCE_FIELDS = (
    *("missing", "damaged", "extra", "reason", "other_article__number", "other_article__name"),
    *("receipt__at", "receipt__delivery__number"),
    *(f"receipt__delivery__order__recipient_warehouse__{name}" for name in ("number", "name")),
    *(f"delivery_line__order_line__article__{name}" for name in ("number", "name")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`rows` are the first of `count` (at most COUNTED + 1); `more_url` leads to all. `template` shows the rows."""

    key: str
    title: str
    text: str
    count: int
    rows: Sequence[object]
    template: str = ORDERS
    is_late: bool = False
    more_url: str = ""

    @property
    def count_words(self) -> str:
        return str(self.count) if self.count <= COUNTED else f"{COUNTED}+"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    delivery: Delivery
    is_overdue: bool
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsRow:
    notice: Notice
    order: Order
    happening: Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """An order of which the person holds `lines` picks, the first since `since`."""

    order: Order
    lines: int
    since: datetime


def start_page(request: UserRequest, *, at: datetime) -> tuple[list[Section], list[OrderRow]]:
    """The sections that have something for whoever asks at that time, and the latest orders.

    A fixed number of statements. Making one for rows of orders and reading its answer takes longer than the database
    needs for it, so all lists share one; how many there are is known from the keys (`waiting.py`).
    """
    user = request.user
    keys = waiting_for(user, at=at, most=COUNTED + 1, latest=SHOWN)
    hand_out_rows, draft_rows, pick_rows, latest = shown_lists(
        request, keys.hand_out[:SHOWN], keys.drafts[:SHOWN], keys.pick[:SHOWN], keys.latest
    )
    sections = [
        hand_outs(at, hand_out_rows, len(keys.hand_out)),
        receipts(at, keys.receive),
        news(user) if keys.has_news else None,
        drafts(draft_rows, len(keys.drafts)),
        overdue(keys.overdue),
        open_differences(keys.differences) if keys.differences else None,
        own_picks(user) if keys.has_picks else None,
        waiting_picks(user, pick_rows, len(keys.pick)),
    ]
    return [section for section in sections if section and section.count], latest


def hand_outs(at: datetime, rows: Sequence[OrderRow], count: int) -> Section:
    """*Utleverans saknas*: red when the oldest is 15 minutes old."""
    oldest = rows[0].order.registered_at if rows else None
    return Section(
        key="hand-out",
        title="Utleverans saknas",
        text="Saldot stämmer inte förrän de är utlämnade.",
        count=count,
        rows=rows,
        is_late=oldest is not None and at - oldest >= LATE_AFTER,
        more_url=f"{reverse('order_list')}?visa=utan-utleverans",
    )


def receipts(at: datetime, keys: Sequence[int]) -> Section:
    """Deliveries on their way to the person's own stores; red when one has waited too long."""
    late_since = overdue_since(timezone.localdate(at))
    rows = [
        ReceiptRow(delivery=delivery, is_overdue=delivery.at <= late_since, is_mine=True)
        for delivery in SENT.in_order(keys[:SHOWN])
    ]
    return Section(
        key="receive",
        title="Att kvittera",
        text="På väg till ditt lager, eller redan framme.",
        count=len(keys),
        rows=rows,
        template=RECEIPTS,
        is_late=any(row.is_overdue for row in rows),
        more_url=f"{reverse('order_list')}?visa=att-gora",
    )


def news(user: User) -> Section:
    """What others did to the person's orders, the latest first, until it is read."""
    notices = read_news(user, most=COUNTED + 1)
    shown = notices[:SHOWN]
    rows = [
        NewsRow(notice=notice, order=notice.event.order, happening=happening)
        for notice, happening in zip(shown, history_of(notice.event for notice in shown), strict=True)
    ]
    return Section(
        key="news",
        title="Nytt om dina ordrar",
        text="Det här har andra gjort.",
        count=len(notices),
        rows=rows,
        template=NEWS,
    )


def drafts(rows: Sequence[OrderRow], count: int) -> Section:
    return Section(
        key="drafts",
        title="Utkast",
        text="Påbörjade av dig, inte sparade.",
        count=count,
        rows=rows,
        more_url=f"{reverse('order_list')}?visa=utkast",
    )


def overdue(keys: Sequence[int]) -> Section:
    """For the sender: what a store should have confirmed. The store sees its own in `receipts`."""
    late = SENT.in_order(keys[:SHOWN])
    rows = [ReceiptRow(delivery=delivery, is_overdue=True, is_mine=False) for delivery in late]
    return Section(
        key="overdue",
        title="Okvitterat länge",
        text="Lagret har inte kvitterat på fem arbetsdagar.",
        count=len(keys),
        rows=rows,
        template=RECEIPTS,
        is_late=True,
    )


def open_differences(keys: Sequence[int]) -> Section:
    """For those who settle them. The store has done its part, and reads how it goes in *Avvikelser*."""
    shown = ReceiptLine.objects.select_related(
        "receipt__delivery__order__recipient_warehouse", "delivery_line__order_line__article", "other_article"
    )
    lines = shown.only(*DIFFERENCE_FIELDS).fetch_mode(FETCH_RAISE).in_bulk(keys[:SHOWN])
    return Section(
        key="differences",
        title="Avvikelser",
        text="Kom fram annorlunda än det skickades.",
        count=len(keys),
        rows=[lines[key] for key in keys[:SHOWN] if key in lines],
        template=DIFFERENCES,
        more_url=reverse("difference_list"),
    )


def own_picks(user: User) -> Section:
    """What the person has taken to pick, order by order."""
    held = (
        OrderLine.objects.filter(claimed_by=user).values("order").annotate(lines=Count("pk"), since=Min("claimed_at"))
    )
    groups = list(held.order_by("since", "order").values_list("order", "lines", "since"))
    orders = Order.objects.visible_to(user).only("number").in_bulk([pk for pk, _, _ in groups])
    rows = [PickRow(order=orders[pk], lines=lines, since=since) for pk, lines, since in groups if pk in orders]
    return Section(
        key="picks",
        title="Du plockar",
        text="Reserverat för dig tills du levererar eller lämnar tillbaka.",
        count=len(rows),
        rows=rows[:SHOWN],
        template=PICKS,
        more_url=f"{reverse('work_list')}?visa=mina" if may_pick(user) else "",
    )


def waiting_picks(user: User, rows: Sequence[OrderRow], count: int) -> Section:
    return Section(
        key="pick",
        title="Att plocka",
        text="Reserverat och klart att plocka.",
        count=count,
        rows=rows,
        more_url=reverse("work_list") if may_pick(user) else "",
    )
