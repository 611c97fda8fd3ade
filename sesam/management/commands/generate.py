import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sesam.generating.filling import DatabaseIsNotEmpty, fill
from sesam.generating.sizes import SIZES


class Command(BaseCommand):
    help = "Fill an empty database with five years of made-up orders, for measuring. The same seed makes the same rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="small", help="region, or small: a hundredth of it")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            counts = fill(SIZES[options["size"]], seed=options["seed"], tell=self.stdout.write)
        except DatabaseIsNotEmpty as error:
            raise CommandError(str(error)) from None
        for table, count in sorted(counts.items()):
            self.stdout.write(f"{table:<28} {count:>12,}".replace(",", "\u00a0"))
        self.stdout.write(f"Klart på {time.monotonic() - began:.0f} sekunder.")
