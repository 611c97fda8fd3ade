"""The plain fields say the same as Django's own, which ask a template for each."""

from datetime import date

import pytest
from django import forms
from django.db import models
from django.forms.renderers import DjangoTemplates, get_default_renderer
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertHTMLEqual

from inventory.models import Warehouse
from orders.forms.overview import Day
from orders.models import OrderSubtype
from parties.forms.plain import PlainRenderer, PlainSelect, plain_choice
from parties.models import Party
from tests.registered import World

ATTRS = {"id": "id_a", "form": "hit-1", "aria-label": 'Antal "<b>"', "min": 1, "aria-invalid": "true"}
CHOICES = [("", "Väljs vid plock"), ("HV000001", "HV000001"), ("<i>", 'a & "b"')]


HOSTILE = '"><script>alert(1)</script>'
KINDS = [forms.TextInput, forms.NumberInput, forms.HiddenInput, forms.PasswordInput, forms.EmailInput]
INPUTS = [*(kind(attrs={"max": 99}) for kind in KINDS), Day()]


@pytest.mark.parametrize("value", [None, "", 3, "x", date(2026, 11, 25), "2026-99-99", HOSTILE])
@pytest.mark.parametrize("widget", INPUTS)
def test_an_input(widget: forms.Widget, value: object) -> None:
    assertHTMLEqual(widget.render("quantity", value, ATTRS), widget.render("quantity", value, ATTRS, DjangoTemplates()))


@pytest.mark.parametrize("value", [None, "", 0, "x\ny", "\n\nx", f"</textarea>{HOSTILE}"])
def test_a_text(value: object) -> None:
    widget = forms.Textarea(attrs={"rows": 1})
    plain, own = (widget.render("numbers", value, ATTRS, renderer()) for renderer in (PlainRenderer, DjangoTemplates))
    assertHTMLEqual(plain, own)
    assert plain.partition(">")[2] == own.partition(">")[2]


@pytest.mark.parametrize("value", [None, False, True, "on"])
def test_a_checkbox(value: object) -> None:
    widget = forms.CheckboxInput()
    assertHTMLEqual(widget.render("klar", value, ATTRS), widget.render("klar", value, ATTRS, DjangoTemplates()))


@pytest.mark.parametrize("suffix", ["", ":"])
def test_a_label(suffix: str) -> None:
    class Form(forms.Form):
        name = forms.CharField(label="Namn <i>")
        kind = forms.ChoiceField(label="Slag?", widget=forms.RadioSelect)

    for name in ("name", "kind"):
        plain, own = (
            Form(label_suffix=suffix, renderer=renderer)[name].label_tag(attrs={"title": HOSTILE})
            for renderer in (PlainRenderer(), DjangoTemplates())
        )
        assertHTMLEqual(plain, own)


def test_forms_are_written_so() -> None:
    assert isinstance(get_default_renderer(), PlainRenderer)


@pytest.mark.parametrize("value", [None, "", "HV000001", "<i>", "not among them"])
def test_a_choice(value: object) -> None:
    plain, own = (
        kind(choices=CHOICES, attrs={"required": True}).render("device", value, ATTRS)
        for kind in (PlainSelect, forms.Select)
    )
    assertHTMLEqual(plain, own)


@pytest.mark.parametrize(
    ("model", "by", "words"),
    [
        (Warehouse, "number", ["number", "name"]),
        (Party, "number", ["number", "name"]),
        (OrderSubtype, "code", ["name"]),
    ],
)
def test_a_choice_of_rows(world: World, model: type[models.Model], by: str, words: list[str]) -> None:
    plain = plain_choice(model, label="", by=by, words=words)
    own = forms.ModelChoiceField(model._default_manager.all(), to_field_name=by, empty_label="Alla")
    plain.queryset = model._default_manager.all()
    assertHTMLEqual(plain.widget.render("choice", None), own.widget.render("choice", None))
    assert len(plain.widget.choices) == model._default_manager.count() + 1 > 2


@pytest.mark.parametrize("empty_label", [None, "Alla"])
def test_whether_a_choice_of_rows_has_to_be_made(
    world: World, empty_label: str | None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plain = plain_choice(Warehouse, label="", empty_label=empty_label)
    own = forms.ModelChoiceField(Warehouse.objects.all(), empty_label=empty_label)
    plain.queryset = Warehouse.objects.all()
    expected = own.widget.use_required_attribute(None)
    with django_assert_num_queries(0):
        assert plain.widget.use_required_attribute(None) == expected
