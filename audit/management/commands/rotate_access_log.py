from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from audit.partitions import rotate


class Command(BaseCommand):
    help = (
        "Make the access log's coming months, and drop those older than ACCESS_LOG_YEARS. Run it at least once a month."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = rotate(at=timezone.now())
        for word, found in (("Ny månad", done.made), ("Borttagen månad", done.dropped)):
            for month in found:
                self.stdout.write(f"{word}: {month:%Y-%m}")
        if done.forgotten:
            self.stdout.write(f"Borttagna säkerhetshändelser: {done.forgotten}")
        if not (done.made or done.dropped or done.forgotten):
            self.stdout.write("Inget att göra.")
