"""Whether the demo's port is free, asked before anything slow; runs before the installation on the bare Python."""

import errno
import socket
import sys

HOST = "127.0.0.1"


class PortCannotBeUsed(Exception):
    """One sentence for a person."""


def check_port(text: str) -> int:
    """The port number, if a server can listen on it. Raises PortCannotBeUsed."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        raise PortCannotBeUsed(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: a port just left is free
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            reason = (
                "is taken by another program"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used: {error.strerror}"
            )
            raise PortCannotBeUsed(f"Port {text} {reason}; choose another one with: make demo PORT=8123") from None
    return int(text)


if __name__ == "__main__":
    try:
        check_port(sys.argv[1])
    except PortCannotBeUsed as problem:
        sys.exit(str(problem))
