import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, connection
from django.utils import timezone

from audit.partitions import rotate
from sesam import demo_data
from sesam.embedded.server import EmbeddedServerError
from sesam.preflight import HOST, PortCannotBeUsed, check_port
from sesam.serving import serve

PASSWORD = "sesam-demo"  # noqa: S105  # printed on purpose


class Command(BaseCommand):
    help = "Prepare the database, load the demo data once, and serve on this machine. Ends with Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default="8000")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            port = check_port(options["port"])
            self._prepare()
        except (PortCannotBeUsed, EmbeddedServerError) as problem:
            sys.exit(str(problem))
        except Error as error:
            sys.exit(f"Sesam cannot use the database: {_one_line(error)}")
        except OSError as error:
            sys.exit(f"Sesam cannot write its files: {_one_line(error)}")
        sys.exit(serve(port, announce=lambda: self._announce(port)))

    def _prepare(self) -> None:
        connection.settings_dict["OPTIONS"].pop("pool", None)  # one connection, which says at once why it fails
        self._say("Starting the database …")
        connection.ensure_connection()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo_data.load(timezone.now()):
            self._say("The demo data is loaded.")
        rotate(at=timezone.now())
        connection.close()

    def _announce(self, port: int) -> None:
        self._say(f"\nSesam: http://{HOST}:{port}/    password of every account: {PASSWORD}    end: Ctrl-C\n")
        rows = [("User name", "Name", "Role", "Unit"), *demo_data.accounts()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            self._say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
