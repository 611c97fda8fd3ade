from .article import Article, ArticleKind, Charging
from .device import Device, DeviceState
from .goods_receipt import GoodsReceipt
from .location import Location, LocationKind
from .movement import MovementReason, StockMovement
from .stock_level import StockLevel
from .training import Training, UserTraining
from .warehouse import Warehouse, WarehouseKind

__all__ = [
    "Article",
    "ArticleKind",
    "Charging",
    "Device",
    "DeviceState",
    "GoodsReceipt",
    "Location",
    "LocationKind",
    "MovementReason",
    "StockLevel",
    "StockMovement",
    "Training",
    "UserTraining",
    "Warehouse",
    "WarehouseKind",
]
