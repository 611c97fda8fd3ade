"""Which looks at patients the log review points at."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from audit.accessing import log_access
from audit.models import Act
from orders.access_flags import flags_of, read_flagged
from parties.models import CareRelation, Patient, User
from tests import factories
from tests.fixtures import Town

DAY = datetime(2026, 3, 9, 14, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def labels(
    town: Town, *, at: datetime = DAY, by: User | None = None, act: Act = Act.PATIENT, emergency: bool = False
) -> list[str]:
    """The flags of one look at the patient."""
    patient = Patient.objects.get(pk=town.patient.pk)
    by = by or town.anna
    log_access(patient, act, by=by, unit=by.unit, at=at, is_emergency=emergency)
    (entry,) = read_flagged("it.id = (SELECT max(id) FROM audit_accesslogentry)", {}, town.hakan)
    return [flag.label for flag in flags_of(entry)]


@pytest.fixture
def related(town: Town) -> CareRelation:
    return CareRelation.objects.create(
        patient=town.patient, unit=town.rehab, since="2026-03-01", registered_by=town.anna
    )


@pytest.mark.usefixtures("related")
class TestRelated:
    def test_an_ordinary_look_has_none(self, town: Town) -> None:
        assert labels(town) == []

    def test_an_emergency_opening(self, town: Town) -> None:
        assert labels(town, act=Act.EMERGENCY, emergency=True) == ["Nödöppning"]

    def test_a_protected_patient(self, town: Town) -> None:
        Patient.objects.update(protection="CONF")
        assert labels(town) == ["Skyddad identitet"]

    @pytest.mark.parametrize(
        ("name", "flags"),
        [
            ("Astrid Fröding", ["Eget namn", "Samma efternamn"]),
            ("Anna Maria FRÖDING", ["Samma efternamn"]),
            ("Fröding", ["Samma efternamn"]),
            ("Anna Nordfröding", []),
        ],
    )
    def test_names(self, town: Town, name: str, flags: list[str]) -> None:
        User.objects.filter(pk=town.anna.pk).update(name=name)
        assert labels(town) == flags

    @pytest.mark.parametrize(
        ("street", "code", "flags"),
        [("exempelvägen 3", "67100", ["Samma adress"]), ("Exempelvägen 4", "671 00", []), ("", "", [])],
    )
    def test_addresses(self, town: Town, street: str, code: str, flags: list[str]) -> None:
        Patient.objects.update(street="Exempelvägen 3" if street else "", postal_code="671 00" if code else "")
        User.objects.filter(pk=town.anna.pk).update(home_street=street, home_postal_code=code)
        assert labels(town) == flags

    @pytest.mark.parametrize(
        ("clock", "flags"), [("21:59", []), ("22:00", ["Natt"]), ("05:59", ["Natt"]), ("06:00", [])]
    )
    def test_night_is_in_swedish_time(self, town: Town, clock: str, flags: list[str]) -> None:
        hour, minute = clock.split(":")
        assert labels(town, at=DAY.replace(hour=int(hour), minute=int(minute))) == flags


class TestRelation:
    def test_without_any(self, town: Town) -> None:
        assert labels(town) == ["Ingen vårdrelation"]

    def test_one_that_had_ended_or_had_not_begun(self, town: Town, related: CareRelation) -> None:
        CareRelation.objects.update(until="2026-03-08")
        assert labels(town) == ["Ingen vårdrelation"]
        CareRelation.objects.update(since="2026-03-12", until=None)
        assert labels(town) == ["Ingen vårdrelation"]

    def test_another_units(self, town: Town, related: CareRelation) -> None:
        other = factories.CustomerFactory.create(parent=town.arvika)
        assert labels(town, by=factories.UserFactory.create(customer=other)) == ["Ingen vårdrelation"]

    def test_an_order_before_or_within_a_day_after(self, town: Town) -> None:
        town.stock(town.central, town.chair, 5)
        order = town.register("forskrivning", {town.chair: 1})
        CareRelation.objects.all().delete()
        assert order.registered_at
        assert labels(town, at=order.registered_at - timedelta(hours=2)) == []
        assert labels(town, at=order.registered_at - timedelta(days=2)) == ["Ingen vårdrelation"]

    def test_the_central_service_sees_whom_it_delivers_to(self, town: Town) -> None:
        assert labels(town, by=town.hakan) == ["Ingen vårdrelation"]
        town.stock(town.central, town.chair, 5)
        town.register("forskrivning", {town.chair: 1})
        assert labels(town, by=town.hakan) == []

    def test_the_review_itself_has_none(self, town: Town) -> None:
        assert labels(town, act=Act.LOG_REVIEW) == []
