"""The embedded server with real processes: one for all, gone with the last, back after any kind of end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
USER = """
import sys, pathlib, atexit
from sesam.embedded import server
atexit.register(server.release)
server.ensure_running(pathlib.Path(sys.argv[1]), durable=False)
print((pathlib.Path(sys.argv[1]) / "database" / "postmaster.pid").read_text().splitlines()[0], flush=True)
sys.stdin.read()
"""

type User = subprocess.Popen[str]
type NewUser = Callable[[], User]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / ("a long name with spaces, å ä ö and a $HOME " * 3) / "home"


@pytest.fixture
def new_user(home: Path) -> Iterator[NewUser]:
    users: list[User] = []

    def start() -> User:
        command = [sys.executable, "-c", USER, str(home)]
        users.append(
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
            )
        )
        return users[-1]

    yield start
    for user in users:
        user.kill()
        user.communicate()
    end(start())  # takes over a server that was left running, and stops it


def server_of(user: User) -> psutil.Process:
    assert user.stdout
    return psutil.Process(int(user.stdout.readline()))


def end(user: User) -> None:
    user.communicate("")


def runs(server: psutil.Process) -> bool:
    return server.is_running() and server.status() != psutil.STATUS_ZOMBIE


def test_many_start_one_and_the_last_stops_it(new_user: NewUser) -> None:
    users = [new_user() for _ in range(4)]
    servers = [server_of(user) for user in users]
    assert len(set(servers)) == 1
    for user in users[1:]:
        end(user)
    assert runs(servers[0])
    end(users[0])
    assert not runs(servers[0])


def test_a_server_left_by_a_killed_user_is_used_and_then_stopped(new_user: NewUser) -> None:
    killed = new_user()
    server = server_of(killed)
    killed.kill()
    killed.wait()
    assert runs(server)
    heir = new_user()
    assert server_of(heir) == server
    end(heir)
    assert not runs(server)


def test_starts_after_a_killed_server_whose_number_somebody_else_has(new_user: NewUser, home: Path) -> None:
    user = new_user()
    server = server_of(user)
    server.send_signal(signal.SIGKILL)
    while runs(server):
        time.sleep(0.01)
    pid_file = home / "database" / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(server.pid), str(os.getpid()), 1))
    end(user)
    assert runs(server_of(new_user()))
