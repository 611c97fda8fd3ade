"""Which orders wait for a person, as conditions on a queryset: what the start page and *Att göra* show.

`orders.next_actor` says the same about one order in words; a test keeps the two together.
"""

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.db.models.lookups import IsNull

from inventory.queries import warehouses_of
from parties.models import User

from . import roles
from .access import may_pick
from .models import OrderLine
from .models.order import ON_THE_WAY_STATES, OPEN_STATES
from .progress import unreceived_deliveries

NOBODY = Q(pk__in=[])
ESCALATED_AFTER: Final = timedelta(hours=24)
"""When *Utleverans saknas* becomes a matter for the store's responsible: those who work in the store."""


def is_store_staff(user: User) -> bool:
    """Whether the user looks after a municipal store, and so also what colleagues have not handed out."""
    return user.has_perm(roles.RECEIVE)


def hands_out_own(user: User) -> bool:
    """Whether the user hands out direct orders; the central service has none."""
    return not user.is_central and user.has_perm(roles.DELIVER)


def to_hand_out(user: User) -> Q:
    """Saved direct orders (*Utleverans saknas*): one's own; for store staff after a day all from their store."""
    if not hands_out_own(user):
        return NOBODY
    theirs = Q(registrar=user) | Q(orderer=user)
    if is_store_staff(user):
        theirs |= Q(registered_at__lte=Now() - ESCALATED_AFTER)
    return Q(state__in=OPEN_STATES, subtype__is_direct=True, sender__in=warehouses_of(user)) & theirs


def to_pick(user: User) -> Q:
    """What can go from the user's warehouse to others: HMS picks in warehouse 10, store staff in theirs.

    Something is reserved; for an order that goes only complete, everything. Asked of each order and not as EXISTS,
    which is joined to all lines with something reserved, anywhere: PostgreSQL expects few orders and finds thousands.
    """
    if not may_pick(user):
        return NOBODY
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    something = IsNull(Subquery(lines.filter(reserved__gt=0).values("order")[:1]), False)  # a lookup
    everything = Q(only_complete=False) | ~Exists(lines.filter(backordered__gt=0))
    return Q(something, everything, state__in=OPEN_STATES, subtype__is_direct=False, sender__in=warehouses_of(user))


def to_receive(user: User) -> Q:
    """Transfers with a delivery that the user's store has not confirmed."""
    here = Q(recipient_warehouse__in=stores_received_for(user))
    return Q(here, Exists(unreceived_deliveries()), type="L", state__in=ON_THE_WAY_STATES)


def stores_received_for(user: User) -> frozenset[int]:
    """The municipal stores for which the user receives, as primary keys; the central service receives for none."""
    return warehouses_of(user) if is_store_staff(user) and not user.is_central else frozenset()


def waits_for(user: User) -> Q:
    return to_hand_out(user) | to_pick(user) | to_receive(user)
