"""What a store counted of a delivery, and whether that can be true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inventory.models import Article, Device, Location
from orders.models import DeliveryLine
from orders.models.receipt import in_words


class DeliveryCannotBeReceived(Exception):
    """The receipt would not be true; the message is in Swedish.

    `line_id` is the delivery line that it concerns, `row` the place of what was not sent (from 0).
    """

    def __init__(self, message: str, *, line_id: int | None = None, row: int | None = None) -> None:
        super().__init__(message)
        self.line_id, self.row = line_id, row


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """An article that came without being on the delivery; of a numbered one `device_ids` are all that came."""

    article: Article
    quantity: int
    device_ids: tuple[int, ...] = ()
    reason: str


def difference_of(counted: Iterable[Counted], unsent: Iterable[Unsent] = ()) -> str:
    """`1 saknas, 2 skadat` over several lines; empty when all of it came and nothing else."""
    lines = list(counted)
    return in_words(
        missing=sum(line.missing for line in lines),
        damaged=sum(line.damaged for line in lines),
        extra=sum(line.extra for line in lines),
        unsent=sum(other.quantity for other in unsent),
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


def require_unsent(sent: Sequence[DeliveryLine], unsent: Sequence[Unsent]) -> None:
    """Each is an article that the delivery does not have, once, with a reason. Raises DeliveryCannotBeReceived."""
    taken = {line.order_line.article_id for line in sent}
    for row, other in enumerate(unsent):
        article = other.article
        if article.pk in taken:
            refusal = f"{article} står redan på kvittensen. Skriv allt som kom av den på samma rad."
        elif other.quantity < 1:
            refusal = f"{article}: skriv hur många som kom."
        elif len(set(other.device_ids)) != (other.quantity if article.is_numbered else 0):
            refusal = f"{article}: skriv numret på varje individ som kom."
        elif not other.reason.strip():
            refusal = f"{article}: skriv vad som har hänt."
        else:
            taken.add(article.pk)
            continue
        raise DeliveryCannotBeReceived(refusal, row=row)


def require_extra_devices(
    sent: Sequence[DeliveryLine], came: Mapping[int, Counted], unsent: Sequence[Unsent], store: Location
) -> None:
    """Each is a device of its article that was not sent with this delivery and is not in the store already."""
    extra = [(line.order_line.article, came[line.pk].extra_device_ids, {"line_id": line.pk}) for line in sent]
    extra += [(other.article, other.device_ids, {"row": row}) for row, other in enumerate(unsent)]
    wanted = {pk for _, pks, _ in extra for pk in pks}
    if not wanted:
        return
    known = {device.pk: device for device in Device.objects.filter(pk__in=wanted)}
    taken = {line.device_id for line in sent}
    for article, pks, place in extra:
        for pk in pks:
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
            raise DeliveryCannotBeReceived(refusal, **place)
