from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connection

LETTERS = "åäöé"


def knows_swedish_letters(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """In a database of the locale C no name with å, ä or ö is found that is written in other letters' case."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper(%s)", [LETTERS])
        (capitals,) = cursor.fetchone()
    if capitals == LETTERS.upper():
        return []
    return [
        Error(
            "The database does not know capital Å, Ä and Ö: searches would miss names.",
            hint="Create it for UTF-8, as in: createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 sesam",
            id="parties.E001",
        )
    ]
