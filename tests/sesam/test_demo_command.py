"""What keeps the demo from starting is said in one sentence, before anything slow."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam.preflight import HOST, PortCannotBeUsed, check_port

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def run_demo(port: int, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "sesam.settings", "SESAM_DEMO": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_free_port(free_port: int) -> None:
    assert check_port(str(free_port)) == free_port


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "8000.5", "åtta", "٨٠٠٠"])
def test_not_a_port(text: str) -> None:
    with pytest.raises(PortCannotBeUsed, match="PORT must be a number from 1 to 65535"):
        check_port(text)


def test_taken_port(taken_port: int) -> None:
    done = run_demo(taken_port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {taken_port} is taken by another program")
    assert done.stdout == ""


def test_unreachable_database(free_port: int) -> None:
    done = run_demo(free_port, DATABASE_URL=f"postgres://nobody@127.0.0.1:{free_port}/sesam")
    assert done.returncode == 1
    assert done.stderr.startswith("Sesam cannot use the database: ")
    assert len(done.stderr.splitlines()) == 1


def test_unusable_data_folder(free_port: int, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_demo(free_port, DATABASE_URL="", SESAM_HOME=str(tmp_path / "file"))
    assert done.returncode == 1
    assert done.stderr == f"Sesam cannot use its data folder {tmp_path / 'file'}: File exists.\n"
