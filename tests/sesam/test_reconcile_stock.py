import pytest
from django.core.management import call_command

from inventory.models import StockLevel
from tests.fixtures import Town


def test_says_that_everything_agrees(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.stock(town.store, town.chair, 3)
    call_command("reconcile_stock")
    assert capsys.readouterr().out == "Allt stämmer.\n"


def test_says_what_differs_and_fails(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.stock(town.store, town.chair, 3)
    StockLevel.objects.update(on_hand=4)
    with pytest.raises(SystemExit) as end:
        call_command("reconcile_stock")
    assert end.value.code == 1
    assert capsys.readouterr().out == (
        "Artikel 14710: i lager, på väg, på returhyllor och hos brukare är 4, men in minus ut är 3.\n"
        "Lager 50101, artikel 14710: i lager är 4, men lagerrörelserna ger 3.\n2 skillnader.\n"
    )
    assert StockLevel.objects.get().on_hand == 4


def test_corrects_when_asked(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.stock(town.store, town.chair, 3)
    StockLevel.objects.update(on_hand=4)
    call_command("reconcile_stock", "--fix")
    assert capsys.readouterr().out == "Lager 50101, artikel 14710: rättade +1 st. Inventera artikeln.\nAllt stämmer.\n"
    assert StockLevel.objects.get().on_hand == 4
