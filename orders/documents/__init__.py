"""Printed documents of orders: PDF made here with reportlab, in one font for all of Europe's letters."""

from .delivery_note import delivery_note
from .goods_label import goods_label
from .pick_list import pick_list

__all__ = ["delivery_note", "goods_label", "pick_list"]
