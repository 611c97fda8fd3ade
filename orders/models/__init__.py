from .delivery import Delivery, DeliveryFailure, DeliveryLine, FailureReason
from .event import EventKind, OrderEvent
from .goods_return import GoodsReturn, ReturnOutcome
from .holding import Holding
from .line import OrderLine
from .notice import Notice
from .number import OrderNumberSeries
from .order import CancelReason, Order, OrderState
from .receipt import DifferenceKind, Receipt, ReceiptLine, ReceiptSettlement, SettlementOutcome
from .subtype import OrderSubtype, OrderType, SenderRule

__all__ = [
    "CancelReason",
    "Delivery",
    "DeliveryFailure",
    "DeliveryLine",
    "DifferenceKind",
    "EventKind",
    "FailureReason",
    "GoodsReturn",
    "Holding",
    "Notice",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderNumberSeries",
    "OrderState",
    "OrderSubtype",
    "OrderType",
    "Receipt",
    "ReceiptLine",
    "ReceiptSettlement",
    "ReturnOutcome",
    "SenderRule",
    "SettlementOutcome",
]
