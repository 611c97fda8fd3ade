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

PLAIN_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


class Command(BaseCommand):
    help = "Measure every page and act on a database that `generate` has filled, and write the figures as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", type=Path, help="measure, and write the figures to this file")
        parser.add_argument("--times", type=int, default=20, help="how often each page is asked for")
        parser.add_argument("--compare", type=Path, nargs=2, metavar=("SMALL", "REGION"), help="print two files")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compare"]:
            from sesam.bench.table import compare  # here, so that measuring alone loads no more than a worker

            small, region = (json.loads(path.read_text(encoding="utf-8")) for path in options["compare"])
            self.stdout.write("\n".join(compare(small, region)))
        elif options["json"]:
            options["json"].write_text(
                json.dumps(self._measure(options["times"]), indent=1, ensure_ascii=False), encoding="utf-8"
            )
        else:
            raise CommandError("Say --json FILE to measure, or --compare SMALL REGION to print.")

    @override_settings(ROOT_URLCONF="sesam.bench.urls", STORAGES=PLAIN_FILES, ALLOWED_HOSTS=["*"])
    def _measure(self, times: int) -> dict[str, object]:
        from sesam.bench.cast import Cast
        from sesam.bench.measuring import measure
        from sesam.bench.pages import pages
        from sesam.bench.rates import measure_rates

        figures = []
        for name, group, ask in pages(Cast()):
            figure = measure(name, group, ask, times=times)
            self.stdout.write(f"{name:<34}{figure.p50:>8.1f} ms {figure.statements:>4} satser")
            figures.append(figure.as_dict())
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        began = time.perf_counter()
        found = differences()
        if found:
            raise CommandError("\n".join(found[:20]))
        reconcile = time.perf_counter() - began
        return {
            "figures": figures,
            "reconcile": round(reconcile, 2),
            "memory": memory,
            "rates": asdict(measure_rates()),
        }
