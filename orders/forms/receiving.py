"""The receipt page: for each article what was counted, fit and damaged; what is missing or extra follows from it."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict

from inventory.models import Device
from orders.models import DeliveryLine
from orders.operations.counted import Counted, difference_of

MOST = 9_999
FIT, MISSING, DAMAGED = "hel", "saknas", "skadad"
STATES = [(FIT, "Mottagen"), (MISSING, "Saknas"), (DAMAGED, "Skadad")]


class CountForm(forms.Form):
    """What is common: the lines counted together (one, or a numbered article's devices), and why it differs."""

    reason = forms.CharField(label="Orsak", max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, lines: Sequence[DeliveryLine]) -> None:
        super().__init__(data, prefix=f"rad-{lines[0].pk}")
        self.lines = lines
        self.article = lines[0].order_line.article
        self.sent = sum(line.quantity for line in lines)
        self.fields["reason"].widget.attrs |= {"placeholder": "Om något skiljer sig"}
        self._make_fields()
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label} {self.article}"
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["reason"]:
            self._require_reason()
        return self.cleaned_data

    def counted(self) -> dict[int, Counted]:
        """What each delivery line's part of it is, by pk."""
        raise NotImplementedError

    def refuse(self, message: str) -> None:
        """Show here what the operation answered."""
        self.add_error("reason", message)

    def _make_fields(self) -> None:
        raise NotImplementedError

    def _require_reason(self) -> None:
        if differs := difference_of(self.counted().values()):
            self.add_error("reason", f"{self.sent} skickades. Skriv varför det skiljer sig: {differs}.")


class QuantityForm(CountForm):
    """How many are fit for use and how many are damaged. More than was sent is extra, less is missing."""

    def _make_fields(self) -> None:
        words = {
            "invalid": "Skriv antalet som ett heltal.",
            "min_value": "Antalet kan inte vara mindre än 0.",
            "max_value": f"Kontrollera antalet. {self.sent} skickades.",
        }
        self.fields["received"] = forms.IntegerField(
            label="Mottaget",
            min_value=0,
            max_value=MOST,
            initial=self.sent,
            error_messages=words | {"required": "Skriv hur många som kom, 0 om inget kom."},
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        self.fields["damaged"] = forms.IntegerField(
            label="Skadat",
            min_value=0,
            max_value=self.sent,
            initial=0,
            required=False,
            error_messages=words | {"max_value": f"{self.sent} skickades. Fler än så kan inte vara skadade."},
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )

    def counted(self) -> dict[int, Counted]:
        fit, damaged = self.cleaned_data["received"], self.cleaned_data["damaged"] or 0
        extra = max(fit + damaged - self.sent, 0)
        return {
            self.lines[0].pk: Counted(
                received=fit - extra,
                missing=max(self.sent - fit - damaged, 0),
                damaged=damaged,
                extra=extra,
                reason=self.cleaned_data["reason"],
            )
        }


class DevicesForm(CountForm):
    """Each device that was sent: received, missing or damaged; and the numbers of those that came besides."""

    def _make_fields(self) -> None:
        for line in self.lines:
            self.fields[f"device_{line.device_id}"] = forms.ChoiceField(
                label=f"Individ {line.device}", choices=STATES, initial=FIT
            )
        self.fields["extra"] = forms.CharField(
            label="Fler individer",
            max_length=2_000,
            required=False,
            widget=forms.TextInput(attrs={"placeholder": "Nummer, om fler kom"}),
        )

    def device_fields(self) -> list[tuple[DeliveryLine, forms.BoundField]]:
        return [(line, self[f"device_{line.device_id}"]) for line in self.lines]

    def clean_extra(self) -> tuple[int, ...]:
        """The devices that the numbers name: known, of the article, and not among those that were sent."""
        numbers = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["extra"].strip().upper())))
        numbers = [number for number in numbers if number]
        known = {
            device.number: device for device in Device.objects.filter(number__in=numbers).select_related("article")
        }
        sent = {line.device_id for line in self.lines}
        for number in numbers:
            device = known.get(number)
            if device is None:
                raise forms.ValidationError(f"Individ {number[:20]} finns inte. Kontrollera numret.")
            if device.article_id != self.article.pk:
                raise forms.ValidationError(f"Individ {number} är {device.article}.")
            if device.pk in sent:
                raise forms.ValidationError(f"Individ {number} skickades. Ange den på sin rad.")
        return tuple(known[number].pk for number in numbers)

    def counted(self) -> dict[int, Counted]:
        reason, extra = self.cleaned_data["reason"], self.cleaned_data["extra"]
        counted = {}
        for line in self.lines:
            state = self.cleaned_data[f"device_{line.device_id}"]
            first = line is self.lines[0]
            counted[line.pk] = Counted(
                received=int(state == FIT),
                missing=int(state == MISSING),
                damaged=int(state == DAMAGED),
                extra=len(extra) if first else 0,
                extra_device_ids=extra if first else (),
                reason=reason,
            )
        return counted


def count_forms(data: QueryDict | None, lines: Sequence[DeliveryLine]) -> list[CountForm]:
    """A form for each article of the delivery. The lines stand by order line and have their article and device."""
    forms: list[CountForm] = []
    for order_line, same in groupby(lines, key=lambda line: line.order_line):
        kind = DevicesForm if order_line.article.is_numbered else QuantityForm
        forms.append(kind(data, lines=list(same)))
    return forms
