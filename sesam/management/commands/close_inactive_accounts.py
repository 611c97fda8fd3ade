from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from parties.operations.accounts import close_inactive_accounts


class Command(BaseCommand):
    help = "Close the accounts that nobody has logged in to for SESAM_INACTIVE_DAYS days, and say whose they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=settings.INACTIVE_DAYS)
        parser.add_argument("--dry-run", action="store_true", help="only say whose")

    def handle(self, *args: Any, **options: Any) -> None:
        closed = close_inactive_accounts(at=timezone.now(), days=options["days"], dry_run=options["dry_run"])
        for user in closed:
            last = f"senast inloggad {user.last_login:%Y-%m-%d}" if user.last_login else "aldrig inloggad"
            self.stdout.write(f"{user} ({last})")
        act = "skulle stängas" if options["dry_run"] else "stängdes"
        self.stdout.write(f"{len(closed)} konton {act}.")
