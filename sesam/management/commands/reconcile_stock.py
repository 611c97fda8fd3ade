import sys
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from orders.operations.correcting import correct_balances
from orders.reconciling import differences


class Command(BaseCommand):
    help = "Check that balances, orders, holdings and documents agree with the stock ledger. Exits with 1 if not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fix", action="store_true", help="post correcting movements where a balance is not its ledger's"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # the ledger of a region takes longer than a page may
        if options["fix"]:
            for sentence in correct_balances(key=uuid4(), by=None, at=timezone.now()):
                self.stdout.write(sentence)
        found = differences()
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            self.stdout.write(f"{len(found)} skillnader.")
            sys.exit(1)
        self.stdout.write("Allt stämmer.")
