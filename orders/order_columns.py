"""The columns of the overview, on the page and in its files."""

from collections.abc import Sequence

from django.db.models.functions import Coalesce, Upper

from listing import Column, Listing
from parties.models import User

from .access import may_see_patients
from .filters import OPEN
from .models import Order
from .next_actor import next_act
from .progress import Progress, progress_of
from .reading import read_orders
from .rows import status_with_progress

ORDERS_SHOWN = 25
NEWEST_FIRST = "-registrerad"


def orders_listing(user: User, *, view: str = "") -> Listing[Order]:
    """The overview as that user may save it. What a head sorts by, an index has in that order, or the list is short.

    What is not done yet is never long, and is read whole: an index of all years in that order would lead past all that
    is done. So the OPEN views are sorted by something that no index has.

    By recipient the patients come together, after stores and units: an order of names would tell of hidden ones.

    A patient stands in a file as in the list, but only for those who may see patients: a file goes further than a page.
    """
    shows_patients = may_see_patients(user)
    progress: dict[int, Progress] = {}
    is_open = view in OPEN

    def ask_for_progress(orders: Sequence[Order]) -> None:
        progress.clear()
        progress.update(progress_of(orders))

    def recipient(order: Order) -> str:
        return "Patient" if order.recipient_patient and not shows_patients else order.recipient_label

    return Listing(
        name="ordrar",
        default=NEWEST_FIRST,
        page_size=ORDERS_SHOWN,
        read=read_orders,
        before_saving=ask_for_progress,
        columns=[
            Column(key="order", label="Order", order_by=[Upper("number") if is_open else "number"], value=str),
            Column(
                key="typ",
                label="Typ",
                order_by=[Upper("type") if is_open else "type", "registered_at"],
                value=lambda order: order.subtype.name,
            ),
            Column(
                key="mottagare",
                label="Mottagare",
                order_by=[Coalesce("recipient_warehouse__number", "recipient_unit__number"), "registered_at"],
                reads_all=not is_open,
                value=recipient,
            ),
            Column(
                key="lager",
                label="Lager",
                order_by=["sender__number", "registered_at"],
                reads_all=not is_open,
                value=lambda order: order.sender.number if order.sender else "",
            ),
            Column(
                key="status",
                label="Status",
                order_by=[Upper("state") if is_open else "state", "registered_at"],
                value=lambda order: status_with_progress(order, progress[order.pk]).word,
            ),
            Column(
                key="nu",
                label="Vem gör vad nu",
                value=lambda order: next_act(order, progress[order.pk], viewer=user).words,
            ),
            Column(
                key="registrerad",
                label="Registrerad",
                order_by=["registered_at"],
                value=lambda order: order.registered_at,
                on_page=False,
            ),
            Column(
                key="bestallare",
                label="Beställare",
                value=lambda order: order.orderer.name if order.orderer else "",
                on_page=False,
            ),
        ],
    )
