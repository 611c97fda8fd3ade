"""The account that the embedded server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class ProcessArguments(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServerAccount:
    uid: int
    gid: int
    is_other: bool  # whether the server runs as somebody else than this process, which then is root

    def as_arguments(self) -> ProcessArguments:
        """Arguments for `subprocess` to run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def own(self, path: Path) -> None:
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def open_path_to(self, programs: Path, home: Path) -> None:
        """Let the account reach its programs and its data: the bare right to pass through, nothing to list or read."""
        if not self.is_other:
            return
        for folder in {*programs.parents, home, *home.parents}:
            _add_mode(folder, 0o001)
        if (programs / "postgres").stat().st_mode & 0o005 == 0o005:
            return
        for path in [programs.parent, *programs.parent.rglob("*")]:
            _add_mode(path, 0o005 if path.stat().st_mode & 0o100 else 0o004)


def server_account(data: Path) -> ServerAccount:
    """Ourselves; as root the owner of the data, or `nobody` for new data."""
    if os.geteuid() != 0:
        return ServerAccount(os.geteuid(), os.getegid(), is_other=False)
    if data.exists() and (found := data.stat()).st_uid != 0:
        return ServerAccount(found.st_uid, found.st_gid, is_other=True)
    nobody = pwd.getpwnam("nobody")
    return ServerAccount(nobody.pw_uid, nobody.pw_gid, is_other=True)


def _add_mode(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode & 0o7777 | bits)
