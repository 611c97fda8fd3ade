from collections.abc import Iterable
from datetime import datetime

from inventory.models import Location, LocationKind
from inventory.writing import insert_rows
from orders.models import DeliveryLine, Holding

HOLDERS = (LocationKind.CARE_UNIT, LocationKind.PATIENT)


def open_holdings(lines: Iterable[DeliveryLine], *, place: Location, customer_id: int, at: datetime) -> None:
    """Note that a care unit or a patient now has what was delivered (innehav); what goes to a store is no holding."""
    if place.kind not in HOLDERS:
        return
    insert_rows(
        Holding(
            delivery_line=line,
            customer_id=customer_id,
            location=place,
            article_id=line.order_line.article_id,
            device_id=line.device_id,
            quantity=line.quantity,
            opened_at=at,
        )
        for line in lines
    )


def reduce_holding(holding: Holding, quantity: int, *, at: datetime) -> None:
    """Take back `quantity` units of a locked holding; the last of them closes it."""
    holding.returned += quantity
    holding.closed_at = at if holding.returned == holding.quantity else None
    holding.save(update_fields=["returned", "closed_at"])
