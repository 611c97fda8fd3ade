from .delivery import Delivery, DeliveryLine, Receipt, ReceiptLine
from .event import EventKind, OrderEvent
from .line import OrderLine
from .number import OrderNumberSeries
from .order import CancelReason, Order, OrderState
from .subtype import OrderSubtype, OrderType, SenderRule

__all__ = [
    "CancelReason",
    "Delivery",
    "DeliveryLine",
    "EventKind",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderNumberSeries",
    "OrderState",
    "OrderSubtype",
    "OrderType",
    "Receipt",
    "ReceiptLine",
    "SenderRule",
]
