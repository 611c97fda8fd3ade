import json
import resource
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings

from orders.reconciling import differences

SETTINGS = {
    "ROOT_URLCONF": "sesam.bench.urls",
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    "ALLOWED_HOSTS": ["*"],
    "PATIENT_SEARCHES_PER_MINUTE": 10**9,
}


class Command(BaseCommand):
    help = "Measure every page and act on a database that `generate` has filled, and write the figures as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", type=Path, help="measure, and write the figures to this file")
        parser.add_argument("--times", type=int, default=20, help="how often each page is asked for")
        parser.add_argument("--only", default="", help="measure only what has this in its name, and nothing else")
        parser.add_argument(
            "--no-reconcile", action="store_true", help="leave out reconcile_stock, which takes minutes"
        )
        parser.add_argument("--compare", type=Path, nargs=2, metavar=("SMALL", "REGION"), help="print two files")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compare"]:
            from sesam.bench.table import compare  # here, so that measuring alone loads no more than a worker

            small, region = (json.loads(path.read_text(encoding="utf-8")) for path in options["compare"])
            self.stdout.write("\n".join(compare(small, region)))
        elif options["json"]:
            options["json"].write_text(
                json.dumps(self._measure(options), indent=1, ensure_ascii=False), encoding="utf-8"
            )
        else:
            raise CommandError("Say --json FILE to measure, or --compare SMALL REGION to print.")

    @override_settings(**SETTINGS)
    def _measure(self, options: dict[str, Any]) -> dict[str, object]:
        from sesam.bench.cast import Cast
        from sesam.bench.measuring import Figure, measure
        from sesam.bench.pages import FLOOR, floor_of, pages
        from sesam.bench.rates import measure_rates

        figures: list[Figure] = []
        failures = []
        cast = Cast()
        floor = floor_of(cast)
        for page in pages(cast):
            if options["only"] not in page.name and page.name != FLOOR:
                continue
            try:
                times = page.times or options["times"]
                figure = measure(page.name, page.group, page.ask, floor=floor, status=page.status, times=times)
            except Exception as error:  # the other pages are measured all the same, and the report says so
                failures.append(f"{page.name}: {type(error).__name__} {error}"[:300])
                self.stderr.write(failures[-1])
                continue
            self.stdout.write(
                f"{figure.name:<34}{figure.p50:>9.1f} ms {figure.statements:>4} satser {figure.size:>10} byte"
            )
            figures.append(figure)
        return {
            "figures": [figure.as_dict() for figure in figures],
            "failures": failures,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "reconcile": None if options["no_reconcile"] or options["only"] else self._reconcile(),
            "rates": None if options["only"] else asdict(measure_rates()),
        }

    def _reconcile(self) -> float:
        """How many seconds it takes to find nothing. Raises CommandError."""
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        began = time.perf_counter()
        if found := differences():
            raise CommandError("\n".join(found[:20]))
        return round(time.perf_counter() - began, 2)
