"""The receipt page: for each article what was counted, fit and damaged; what is missing or extra follows from it.

Below it, what came without being on the delivery.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict

from inventory.models import Article, Device
from orders.models import DeliveryLine
from orders.operations.counted import Counted, DeliveryCannotBeReceived, Unsent, difference_of

from .article_rows import APART, MAX_QUANTITY, NUMBER_LENGTH, ArticleRow, article_rows, numbers_field, with_more_rows

UNSENT = "annan"
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
            max_value=MAX_QUANTITY,
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
        """The devices that the numbers name, none of them among those that were sent."""
        devices = devices_named(self.cleaned_data["extra"], self.article)
        sent = {line.device_id for line in self.lines}
        for device in devices:
            if device.pk in sent:
                raise forms.ValidationError(f"Individ {device} skickades. Ange den på sin rad.")
        return tuple(device.pk for device in devices)

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


class UnsentForm(ArticleRow):
    """One row: an article that came without being on the delivery; of a numbered one the devices."""

    of_devices = ("devices",)

    devices = numbers_field("Individnummer", NUMBER_LENGTH)
    reason = forms.CharField(label="Orsak", max_length=200, required=False)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("article") and not self.errors and not self.cleaned_data["reason"]:
            self.add_error("reason", "Skriv vad som har hänt.")

    def _clean_numbered(self, article: Article) -> None:
        try:
            devices = devices_named(self.cleaned_data["devices"], article)
        except forms.ValidationError as error:
            self.add_error("devices", error)
            return
        if not devices:
            self.add_error("devices", f"{article} är individmärkt. Skriv numret på varje individ som kom.")
            return
        self._require_as_many(len(devices))
        self.cleaned_data |= {"quantity": len(devices), "device_ids": tuple(device.pk for device in devices)}

    @property
    def unsent(self) -> Unsent | None:
        """What the valid row says came; None for an empty row."""
        values = self.cleaned_data
        if not values.get("article"):
            return None
        return Unsent(
            article=values["article"],
            quantity=values["quantity"],
            device_ids=values.get("device_ids", ()),
            reason=values["reason"],
        )

    def refuse(self, message: str) -> None:
        """Show here what the operation answered."""
        self.add_error("article", message)


UnsentRows = article_rows(UnsentForm, shown=2)


def devices_named(numbers: str, article: Article) -> list[Device]:
    """The devices of the article whose numbers were typed or scanned. Raises ValidationError."""
    wanted = list(dict.fromkeys(filter(None, APART.split(numbers.upper()))))
    known = {device.number: device for device in Device.objects.filter(number__in=wanted).select_related("article")}
    for number in wanted:
        if number not in known:
            raise forms.ValidationError(f"Individ {number[:20]} finns inte. Kontrollera numret.")
        if known[number].article_id != article.pk:
            raise forms.ValidationError(f"Individ {number} är {known[number].article}.")
    return [known[number] for number in wanted]


class ReceiptForms:
    """The whole page. Unbound it says that everything came and nothing else."""

    def __init__(self, data: QueryDict | None, lines: Sequence[DeliveryLine]) -> None:
        self.is_bound = data is not None
        self.wants_rows = data is not None and "more" in data
        if data and self.wants_rows:
            data = with_more_rows(data, UnsentRows, UNSENT)
        self.counts = count_forms(data, lines)
        self.rows = UnsentRows(data, prefix=UNSENT)

    def is_valid(self) -> bool:
        return all([*(form.is_valid() for form in self.counts), self.rows.is_valid()])

    def has_rows(self) -> bool:
        """Whether something is written of what was not sent, or room asked for to write it."""
        return self.wants_rows or any(row.has_changed() for row in self.rows)

    def counted(self) -> dict[int, Counted]:
        return {pk: line for form in self.counts for pk, line in form.counted().items()} if self.is_bound else {}

    def unsent(self) -> list[Unsent]:
        return [other for _, other in self._filled()]

    def refuse(self, error: DeliveryCannotBeReceived) -> bool:
        """Show the refusal where it belongs; false where it belongs nowhere."""
        if not self.is_bound:
            return False
        if error.row is not None:
            self._filled()[error.row][0].refuse(str(error))
            return True
        form = next((form for form in self.counts if error.line_id in form.counted()), None)
        if form:
            form.refuse(str(error))
        return form is not None

    def _filled(self) -> list[tuple[UnsentForm, Unsent]]:
        return [(row, row.unsent) for row in self.rows if row.unsent] if self.is_bound else []


def count_forms(data: QueryDict | None, lines: Sequence[DeliveryLine]) -> list[CountForm]:
    """A form for each article of the delivery. The lines stand by order line and have their article and device."""
    forms: list[CountForm] = []
    for order_line, same in groupby(lines, key=lambda line: line.order_line):
        kind = DevicesForm if order_line.article.is_numbered else QuantityForm
        forms.append(kind(data, lines=list(same)))
    return forms
