"""The embedded PostgreSQL server: one per data folder, shared by all processes that use the folder.

It starts with the first process that needs it and stops with the last. Every user holds a shared lock on
`users.lock`, which the kernel lets go even when the process is killed; who ends and finds no other holder stops the
server. A server left behind by a killed process is found and used, and stopped, by the next one.

It listens on a Unix socket only, in a private folder with a short path: socket paths are limited to about 100 bytes,
and no other account on the machine can connect.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import cluster
from .cluster import BIN, PORT, SUPERUSER, EmbeddedServerError

__all__ = ["BIN", "PORT", "SUPERUSER", "EmbeddedServerError", "ensure_running", "release"]

_held: dict[Path, tuple[int, Path]] = {}  # data folder → our file descriptor on users.lock, socket folder
_threads = threading.Lock()


def ensure_running(home: Path, *, durable: bool = True) -> Path:
    """Start the server of that data folder, if it is not running, and give the folder of its socket.

    `durable=False` trades safety at power loss for speed (tests). Raises EmbeddedServerError with one sentence.
    """
    with _threads:
        if home in _held and cluster.socket_path(_held[home][1]).exists():
            return _held[home][1]
        try:
            home.mkdir(parents=True, exist_ok=True)
            with _locked(home / "start.lock"):
                users = _held.pop(home)[0] if home in _held else _open(home / "users.lock")
                try:
                    fcntl.flock(users, fcntl.LOCK_SH)
                    _held[home] = (users, cluster.start(home, durable=durable))
                finally:
                    if home not in _held:
                        os.close(users)
        except OSError as error:
            raise EmbeddedServerError(f"Sesam cannot use its data folder {home}: {error.strerror or error}.") from error
        return _held[home][1]


def release() -> None:
    """Let go of every server that this process uses, and stop those that nobody else uses."""
    with _threads:
        for home, (users, _sockets) in list(_held.items()):
            del _held[home]
            if not home.exists():
                continue
            with _locked(home / "start.lock"):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass
                else:
                    cluster.stop(home)
                finally:
                    os.close(users)


def _forget_after_fork() -> None:
    """A forked child is a user of its own: closing its copy leaves the parent's lock alone."""
    global _threads
    _threads = threading.Lock()
    for users, _sockets in _held.values():
        os.close(users)
    _held.clear()


os.register_at_fork(after_in_child=_forget_after_fork)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
