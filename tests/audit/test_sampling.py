"""The monthly sample: random, the same for good, some of every unit, never from a month that goes on."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from audit.accessing import log_access
from audit.days import SWEDEN
from audit.models import AccessSample, Act, SampledVisit
from audit.operations.sampling import MonthHasNotEnded, draw_sample
from parties.models import Patient, User
from tests import factories
from tests.fixtures import Town

MONTH = date(2026, 3, 1)
STATEMENT = "DELETE FROM {}"
AFTER = datetime(2026, 4, 1, 0, 0, tzinfo=SWEDEN)
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=SWEDEN)


@pytest.fixture(autouse=True)
def three_of_each_unit(settings: Settings) -> None:
    settings.ACCESS_SAMPLE_PER_UNIT = 3


def look(patient: Patient, by: User, at: datetime = NOON, act: Act = Act.PATIENT) -> None:
    log_access(patient, act, by=by, unit=by.unit, at=at)


def drawn(seed: int = 1, month: date = MONTH) -> list[tuple[int, int, date]]:
    sample = AccessSample.objects.get(month=month)
    return list(sample.visits.order_by("pk").values_list("user", "patient", "day"))


def test_takes_some_of_every_unit_and_all_where_there_are_few(town: Town) -> None:
    for patient in factories.PatientFactory.create_batch(8, municipality=town.arvika):
        look(patient, town.anna)
        look(patient, town.anna)  # the same visit
    look(town.patient, town.hakan)
    draw_sample(month=MONTH, by=town.per, at=AFTER, seed=1)
    users = [user for user, _patient, _day in drawn()]
    assert (users.count(town.anna.pk), users.count(town.hakan.pk)) == (3, 1)


def test_stays_the_same(town: Town) -> None:
    for patient in factories.PatientFactory.create_batch(20, municipality=town.arvika):
        look(patient, town.anna)
    first = draw_sample(month=MONTH, by=town.per, at=AFTER)
    before = drawn()
    again = draw_sample(month=MONTH, by=town.hakan, at=AFTER + timedelta(days=5), seed=first.seed + 1)
    assert (again, drawn()) == (first, before)


def test_the_seed_says_which(town: Town) -> None:
    for patient in factories.PatientFactory.create_batch(20, municipality=town.arvika):
        for month in (3, 4, 5):
            look(patient, town.anna, NOON.replace(month=month))
    late = datetime(2026, 7, 1, tzinfo=SWEDEN)
    for month, seed in ((3, 1), (4, 1), (5, 2)):
        draw_sample(month=date(2026, month, 1), by=town.per, at=late, seed=seed)
    chosen = [[patient for _user, patient, _day in drawn(month=date(2026, month, 1))] for month in (3, 4, 5)]
    assert chosen[0] == chosen[1] != chosen[2]


@pytest.mark.parametrize(
    ("at", "is_in"),
    [
        (datetime(2026, 2, 28, 23, 59, tzinfo=SWEDEN), False),
        (datetime(2026, 3, 1, 0, 0, tzinfo=SWEDEN), True),
        (datetime(2026, 3, 31, 23, 59, tzinfo=SWEDEN), True),
        (datetime(2026, 4, 1, 0, 0, tzinfo=SWEDEN), False),
    ],
)
def test_the_month_is_the_swedish_one(town: Town, at: datetime, is_in: bool) -> None:
    look(town.patient, town.anna, at)
    draw_sample(month=MONTH, by=town.per, at=AFTER + timedelta(days=2))
    assert [day for _user, _patient, day in drawn()] == ([at.date()] if is_in else [])


def test_the_reviewers_own_looks_are_not_drawn(town: Town) -> None:
    look(town.patient, town.anna, act=Act.LOG_REVIEW)
    draw_sample(month=MONTH, by=town.per, at=AFTER)
    assert drawn() == []


def test_not_before_the_month_has_ended(town: Town) -> None:
    with pytest.raises(MonthHasNotEnded):
        draw_sample(month=MONTH, by=town.per, at=AFTER - timedelta(seconds=1))
    assert not AccessSample.objects.exists()


def test_is_never_changed(town: Town) -> None:
    look(town.patient, town.anna)
    draw_sample(month=MONTH, by=town.per, at=AFTER)
    for model in (SampledVisit, AccessSample):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(STATEMENT.format(model._meta.db_table))
