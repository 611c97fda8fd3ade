"""Reviews of the access log: only added, never of oneself, and nothing but an ordinary visit without a word."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import AccessReview, Outcome
from audit.operations.reviewing import CannotReview, record_review
from tests import factories
from tests.fixtures import Town

DAY = date(2026, 3, 2)


def review(town: Town, **changed: Any) -> AccessReview:
    values: dict[str, Any] = {
        "user": town.anna,
        "patient_id": town.patient.pk,
        "day": DAY,
        "seen_to": 7,
        "by": town.per,
    }
    return record_review(**values | {"outcome": Outcome.OK, "note": "", "at": town.now()} | changed)


def test_keeps_who_came_to_what(town: Town) -> None:
    made = review(town, outcome=Outcome.BREACH, note="Ingen vårdrelation.")
    assert (made.reviewer, made.outcome, made.note, made.seen_to) == (town.per, "BREACH", "Ingen vårdrelation.", 7)


def test_pressing_twice_keeps_one(town: Town) -> None:
    assert review(town) == review(town)
    assert AccessReview.objects.count() == 1


def test_a_later_one_is_added_and_holds(town: Town) -> None:
    review(town, outcome=Outcome.FOLLOW_UP, note="Frågar chefen.")
    last = review(town, note="Chefen har svarat.")
    assert AccessReview.objects.count() == 2
    assert AccessReview.objects.latest("pk") == last


@pytest.mark.parametrize("outcome", [Outcome.FOLLOW_UP, Outcome.BREACH])
def test_says_why(town: Town, outcome: Outcome) -> None:
    with pytest.raises(CannotReview, match="Skriv vad"):
        review(town, outcome=outcome)
    assert not AccessReview.objects.exists()


def test_nobody_reviews_oneself(town: Town) -> None:
    with pytest.raises(CannotReview, match="sin egen"):
        review(town, by=town.anna)
    assert not AccessReview.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE {} SET note = 'annat'", "DELETE FROM {}"])
def test_is_never_changed(town: Town, statement: str) -> None:
    made = review(town)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(AccessReview._meta.db_table))
    assert AccessReview.objects.get() == made


def test_the_database_refuses_too(town: Town) -> None:
    values: dict[str, Any] = {"user": town.anna, "patient": factories.PatientFactory.create(), "day": DAY, "seen_to": 1}
    for wrong in ({"reviewer": town.anna, "outcome": "OK"}, {"reviewer": town.per, "outcome": "BREACH"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            AccessReview.objects.create(**values, **wrong, at=town.now())
