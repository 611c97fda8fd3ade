import re
import uuid
from typing import Any

from django import forms

from inventory.models import Article, Device
from orders.forms.article_rows import MAX_QUANTITY


class CountForm(forms.Form):
    """What was counted of one article: a number of units, or for a numbered article the devices."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    counted = forms.IntegerField(label="Räknat antal", min_value=0, max_value=MAX_QUANTITY)
    devices = forms.CharField(
        label="Individer som finns på plats",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Skanna eller skriv individnumren, skilda med mellanslag. Tomt betyder att ingen finns.",
    )
    note = forms.CharField(label="Anteckning", max_length=200, required=False)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        del self.fields["counted" if article.is_numbered else "devices"]

    def clean_devices(self) -> list[Device]:
        numbers = {number for number in re.split(r"[\s,;]+", self.cleaned_data["devices"].upper()) if number}
        found = {device.number: device for device in Device.objects.filter(number__in=numbers, article=self.article)}
        if unknown := sorted(numbers - set(found)):
            raise forms.ValidationError(f"{self.article} har ingen individ {unknown[0]}.")
        return list(found.values())
