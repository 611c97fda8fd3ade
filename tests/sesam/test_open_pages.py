from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

OPEN = {
    "health",  # the monitor's
    "login",
    "admin_login",  # leads to it
    "oidc_start",
    "oidc_callback",
    "session_state",  # says that somebody has been logged out
}


def patterns(entries: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        else:
            yield entry


def test_nothing_else_is_open_without_login() -> None:
    found = {
        str(pattern.name)
        for pattern in patterns(get_resolver().url_patterns)
        if getattr(pattern.callback, "login_required", True) is False
    }
    assert found == OPEN
