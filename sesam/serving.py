"""The web server of the demo, as a process of its own that ends with us."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from .preflight import HOST

WORKERS = 2
THREADS = 4
STOP_SECONDS = 10
ROOT = Path(__file__).resolve().parent.parent


def serve(port: int, *, announce: Callable[[], None]) -> int:
    """Serve until Ctrl-C or a signal, and give the exit code. `announce` is called once the server answers."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    command = [sys.executable, "-m", "gunicorn", "sesam.wsgi", "--bind", f"{HOST}:{port}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "warning"]
    # In a session of its own the server hears Ctrl-C from us only, once.
    server = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        _wait_for_answer(server, port)
        if server.poll() is None:
            announce()
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(server)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_for_answer(server: subprocess.Popen[bytes], port: int) -> None:
    while server.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def _stop(server: subprocess.Popen[bytes]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C does not leave half of it behind
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
