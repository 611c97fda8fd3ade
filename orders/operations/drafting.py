"""The draft of an order: made with the first page of the wizard, filled step by step, registered or thrown away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from inventory.models import Warehouse
from inventory.queries import own_store
from orders.devices import free_devices
from orders.models import Order, OrderLine, OrderSubtype
from parties.models import Party, Patient, User

from .locking import lock_order
from .verifying import UserCannotOrder, sender_by_rule, verify_orderer

type Recipient = Warehouse | Party | Patient
PARTIES = (
    "orderer",
    "customer",
    "municipality",
    "payer",
    "sender",
    "handler",
    "recipient_warehouse",
    "recipient_unit",
    "recipient_patient",
    "version",
)


class DraftIsClosed(Exception):
    """The order is no longer a draft: it was saved, perhaps in another tab."""


class DraftHasChanged(Exception):
    """The draft is not what the page showed: it was changed in another tab. The message is in Swedish."""

    def __init__(self) -> None:
        super().__init__("Utkastet har ändrats i en annan flik. Ladda om sidan och gör om ändringen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the orderer asks of the delivery: before others, and all at once or not at all."""

    is_urgent: bool
    only_complete: bool


def create_draft(*, key: UUID, subtype: OrderSubtype, by: User, at: datetime, patient: Patient | None = None) -> Order:
    """Make a draft with what follows from who makes it; the same key returns the same draft, whatever its state.

    The person is the verified orderer where the role allows, and the recipient of a prescription is `patient` where the
    parties step would allow it. Raises Order.DoesNotExist when the key is another's.
    """
    defaults: dict[str, object] = {
        "subtype": subtype,
        "type": subtype.type,
        "registrar": by,
        "created_at": at,
    }
    try:
        verified = verify_orderer(username=by.username, subtype=subtype, by=by, on=timezone.localdate(at))
    except UserCannotOrder:
        pass  # the parties step says why, at its field
    else:
        defaults |= {
            "orderer": by,
            "customer": verified.customer,
            "municipality_id": verified.customer.municipality_id,
            "payer": verified.payer,
            "sender": verified.sender,
            **_recipient_fields(verified.recipient),
        }
        if patient and not patient.deceased_on and patient.municipality_id == verified.customer.municipality_id:
            defaults["recipient_patient"] = patient
    order, _ = Order.objects.get_or_create(draft_key=key, defaults=defaults)
    if order.registrar_id != by.pk:
        raise Order.DoesNotExist
    return order


@transaction.atomic
def change_subtype(*, order_id: int, subtype: OrderSubtype) -> list[str]:
    """Another kundordertyp of the same type, and with it another sender; what still holds is kept.

    Returns what was dropped, in sentences. Raises DraftIsClosed.
    """
    order = lock_draft(order_id)
    assert subtype.type == order.type
    if subtype.pk == order.subtype_id:
        return []
    order.subtype = subtype
    before = order.sender
    order.sender = sender_by_rule(subtype, own_store(order.customer)) if order.customer else None
    order.version += 1
    order.save(update_fields=["subtype", "sender", "version"])
    return _drop_devices(order) if order.sender != before else []


@transaction.atomic
def set_parties(
    *,
    order_id: int,
    version: int,
    orderer: User,
    customer: Party,
    payer: Party,
    sender: Warehouse,
    recipient: Recipient,
    handler: User | None,
    subtype: OrderSubtype | None = None,
) -> list[str]:
    """Save the parties of a draft as they were verified, and with `subtype` the kundordertyp that fits the sender.

    `version` is what the page showed. Returns what was dropped, in sentences. Raises DraftIsClosed, DraftHasChanged.
    """
    order = lock_draft(order_id, version=version)
    before = order.sender
    order.orderer, order.customer, order.payer = orderer, customer, payer
    order.municipality_id = customer.municipality_id
    order.sender, order.handler = sender, handler
    for name, value in _recipient_fields(recipient).items():
        setattr(order, name, value)
    if subtype:
        assert subtype.type == order.type
        order.subtype = subtype
    order.version += 1
    order.save(update_fields=[*PARTIES, "subtype"])
    return _drop_devices(order) if sender != before else []


@transaction.atomic
def set_wishes(*, order_id: int, wishes: Wishes) -> None:
    """Keep the wishes for the delivery in the draft. They are no new version: no other page shows them.

    Raises DraftIsClosed.
    """
    order = lock_draft(order_id)
    order.is_urgent, order.only_complete = wishes.is_urgent, wishes.only_complete
    order.save(update_fields=["is_urgent", "only_complete"])


@transaction.atomic
def discard_draft(*, order_id: int) -> None:
    """Throw a draft away (*Avbryt*). One that is gone already is no error. Raises DraftIsClosed."""
    try:
        lock_draft(order_id).delete()
    except Order.DoesNotExist:
        return


def lock_draft(order_id: int, *, version: int | None = None) -> Order:
    """Lock a draft and look at it after the lock. Raises DraftIsClosed, and DraftHasChanged for another version."""
    order = lock_order(order_id)
    if not order.is_draft:
        raise DraftIsClosed
    if version is not None and order.version != version:
        raise DraftHasChanged
    return order


def _recipient_fields(recipient: Recipient | None) -> dict[str, Recipient | None]:
    return {
        "recipient_warehouse": recipient if isinstance(recipient, Warehouse) else None,
        "recipient_unit": recipient if isinstance(recipient, Party) else None,
        "recipient_patient": recipient if isinstance(recipient, Patient) else None,
    }


def _drop_devices(order: Order) -> list[str]:
    """Let go of chosen devices that the sender does not have; the lines stay, without a device."""
    chosen = list(order.lines.for_order_page().filter(device__isnull=False))
    wanted = [line.device_id for line in chosen if line.device_id]
    here: set[int] = set()
    if order.sender and wanted:
        here.update(free_devices(order.sender).filter(pk__in=wanted).values_list("pk", flat=True))
    dropped = [line for line in chosen if line.device_id not in here]
    place = order.sender or "avsändaren"
    sentences = [f"Individ {line.device} finns inte i {place} och togs bort från {line.article}." for line in dropped]
    without_device(dropped)
    return sentences


def without_device(lines: Iterable[OrderLine]) -> None:
    """Keep the lines but not their devices; what is then the same article becomes one line."""
    for line in lines:
        same = line.order.lines.filter(article=line.article_id, device__isnull=True).first()
        if same:
            same.quantity += line.quantity
            same.save(update_fields=["quantity"])
            line.delete()
        else:
            line.device = None
            line.save(update_fields=["device"])
