from collections.abc import Collection, Mapping
from urllib.parse import urlencode

from django.http import QueryDict


def address_with(query: QueryDict, changes: Mapping[str, object], *, without: Collection[str] = ()) -> str:
    """The query of an address with some values changed and some left out; what is empty is left out, too.

    A copy of a `QueryDict` is a deep one, and a page has twenty such links.
    """
    changed = {
        name: values
        for name, values in query.lists()
        if any(values[-1:]) and name not in without and name not in changes
    }
    changed.update({name: [str(value)] for name, value in changes.items()})
    return f"?{urlencode(changed, doseq=True)}"
