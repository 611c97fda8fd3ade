"""The columns of the overview, on the page and in its files."""

from listing import Column, Listing
from parties.models import User

from .access import may_see_patients
from .models import Order
from .reading import read_orders
from .statuses import status_of

ORDERS_SHOWN = 25
NEWEST_FIRST = "-registrerad"


def orders_listing(user: User) -> Listing[Order]:
    """The overview as that user may save it. What a head sorts by, an index has in that order.

    A patient stands in a file as in the list, but only for those who may see patients: a file goes further than a page.
    """
    shows_patients = may_see_patients(user)

    def recipient(order: Order) -> str:
        return "Patient" if order.recipient_patient and not shows_patients else order.recipient_label

    return Listing(
        name="ordrar",
        default=NEWEST_FIRST,
        page_size=ORDERS_SHOWN,
        read=read_orders,
        columns=[
            Column(key="order", label="Order", order_by=["number"], value=str),
            Column(key="typ", label="Typ", order_by=["type", "registered_at"], value=lambda order: order.subtype.name),
            Column(key="mottagare", label="Mottagare", value=recipient),
            Column(key="lager", label="Lager", value=lambda order: order.sender.number if order.sender else ""),
            Column(
                key="status",
                label="Status",
                order_by=["state", "registered_at"],
                value=lambda order: status_of(order).word,
            ),
            Column(key="nu", label="Vem gör vad nu"),
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
