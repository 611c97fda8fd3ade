import re

from django.db.models import Q

from parties.prepared import prepared

from .models import OrderNumberSeries, OrderType

NEXT = f"""
    INSERT INTO {OrderNumberSeries._meta.db_table} AS series (type, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (type, year) DO UPDATE SET last = series.last + 1 RETURNING last
"""  # noqa: S608  # a table's name


def next_order_number(*, type: OrderType, year: int) -> str:
    """The next number of the type's series that year, e.g. `F-26-004211`: letter, year, running number.

    Without gaps: the row is locked until the transaction ends, so a rolled-back order gives its number back.
    """
    with prepared() as cursor:
        cursor.execute(NEXT, [type, year])
        (last,) = cursor.fetchone()
    return f"{type}-{year % 100:02d}-{last:06d}"


WHOLE_OR_BEGUN = re.compile(r"([BFL])-?(\d\d)-?(\d{1,6})")
RUNNING_DIGITS = 6
FEWEST_OF_MANY = 3  # digits; fewer mean the running number itself, since they end and begin too many


def whole_number(text: str) -> str | None:
    """The order number that the text is in any usual writing: `F-26-004211`, `f26004211`, `F-26-4211`."""
    match = WHOLE_OR_BEGUN.fullmatch(_compact(text))
    return f"{match[1]}-{match[2]}-{match[3]:0>{RUNNING_DIGITS}}" if match else None


def number_matches(text: str) -> Q | None:
    """Orders whose number the text is, begins or ends, by an index; None when it can be no part of a number."""
    compact = _compact(text)
    if compact.isdigit() and len(compact) <= RUNNING_DIGITS:
        end = compact if len(compact) >= FEWEST_OF_MANY else compact.zfill(RUNNING_DIGITS)
        return Q(number__reverse__startswith=end[::-1])
    match = WHOLE_OR_BEGUN.fullmatch(compact)
    if match is None:
        return None
    found = Q(number=whole_number(text))
    return found | Q(number__startswith="-".join(match.groups())) if len(match[3]) >= FEWEST_OF_MANY else found


def _compact(text: str) -> str:
    """Without spaces, in capitals; empty where there is something that no number has."""
    compact = "".join(text.split()).upper()
    return compact if compact.isascii() else ""
