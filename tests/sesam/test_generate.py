import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.partitions import months, partition
from inventory.models import Article, Device, StockLevel, StockMovement
from orders.access_visits import always_reviewed
from orders.models import Order, OrderLine, OrderState
from orders.reconciling import differences
from parties.identity import parse_identity_number
from parties.models import Patient, User
from sesam.generating.filling import APPS, fill
from sesam.generating.sizes import REGION, SMALL, TINY
from tests.fixtures import Town

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def new_months(transactional_db: None) -> Generator[None]:
    """Months of the access log that a test makes go with it: their tables refuse to be emptied."""
    with connection.cursor() as cursor:
        before = months(cursor)
        yield
        for month in set(months(cursor)) - set(before):
            cursor.execute(f"DROP TABLE {partition(month)}")


def quiet(text: str) -> None:
    """What the command prints on the way."""


@pytest.mark.usefixtures("new_months")
def test_what_is_generated_agrees_and_is_of_its_size() -> None:
    fill(TINY, seed=1, tell=quiet)
    assert differences() == []
    counted = [model.objects.count() for model in (Order, Patient, User, Device)]
    assert counted == [TINY.orders, TINY.patients, TINY.users, TINY.devices]
    assert StockMovement.objects.count() >= TINY.movements
    assert OrderLine.objects.filter(backordered__gt=0).exists()
    assert set(Order.objects.values_list("state", flat=True)) == set(OrderState.values) - {OrderState.DRAFT}
    assert not Article.objects.filter(search_text="").exists()
    parse_identity_number(Patient.objects.latest("pk").identity_number)
    assert always_reviewed(User.objects.latest("pk"), 1)
    waiting = OrderLine.objects.filter(backordered__gt=0).values("order__sender", "article")
    kept = StockLevel.objects.values("warehouse", "article")
    assert waiting.difference(kept).count() == 0


ONLY_ADDED_TO = ("inventory_stockmovement", "orders_orderevent", "audit_accesslogentry", "audit_changeentry")


@pytest.mark.usefixtures("new_months")
def test_no_rule_of_the_database_refuses_what_is_generated() -> None:
    """Rows are copied in without triggers. Each is written once more as it is, so that all of them look at it."""
    fill(TINY, seed=1, tell=quiet)
    written = 0
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)):
        fields = [f.column for f in model._meta.concrete_fields if not (f.generated or f.primary_key)]
        table = model._meta.db_table
        if table in ONLY_ADDED_TO:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            same = ", ".join(f'"{name}" = "{name}"' for name in fields)
            cursor.execute(f"UPDATE {table} SET {same}")  # noqa: S608  # names of models
            written += cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert written > TINY.orders


@pytest.mark.usefixtures("new_months")
def test_what_is_generated_can_be_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(replace(TINY, orders=1_500, movements=16_000), seed=1, tell=quiet)  # of the fewest some are on their way
    report = tmp_path / "tiny.json"
    call_command("bench", json=report, times=2, only="Artiklar, ")
    assert json.loads(report.read_text(encoding="utf-8"))["failures"] == []
    capsys.readouterr()
    call_command("bench", compare=[report, report])
    head, floor, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[-3:] == ["golv", "×", "liten"]
    assert floor.startswith("golv")
    assert {row.split("  ")[0] for row in rows} >= {"Artiklar, ISO-grupp", "Artiklar, csv"}
    assert all(row.endswith(" 1.00") for row in rows)


def test_a_database_with_orders_is_refused(town: Town) -> None:
    town.register("bestallning", {town.chair: 1})
    with pytest.raises(CommandError, match="tom databas"):
        call_command("generate", size="tiny")
    assert Order.objects.count() == 1


def test_small_is_a_hundredth_of_a_region() -> None:
    for name in ("articles", "suppliers", "users", "patients", "devices", "orders", "movements"):
        assert getattr(SMALL, name) * 100 == getattr(REGION, name)
