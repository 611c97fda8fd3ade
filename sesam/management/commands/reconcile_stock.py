import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from orders.reconciling import differences, rewrite_balances


class Command(BaseCommand):
    help = "Check that balances, orders and documents agree with the stock ledger. Exits with 1 if anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="write the balances again from the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fix"]:
            self.stdout.write(f"Skrev om {rewrite_balances()} saldon efter lagerrörelserna.")
        found = differences()
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            self.stdout.write(f"{len(found)} skillnader.")
            sys.exit(1)
        self.stdout.write("Allt stämmer.")
