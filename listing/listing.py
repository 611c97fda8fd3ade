from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Model, QuerySet
from django.http import FileResponse, QueryDict, StreamingHttpResponse

from .addresses import address_with
from .columns import Column
from .exporting import Format, csv_response, xlsx_response
from .order import Order, Reading
from .total import MOST_COUNTED, Total, total_of

ORDER, AFTER, BEFORE, FORMAT = "ordning", "efter", "fore", "format"
CHUNK = 1000  # rows that a saved list fetches at a time


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: a link that sorts by it, the other way where it is sorted by it already."""

    label: str
    is_number: bool
    url: str = ""
    sorted: str = ""  # as in aria-sort: ascending, descending or nothing
    is_too_long: bool = False  # the list, to be sorted by it


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page[Row]:
    """The rows of a page, in order, and what is said and linked around them. Where nothing is, an address is empty."""

    rows: Sequence[Row]
    total: Total
    heads: Sequence[Head]
    orders: Sequence[Choice]
    first_url: str
    previous_url: str
    next_url: str
    csv_url: str
    xlsx_url: str

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> Row:
        return self.rows[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing[Row: Model]:
    """A list's columns, the order it has when nobody chose one (`article` or `-registered`), and its file's name.

    In the address stand `ordning`, `efter` or `fore` with the primary key of a row (never a value of it), and `format`;
    what means nothing there changes nothing.
    """

    name: str
    columns: Sequence[Column[Row]]
    default: str
    page_size: int = 50
    read: Reading[Row] | None = None
    """How rows are read by their keys where it is not by the queryset itself."""
    before_saving: Callable[[Sequence[Row]], None] | None = None
    """Called with some rows at a time before they are written to a file: what the columns' values look up at once."""

    def page(
        self,
        rows: QuerySet[Row],
        query: QueryDict,
        *,
        known: QuerySet[Row] | None = None,
        keys: Sequence[int] | None = None,
        most_counted: int = MOST_COUNTED,
        is_whole: bool = False,
    ) -> Page[Row]:
        """The page that the address asks for: at most four statements, and one more where the number is estimated.

        `keys` are those of all the rows in the order that the list has by default, where they are known already.
        `known` are the rows that `efter` and `fore` may name, if they are more than `rows`: whoever goes on from a row
        that no longer passes the filter then goes on from where it stood. It holds only what the user may see.
        `is_whole` says that nothing narrows `rows` (see `total_of`).
        """
        chosen, total = self._chosen(query), None if keys is None else Total(len(keys))
        if total is None and self._column(chosen).reads_all:
            total = total_of(rows, most=most_counted, is_whole=is_whole)
            chosen = chosen if total.is_exact else self.default
        if keys is not None and chosen == self.default:
            shown, before, after = self._cut(rows, keys, query)
        else:
            shown, before, after = self._around(rows, rows if known is None else known, self._order(chosen), query)
        if total is None:
            is_all = not (before or after)
            total = Total(len(shown)) if is_all else total_of(rows, most=most_counted, is_whole=is_whole)
        return Page(
            rows=shown,
            total=total,
            heads=[self._head(column, query, chosen, total) for column in self.columns if column.on_page],
            orders=list(self._choices(chosen, total)),
            first_url=_address(query) if before else "",
            previous_url=_address(query, **{BEFORE: shown[0].pk}) if before else "",
            next_url=_address(query, **{AFTER: shown[-1].pk}) if after else "",
            csv_url=_address(query, **{FORMAT: Format.CSV}),
            xlsx_url=_address(query, **{FORMAT: Format.XLSX}),
        )

    def export(
        self,
        rows: QuerySet[Row],
        query: QueryDict,
        *,
        on: date,
        about: str = "",
        before_leaving: Callable[[Sequence[Row]], None] | None = None,
    ) -> StreamingHttpResponse | FileResponse | None:
        """All rows as the file that the address asks for, or None where it asks for a page.

        The file is named after the list, what it is `about` and the day `on`. `before_leaving` is called with some rows
        at a time, before they are sent: for the access log, which the request itself writes before rows are fetched.
        """
        wanted = query.get(FORMAT, "")
        if wanted not in Format:
            return None
        columns, chosen = [column for column in self.columns if column.value], self._chosen(query)
        if self._column(chosen).reads_all and not total_of(rows).is_exact:
            chosen = self.default
        chunks = self._chunks(self._order(chosen).sorted(rows), before_leaving)
        write = csv_response if wanted == Format.CSV else xlsx_response
        return write(columns, chunks, name=f"{self.name} {about} {on:%Y-%m-%d}")

    def _chunks(
        self, rows: QuerySet[Row], before_leaving: Callable[[Sequence[Row]], None] | None
    ) -> Iterator[Sequence[Row]]:
        """The rows by a cursor in the database, some at a time; of those that are read by their keys, the keys."""
        one_by_one: Iterator[Any] = (rows.values_list("pk", flat=True) if self.read else rows).iterator(CHUNK)
        while some := list(islice(one_by_one, CHUNK)):
            chunk = self.read(some) if self.read else some
            for look in (self.before_saving, before_leaving):
                if look:
                    look(chunk)
            yield chunk

    def _order(self, chosen: str) -> Order:
        return Order(self._column(chosen).sort_keys, chosen.startswith("-"))

    def _column(self, chosen: str) -> Column[Row]:
        return next(column for column in self.columns if column.key == chosen.removeprefix("-"))

    def _chosen(self, query: QueryDict) -> str:
        asked = query.get(ORDER, "")
        sortable = {column.key for column in self.columns if column.order_by}
        return asked if asked.removeprefix("-") in sortable and not asked.startswith("--") else self.default

    def _around(
        self, rows: QuerySet[Row], known: QuerySet[Row], order: Order, query: QueryDict
    ) -> tuple[list[Row], bool, bool]:
        """The rows of the page, whether there are some before them, and whether there are some after them."""
        size = self.page_size
        if (place := _place(known, order, query.get(BEFORE))) is not None:
            back = order.reversed()
            found = back.first(back.after(rows, place), size + 1, self.read)
            if len(found) > size:
                return found[:size][::-1], True, True
        elif (place := _place(known, order, query.get(AFTER))) is not None:
            found = order.first(order.after(rows, place), size + 1, self.read)
            if found:
                return found[:size], True, len(found) > size
        found = order.first(rows, size + 1, self.read)
        return found[:size], False, len(found) > size

    def _cut(self, rows: QuerySet[Row], keys: Sequence[int], query: QueryDict) -> tuple[list[Row], bool, bool]:
        """The same of rows whose order is known: by one statement."""
        size, place = self.page_size, {str(key): place for place, key in enumerate(keys)}
        start = 0
        if (here := place.get(query.get(BEFORE, ""))) is not None:
            start = max(here - size, 0)
        elif (here := place.get(query.get(AFTER, ""))) is not None and here + 1 < len(keys):
            start = here + 1
        shown = keys[start : start + size]
        if self.read:
            found = self.read(shown)
        else:
            by_key = {row.pk: row for row in rows.filter(pk__in=shown)} if shown else {}
            found = [by_key[key] for key in shown if key in by_key]
        return found, start > 0, start + size < len(keys)

    def _head(self, column: Column[Row], query: QueryDict, chosen: str, total: Total) -> Head:
        if not column.order_by:
            return Head(column.label, column.is_number)
        if column.reads_all and not total.is_exact:
            return Head(column.label, column.is_number, is_too_long=True)
        towards = {column.key: "ascending", f"-{column.key}": "descending"}.get(chosen, "")
        other = f"-{column.key}" if towards == "ascending" else column.key
        return Head(column.label, column.is_number, _address(query, **{ORDER: other}), towards)

    def _choices(self, chosen: str, total: Total) -> Iterator[Choice]:
        for column in self.columns:
            if column.order_by and (total.is_exact or not column.reads_all):
                for value, label in ((column.key, column.label), (f"-{column.key}", f"{column.label}, omvänt")):
                    yield Choice(value, label, value == chosen)


def _place(rows: QuerySet[Model], order: Order, pk: str | None) -> tuple[object, ...] | None:
    """Where the row with that key stands, if the text is the key of one of the rows."""
    if not pk or len(pk) > 18 or not (pk.isascii() and pk.isdigit()):
        return None
    return order.values_of(rows, int(pk))


def _address(query: QueryDict, **changes: object) -> str:
    """The same filters and order, on another page, in another order or as a file."""
    return address_with(query, changes, without=(AFTER, BEFORE, FORMAT))
