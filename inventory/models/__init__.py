from .article import Article, ArticleKind, Charging
from .device import Device, DeviceState, DeviceStatus
from .goods_receipt import GoodsReceipt
from .location import Location, LocationKind
from .movement import MovementReason, StockMovement
from .search_index import IsoGroup, SearchWord
from .stock_level import StockLevel
from .training import Training, UserTraining
from .warehouse import Warehouse, WarehouseKind

__all__ = [
    "Article",
    "ArticleKind",
    "Charging",
    "Device",
    "DeviceState",
    "DeviceStatus",
    "GoodsReceipt",
    "IsoGroup",
    "Location",
    "LocationKind",
    "MovementReason",
    "SearchWord",
    "StockLevel",
    "StockMovement",
    "Training",
    "UserTraining",
    "Warehouse",
    "WarehouseKind",
]
