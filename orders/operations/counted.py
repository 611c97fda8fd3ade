"""What a store counted of a delivery, and whether that can be true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inventory.models import Device, Location
from orders.models import DeliveryLine
from orders.models.receipt import in_words


class DeliveryCannotBeReceived(Exception):
    """The receipt would not be true; `line_id` is the delivery line it concerns. The message is in Swedish."""

    def __init__(self, message: str, *, line_id: int | None = None) -> None:
        super().__init__(message)
        self.line_id = line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the store counted of one delivery line: fit for use, missing, damaged; and beyond what was sent, extra.

    Of a numbered article `extra_device_ids` are the devices that came without being sent. A difference has a reason.
    """

    received: int
    missing: int = 0
    damaged: int = 0
    extra: int = 0
    extra_device_ids: tuple[int, ...] = ()
    reason: str = ""

    @property
    def differs(self) -> bool:
        return bool(self.missing or self.damaged or self.extra)


def difference_of(counted: Iterable[Counted]) -> str:
    """`1 saknas, 2 skadat` over several lines; empty when all of it came."""
    lines = list(counted)
    return in_words(
        missing=sum(line.missing for line in lines),
        damaged=sum(line.damaged for line in lines),
        extra=sum(line.extra for line in lines),
    )


def require_true(line: DeliveryLine, came: Counted) -> None:
    """What was sent came, is missing or is damaged; a difference has a reason. Raises DeliveryCannotBeReceived."""
    article = line.order_line.article
    parts = (came.received, came.missing, came.damaged)
    if min(*parts, came.extra) < 0 or sum(parts) != line.quantity:
        raise DeliveryCannotBeReceived(f"{article}: {line.quantity} skickades.", line_id=line.pk)
    if article.is_numbered and came.extra != len(set(came.extra_device_ids)):
        raise DeliveryCannotBeReceived(f"{article}: skriv numret på varje individ som är för mycket.", line_id=line.pk)
    if came.differs and not came.reason.strip():
        raise DeliveryCannotBeReceived(f"{article}: skriv varför det skiljer sig.", line_id=line.pk)


def require_extra_devices(sent: Sequence[DeliveryLine], came: Mapping[int, Counted], store: Location) -> None:
    """Each is a device of the line's article that was not sent with this delivery and is not in the store already."""
    wanted = {pk for counted in came.values() for pk in counted.extra_device_ids}
    if not wanted:
        return
    known = {device.pk: device for device in Device.objects.filter(pk__in=wanted)}
    taken = {line.device_id for line in sent}
    for line in sent:
        article = line.order_line.article
        for pk in came[line.pk].extra_device_ids:
            device = known.get(pk)
            if device is None or device.article_id != article.pk:
                refusal = f"{article}: individen finns inte eller är en annan artikel."
            elif pk in taken:
                refusal = f"Individ {device} står redan på kvittensen."
            elif device.location_id == store.pk:
                refusal = f"Individ {device} finns redan i lagret."
            else:
                taken.add(pk)
                continue
            raise DeliveryCannotBeReceived(refusal, line_id=line.pk)
