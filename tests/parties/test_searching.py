"""Words of names and beginnings of numbers: what they find, and that an index finds it."""

from functools import partial

import pytest

from parties.models import Party, Patient, User
from parties.queries import patient_matches
from parties.searching import name_matches, number_or_name
from parties.sorting import swedish_order
from tests.factories import CareUnitFactory, MunicipalityFactory, PatientFactory, UserFactory
from tests.planning import fill, plans_of

pytestmark = pytest.mark.django_db

ODD = ["", "a", "å" * 500, "%", "_", "%%%", "a%b", "'", '"', "שלום עולם", "🦽", "-", "1 " * 40, "\\", "x_", "  "]
ODD += [" ".join(f"ord{n}" for n in range(40)), "9" * 400, "\N{RIGHT-TO-LEFT OVERRIDE}abc"]


@pytest.mark.parametrize(
    "text", ["01-05", "01", "björk", "BJÖRK", "backen björk", "bj", "björkbacken hus b", "hus", "ii", "o'brien", "b-2"]
)
def test_numbers_begin_and_words_are_anywhere(text: str) -> None:
    unit = CareUnitFactory.create(number="01-05", name="Björkbacken hus B-2 II O'Brien")
    CareUnitFactory.create(number="02-01", name="Gullvivan")
    assert Party.objects.filter(number_or_name(text)).get() == unit


@pytest.mark.parametrize("text", ["05", "ackenn", "en", "björk gull", "gul%", "%"])
def test_what_is_no_word_of_the_name_finds_nothing(text: str) -> None:
    CareUnitFactory.create(number="01-05", name="Björkbacken")
    assert not Party.objects.filter(number_or_name(text)).exists()


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_answers_whatever_is_typed(text: str) -> None:
    municipality = MunicipalityFactory.create(number="1784", name="Kommun")
    PatientFactory.create(municipality=municipality, name="Ly Bo")
    assert list(Party.objects.filter(number_or_name(text))) == []
    assert list(Patient.objects.filter(patient_matches(text))) == []


def test_names_are_never_scanned() -> None:
    town = MunicipalityFactory.create()
    person = UserFactory.create()
    for table in ("parties_party", "parties_user", "parties_patient"):
        fill(table, parent=town.pk)

    def look(text: str) -> None:
        by_name = swedish_order("name")
        list(Party.objects.filter(number_or_name(text)).order_by(by_name)[:6])
        list(User.objects.filter(name_matches(text)).order_by(by_name)[:6])
        list(User.objects.filter(username__istartswith=text or "x").order_by("username")[:6])
        list(User.objects.filter(username__iexact=person.username))
        list(Patient.objects.filter(patient_matches(text), municipality=town).order_by(by_name)[:6])

    for text in ["0a1b2", "ab", "a", "per 0a1b2 son", *ODD]:
        for plan in plans_of(partial(look, text)):
            assert "Seq Scan" not in plan, (text, plan)
