"""What waits for one person, section by section, in the order it hurts: the start page shows those that have rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from parties.models import User
from parties.requests import UserRequest

from .access import may_pick
from .filters import own_drafts, registered_orders
from .history import Happening, history_of
from .looks import shown_lists
from .models import Delivery, Notice, Order, OrderLine
from .models.order import OrderQuerySet
from .receipts import deliveries_to_receive, overdue_receipts, overdue_since, watches_receipts
from .rows import OrderRow
from .statuses import LATE_AFTER
from .todo import to_hand_out, to_pick
from .work_list import ORDER_KEYS

SHOWN = 10
COUNTED = 99
"""More than these are not counted, so that the page costs the same however much waits."""
ORDERS, RECEIPTS, NEWS, PICKS = (
    f"orders/{name}.html" for name in ("rows", "start_receipts", "start_news", "start_picks")
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
    needs for it, so all lists share one.
    """
    user = request.user
    hand_out_rows, draft_rows, pick_rows, latest = shown_lists(
        request,
        orders_to_hand_out(user).order_by("registered_at", "pk")[:SHOWN],
        own_drafts(user).order_by("-created_at")[:SHOWN],
        orders_to_pick(user).order_by(*ORDER_KEYS)[:SHOWN],
        registered_orders(user).for_list()[:SHOWN],
    )
    sections = [
        hand_outs(user, at, hand_out_rows),
        receipts(user, at),
        news(user),
        drafts(user, draft_rows),
        overdue(user, at),
        own_picks(user),
        waiting_picks(user, pick_rows),
    ]
    return [section for section in sections if section.count], latest


def orders_to_hand_out(user: User) -> OrderQuerySet:
    return registered_orders(user).filter(to_hand_out(user))


def orders_to_pick(user: User) -> OrderQuerySet:
    return registered_orders(user).filter(to_pick(user))


def hand_outs(user: User, at: datetime, rows: Sequence[OrderRow]) -> Section:
    """*Utleverans saknas*: red when the oldest is 15 minutes old."""
    oldest = rows[0].order.registered_at if rows else None
    return Section(
        key="hand-out",
        title="Utleverans saknas",
        text="Saldot stämmer inte förrän de är utlämnade.",
        count=_count(orders_to_hand_out(user), rows),
        rows=rows,
        is_late=oldest is not None and at - oldest >= LATE_AFTER,
        more_url=f"{reverse('order_list')}?visa=utan-utleverans",
    )


def receipts(user: User, at: datetime) -> Section:
    """Deliveries on their way to the person's own stores; red when one has waited too long."""
    found = deliveries_to_receive(user)
    late_since = overdue_since(timezone.localdate(at))
    rows = [
        ReceiptRow(delivery=delivery, is_overdue=delivery.at <= late_since, is_mine=True)
        for delivery in found.for_list()[:SHOWN]
    ]
    return Section(
        key="receive",
        title="Att kvittera",
        text="På väg till ditt lager, eller redan framme.",
        count=_count(found, rows),
        rows=rows,
        template=RECEIPTS,
        is_late=any(row.is_overdue for row in rows),
        more_url=f"{reverse('order_list')}?visa=att-gora",
    )


def news(user: User) -> Section:
    """What others did to the person's orders, the latest first, until it is read."""
    visible = Order.objects.visible_to(user)
    found = Notice.objects.filter(user=user, read_at__isnull=True, event__order__in=visible)
    latest = found.select_related("event__order", "event__actor").order_by("-event__at", "-pk")
    notices = list(latest[:SHOWN])
    rows = [
        NewsRow(notice=notice, order=notice.event.order, happening=happening)
        for notice, happening in zip(notices, history_of(notice.event for notice in notices), strict=True)
    ]
    return Section(
        key="news",
        title="Nytt om dina ordrar",
        text="Det här har andra gjort.",
        count=_count(found, rows),
        rows=rows,
        template=NEWS,
    )


def drafts(user: User, rows: Sequence[OrderRow]) -> Section:
    return Section(
        key="drafts",
        title="Utkast",
        text="Påbörjade av dig, inte sparade.",
        count=_count(own_drafts(user), rows),
        rows=rows,
        more_url=f"{reverse('order_list')}?visa=utkast",
    )


def overdue(user: User, at: datetime) -> Section:
    """For the sender: what a store should have confirmed. The store sees its own in `receipts`."""
    found = Delivery.objects.none()
    if watches_receipts(user):
        found = overdue_receipts(user, on=timezone.localdate(at))
    oldest = found.for_list().by_age_of_order()[:SHOWN]
    rows = [ReceiptRow(delivery=delivery, is_overdue=True, is_mine=False) for delivery in oldest]
    return Section(
        key="overdue",
        title="Okvitterat länge",
        text="Lagret har inte kvitterat på fem arbetsdagar.",
        count=_count(found, rows),
        rows=rows,
        template=RECEIPTS,
        is_late=True,
    )


def own_picks(user: User) -> Section:
    """What the person has taken to pick, order by order."""
    held = OrderLine.objects.filter(claimed_by=user, order__in=Order.objects.visible_to(user))
    found = held.values("order").annotate(lines=Count("pk"), since=Min("claimed_at")).order_by("since", "order")
    groups = list(found.values_list("order", "lines", "since")[:SHOWN])
    orders = Order.objects.in_bulk([pk for pk, _, _ in groups])
    rows = [PickRow(order=orders[pk], lines=lines, since=since) for pk, lines, since in groups]
    return Section(
        key="picks",
        title="Du plockar",
        text="Reserverat för dig tills du levererar eller lämnar tillbaka.",
        count=_count(found, rows),
        rows=rows,
        template=PICKS,
        more_url=f"{reverse('work_list')}?visa=mina" if may_pick(user) else "",
    )


def waiting_picks(user: User, rows: Sequence[OrderRow]) -> Section:
    return Section(
        key="pick",
        title="Att plocka",
        text="Reserverat och klart att plocka.",
        count=_count(orders_to_pick(user), rows),
        rows=rows,
        more_url=reverse("work_list") if may_pick(user) else "",
    )


def _count[Row: Model](found: "QuerySet[Row, Any]", rows: Sequence[object]) -> int:
    """How many there are; asked for only when there may be more than are shown."""
    return found[: COUNTED + 1].count() if len(rows) == SHOWN else len(rows)
