"""Who may do what with which order: role (permission) and place (whose warehouse) together."""

from copy import copy

from inventory.models import Warehouse, WarehouseKind
from inventory.models.warehouse import WarehouseQuerySet
from inventory.queries import warehouses_of
from parties.backends import holds_at
from parties.models import User, UserCustomer

from . import roles
from .models import Order, OrderType

CREATE = {
    OrderType.TRANSFER: roles.CREATE_TRANSFER,
    OrderType.REQUISITION: roles.CREATE_REQUISITION,
    OrderType.PRESCRIPTION: roles.CREATE_PRESCRIPTION,
}


def may_create(user: User, type: OrderType) -> bool:
    """Whether the user's role may make (and be the orderer of) that type; only a prescriber prescribes."""
    return user.has_perm(CREATE[type]) and bool(user.memberships)


def may_create_at(user: User, link: UserCustomer, type: OrderType) -> bool:
    """The same for one of the user's units: roles may be held at one unit and not at another."""
    if link == user.acting:
        return may_create(user, type)
    there = copy(user)
    there.act_for(link)
    return may_create(there, type)


def may_order_for(user: User, customer_id: int, type: OrderType) -> bool:
    """The same for one customer of somebody who is perhaps only looked up; who is logged in has rights at hand."""
    if user.acting and user.acting.customer_id == customer_id:
        return may_create(user, type)
    return holds_at(user, customer_id, CREATE[type])


def creatable_types(user: User) -> list[OrderType]:
    return [
        type for type in (OrderType.REQUISITION, OrderType.PRESCRIPTION, OrderType.TRANSFER) if may_create(user, type)
    ]


def may_deliver(user: User, order: Order) -> bool:
    """Whoever works at the sending warehouse: HMS for warehouse 10, the municipality for its own store."""
    return order.sender is not None and user.has_perm(roles.DELIVER) and _works_at(user, order.sender)


def may_pick(user: User) -> bool:
    """Whether picking for others is the person's work: HMS in its warehouses, store staff in their municipality's."""
    return user.has_perm(roles.DELIVER) and (user.is_central or user.has_perm(roles.RECEIVE))


def is_store_staff(user: User) -> bool:
    """Whether the user looks after a municipal store, and so also what colleagues have not handed out."""
    return user.has_perm(roles.RECEIVE)


def hands_out_own(user: User) -> bool:
    """Whether the user hands out direct orders; the central service has none."""
    return not user.is_central and user.has_perm(roles.DELIVER)


def stores_received_for(user: User) -> frozenset[int]:
    """The municipal stores for which the user receives, as primary keys; the central service receives for none."""
    return warehouses_of(user) if is_store_staff(user) and not user.is_central else frozenset()


def may_fail(user: User, order: Order) -> bool:
    """Who may say that a delivery failed: the sender's staff; of what is handed out also whose order it is."""
    theirs = user.pk in (order.registrar_id, order.orderer_id)
    return may_deliver(user, order) and (not order.subtype.is_direct or theirs or user.has_perm(roles.RECEIVE))


def may_receive(user: User, order: Order) -> bool:
    """Staff of the receiving store's municipality confirm receipt."""
    store = order.recipient_warehouse
    return store is not None and user.has_perm(roles.RECEIVE) and store.owner.municipality_id in user.municipality_ids


def may_cancel(user: User, order: Order) -> bool:
    """The orderer's municipality or the sender (HMS) may cancel what has not been delivered."""
    return user.has_perm(roles.CANCEL) and (order.municipality_id in user.municipality_ids or may_deliver(user, order))


def may_change(user: User, order: Order) -> bool:
    """The orderer's municipality or the sender (HMS) may change what has not been delivered."""
    return user.has_perm(roles.CHANGE) and (order.municipality_id in user.municipality_ids or may_deliver(user, order))


def may_add(user: User, order: Order) -> bool:
    """Whether a change may ask for more: by whoever may make such an order, and by HMS where nobody prescribes."""
    if user.is_central:
        return order.type != OrderType.PRESCRIPTION
    return may_create(user, OrderType(order.type))


def may_choose_way_out(user: User, order: Order) -> bool:
    """What shall be done about a back order: by whoever in the orderer's municipality may make such an order."""
    return order.municipality_id in user.municipality_ids and may_create(user, OrderType(order.type))


def may_see_queues(user: User) -> bool:
    """*Restorder* is for whoever runs a warehouse."""
    return user.has_perm(roles.MANAGE_BACK_ORDERS) or user.has_perm(roles.RECEIVE_GOODS)


def queue_warehouses(user: User) -> WarehouseQuerySet:
    """The warehouses whose queues the user sees: lager 10 for HMS, the municipality's stores for its staff."""
    if not may_see_queues(user):
        return Warehouse.objects.none()
    if user.is_central:
        return Warehouse.objects.central().order_by("number")
    return Warehouse.objects.visible_to(user).filter(kind=WarehouseKind.MUNICIPAL).order_by("number")


def may_see_queue(user: User, warehouse: Warehouse) -> bool:
    """The same for one warehouse whose owner is loaded."""
    return may_see_queues(user) and _works_at(user, warehouse)


def may_manage_queue(user: User, warehouse: Warehouse) -> bool:
    """Move somebody forward, and say when goods are expected: HMS, in its own warehouse."""
    return user.has_perm(roles.MANAGE_BACK_ORDERS) and user.is_central and warehouse.is_central


def may_see_patients(user: User) -> bool:
    """Who an order's patient is, in full: for those who meet patients, and for HMS, who delivers to them.

    Others in the municipality see which order it is (inre sekretess, patientdatalagen 4 kap.), by first name, initial
    and year of birth. Protected identity is hidden from everybody.
    """
    return user.has_perm(roles.VIEW_PATIENTS) or (user.is_central and user.has_perm(roles.DELIVER))


def may_see_patient_of(user: User, order: Order) -> bool:
    """Who the patient of this order is, in full: for the unit that prescribed (own care), and for HMS."""
    return may_see_patients(user) and (
        user.is_central or any(link.customer_id == order.customer_id for link in user.acting_memberships)
    )


def may_open_patient(user: User, order: Order) -> bool:
    """Whether the order leads to its patient's page, which asks for a reason where one is needed."""
    patient = order.recipient_patient
    return (
        patient is not None and user.has_perm(roles.VIEW_PATIENTS) and patient.municipality_id in user.municipality_ids
    )


def may_print_delivery(user: User, order: Order) -> bool:
    """A delivery's documents carry the patient's name and address, unless they are protected and left out."""
    patient = order.recipient_patient
    return patient is None or patient.is_protected or may_see_patient_of(user, order)


def _works_at(user: User, warehouse: Warehouse) -> bool:
    return user.is_central if warehouse.is_central else warehouse.owner.municipality_id in user.municipality_ids
