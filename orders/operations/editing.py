"""The lines of a draft: added, changed, removed. Nothing is reserved before the order is saved."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from inventory.models import Article, Device
from orders.devices import free_devices
from orders.models import Order, OrderLine, OrderType
from orders.prescribing import municipalities_of, refusals

from .drafting import lock_draft, without_device

MAX_QUANTITY = 9_999


@dataclass
class LineRefused(Exception):
    """The line would not hold; `field` (article, quantity or device) says where. The message is in Swedish."""

    message: str
    field: str

    def __str__(self) -> str:
        return self.message


@transaction.atomic
def add_line(*, order_id: int, article: Article, quantity: int, on: date, device: Device | None = None) -> OrderLine:
    """Add an article to a draft; one that is there already gets more. A device always has a line of its own.

    `on` is the day on which the right to prescribe must hold. Raises LineRefused and DraftIsClosed.
    """
    order = lock_draft(order_id)
    same = None if device else order.lines.filter(article=article, device__isnull=True).first()
    total = quantity + (same.quantity if same else 0)
    require_sound(order, article, total, device, on=on)
    if same:
        same.quantity = total
        same.save(update_fields=["quantity"])
    _touch(order)
    position = (order.lines.aggregate(last=Max("position"))["last"] or 0) + 1
    return same or order.lines.create(article=article, device=device, quantity=quantity, position=position)


@transaction.atomic
def change_line(
    *, order_id: int, line_id: int, version: int | None, quantity: int, on: date, device: Device | None = None
) -> None:
    """Change quantity and device of a line. Raises LineRefused, DraftIsClosed, DraftHasChanged."""
    order = lock_draft(order_id, version=version)
    line = order.lines.select_related("article").get(pk=line_id)
    require_sound(order, line.article, quantity, device, on=on, line=line)
    line.quantity = quantity
    _touch(order)
    if device or not line.device_id:
        line.device = device
        line.save(update_fields=["quantity", "device"])
    else:
        line.save(update_fields=["quantity"])
        without_device([line])


@transaction.atomic
def remove_line(*, order_id: int, line_id: int) -> None:
    """Take a line away; one that is gone already is no error. Raises DraftIsClosed."""
    order = lock_draft(order_id)
    if order.lines.filter(pk=line_id).delete()[0]:
        _touch(order)


def _touch(order: Order) -> None:
    """Another tab that shows the draft as it was is refused from now on."""
    order.version += 1
    order.save(update_fields=["version"])


def require_sound(
    order: Order, article: Article, quantity: int, device: Device | None, *, on: date, line: OrderLine | None = None
) -> None:
    """Raises LineRefused where an order cannot ask for that: the number, the article, the right to it, the device."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise LineRefused(f"Antal ska vara 1 till {MAX_QUANTITY}.", "quantity")
    if not article.is_orderable:
        raise LineRefused(f"{article} går inte att beställa.", "article")
    if order.type == OrderType.PRESCRIPTION and order.orderer:
        municipalities = municipalities_of(order)
        if sentences := refusals(order.orderer, [article], municipalities=municipalities, on=on):
            raise LineRefused(" ".join(sentences), "article")
    if device:
        require_device(order, article, quantity, device, line=line)
    elif article.is_numbered and order.subtype.is_direct:
        raise LineRefused("Välj vilken individ du lämnar ut.", "device")


def require_device(order: Order, article: Article, quantity: int, device: Device, *, line: OrderLine | None) -> None:
    """Raises LineRefused where the device is not a free one of the article in the sender; `line` may be getting it."""
    if not article.is_numbered or device.article_id != article.pk:
        raise LineRefused(f"Individ {device} är inte en {article}. Välj en annan.", "device")
    if quantity != 1:
        raise LineRefused(f"Individ {device} är en enda. Sätt antal 1 och lägg till nästa individ för sig.", "quantity")
    if order.sender is None or not free_devices(order.sender).filter(pk=device.pk).exists():
        raise LineRefused(f"Individ {device} är inte ledig i {order.sender or 'avsändaren'}. Välj en annan.", "device")
    others = order.lines.exclude(pk=line.pk) if line else order.lines.all()
    if others.filter(device=device).exists():
        raise LineRefused(f"Individ {device} är redan med på ordern.", "device")
