"""Long lists: sorted by their heads, paged by key, counted without waiting, and saved as CSV or Excel.

A list says once what its columns are (`Listing`), and a view asks it for a page of a queryset or for a file of all of
it. It knows no model, and imports nothing of the apps.
"""

from .addresses import address_with
from .columns import Cell, Column
from .exporting import Format
from .listing import Head, Listing, Page
from .total import MOST_COUNTED, MOST_FOUND, Total

__all__ = ["MOST_COUNTED", "MOST_FOUND", "Cell", "Column", "Format", "Head", "Listing", "Page", "Total", "address_with"]
