"""What a log reviewer asks the log for, and what the reviewer came to."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from audit.models import Outcome
from orders.access_flags import FLAGS
from orders.forms.overview import BETWEEN, LARGEST_ID, Day
from parties.identity import InvalidIdentityNumber, parse_identity_number
from parties.models import Party, Patient, SecurityEventKind, User
from parties.queries import patient_matches

SPAN = timedelta(days=30)
WHOM = ("patient", "anvandare", "enhet")


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=Day(),
        validators=BETWEEN,
        error_messages={"required": "Välj en dag.", "invalid": "Välj en dag."},
    )


class SpanForm(forms.Form):
    """A user and a span of days, the last month unless others are chosen."""

    anvandare = forms.CharField(label="Användarnamn", max_length=150, required=False)
    fran = _day("Från")
    till = _day("Till och med")

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        if data is not None:
            data = data.copy()
            data.setdefault("fran", (today - SPAN).isoformat())
            data.setdefault("till", today.isoformat())
        super().__init__(data, label_suffix="")

    def clean_anvandare(self) -> User | None:
        username = self.cleaned_data["anvandare"]
        user = User.objects.filter(username__iexact=username).first() if username else None
        if username and user is None:
            raise ValidationError(f"Det finns ingen användare {username}.")
        return user

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if (first := values.get("fran")) and (last := values.get("till")) and first > last:
            self.add_error("till", "Sista dagen kan inte ligga före den första.")
        return values


class SecurityForm(SpanForm):
    """What a page of security events shows."""

    field_order = ("anvandare", "handelse", "fran", "till")

    handelse = forms.ChoiceField(label="Händelse", choices=[("", "Alla"), *SecurityEventKind.choices], required=False)


class LogSearchForm(SpanForm):
    """By patient, user or unit, within a span of days.

    An identity number is posted only: in the address the patient stands by the reference that the log shows.
    """

    nummer = forms.CharField(
        label="Patientens identitetsnummer",
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    patient = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, widget=forms.HiddenInput)
    enhet = forms.CharField(label="Enhetens nummer", max_length=20, required=False)
    flagga = forms.ChoiceField(
        label="Flagga", choices=[("", "Alla"), *((flag.name, flag.label) for flag in FLAGS)], required=False
    )
    efter = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, user: User, today: date) -> None:
        super().__init__(data, today=today)
        self.user = user
        self.found: Patient | None = None

    def clean_nummer(self) -> str:
        text: str = self.cleaned_data["nummer"]
        if not text:
            return text
        try:
            parse_identity_number(text)
        except InvalidIdentityNumber as error:
            raise ValidationError(str(error)) from error
        self.found = reviewable_patients(self.user).filter(patient_matches(text)).first()
        if self.found is None:
            raise ValidationError("Det finns ingen patient med det numret.")
        return text

    def clean_patient(self) -> Patient | None:
        if self.found:
            return self.found
        pk = self.cleaned_data["patient"]
        patient = reviewable_patients(self.user).filter(pk=pk).first() if pk else None
        if pk and patient is None:
            raise ValidationError("Det finns ingen sådan patient.")
        return patient

    def clean_enhet(self) -> Party | None:
        number = self.cleaned_data["enhet"]
        unit = Party.objects.filter(number__iexact=number).first() if number else None
        if number and unit is None:
            raise ValidationError(f"Det finns ingen enhet {number}.")
        return unit

    @property
    def has_whom(self) -> bool:
        return self.is_valid() and any(self.cleaned_data[name] for name in WHOM)


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Utfall",
        choices=[("", "Välj utfall"), *Outcome.choices],
        error_messages={"required": "Välj vad du kom fram till.", "invalid_choice": "Välj ett utfall i listan."},
    )
    note = forms.CharField(label="Anteckning", max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))
    seen_to = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=LARGEST_ID)


class MonthForm(forms.Form):
    """A month as the address says it: `2026-10`."""

    manad = forms.DateField(
        label="Månad",
        input_formats=["%Y-%m"],
        validators=BETWEEN,
        error_messages={"invalid": "Skriv månaden som 2026-10."},
    )


def reviewable_patients(user: User) -> QuerySet[Patient]:
    """The patients that a log reviewer may ask the log about: the own municipality's, or all."""
    if user.sees_whole_log:
        return Patient.objects.all()
    return Patient.objects.filter(municipality__in=user.municipality_ids)
