"""The plain fields say the same as Django's own, which ask a template for each."""

from datetime import date

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from orders.forms.overview import Day
from parties.forms.plain import PlainHiddenInput, PlainNumberInput, PlainSelect, PlainTextInput

ATTRS = {"id": "id_a", "form": "hit-1", "aria-label": 'Antal "<b>"', "min": 1, "aria-invalid": "true"}
CHOICES = [("", "Väljs vid plock"), ("HV000001", "HV000001"), ("<i>", 'a & "b"')]


@pytest.mark.parametrize("value", [None, "", 3, "x", '"><script>alert(1)</script>'])
def test_a_number_and_a_text(value: object) -> None:
    for kinds in ((PlainNumberInput, forms.NumberInput), (PlainTextInput, forms.TextInput)):
        plain, own = (kind(attrs={"max": 99}).render("quantity", value, ATTRS) for kind in kinds)
        assertHTMLEqual(plain, own)


@pytest.mark.parametrize("value", [None, "", 3, date(2026, 11, 25), '"><script>alert(1)</script>'])
def test_a_hidden_value(value: object) -> None:
    plain, own = (kind().render("visa", value, ATTRS) for kind in (PlainHiddenInput, forms.HiddenInput))
    assertHTMLEqual(plain, own)


@pytest.mark.parametrize("value", [None, "", date(2026, 11, 25), "2026-99-99", '"><script>alert(1)</script>'])
def test_a_day(value: object) -> None:
    own = forms.DateInput(format="%Y-%m-%d")
    own.input_type = "date"
    assertHTMLEqual(Day().render("fran", value, ATTRS), own.render("fran", value, ATTRS))


@pytest.mark.parametrize("value", [None, "", "HV000001", "<i>", "not among them"])
def test_a_choice(value: object) -> None:
    plain, own = (
        kind(choices=CHOICES, attrs={"required": True}).render("device", value, ATTRS)
        for kind in (PlainSelect, forms.Select)
    )
    assertHTMLEqual(plain, own)
