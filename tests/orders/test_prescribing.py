"""The right to prescribe one article: ISO group, dates, training; who else may; what ends soon."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from inventory.models import Training, UserTraining
from orders.operations.registering import OrderCannotBeRegistered, register_order
from orders.prescribing import endings, prescribers_of, refusals
from parties.models import PrescribingRight, User
from tests.factories import UserFactory
from tests.fixtures import Town

from .wizard import post, url

DAY = date(2026, 3, 2)


def prescriber(town: Town, name: str, *prefixes: str) -> User:
    return UserFactory.create(name=name, role="Förskrivare", customer=town.rehab, prescribes=prefixes)


def said(town: Town, person: User) -> list[str]:
    return refusals(person, [town.chair, town.walker], municipalities=[town.arvika.pk], on=DAY)


@pytest.fixture
def training(town: Town) -> Training:
    """What the chair demands."""
    town.chair.required_training = Training.objects.create(name="Säker dusch")
    town.chair.save()
    return town.chair.required_training


def test_an_article_inside_the_right_is_not_refused(town: Town) -> None:
    assert said(town, town.anna) == []


def test_the_sentence_says_which_colleagues_may(town: Town) -> None:
    nils = prescriber(town, "Nils Ny", "1206")
    refused = "Nils Ny har inte förskrivningsrätt för 14710 Duschpall (ISO 09 33 07)."
    assert said(town, nils) == [f"{refused} Anna Bergqvist får förskriva den."]
    prescriber(town, "Åsa Ek", "0933")
    assert said(town, nils) == [f"{refused} Anna Bergqvist och Åsa Ek får förskriva den."]
    prescriber(town, "Bo Ek", "093307")
    assert said(town, nils) == [f"{refused} Anna Bergqvist, Bo Ek och Åsa Ek får förskriva den."]
    prescriber(town, "Ceder Ek", "09")
    assert said(town, nils) == [f"{refused} Anna Bergqvist, Bo Ek, Ceder Ek och flera andra får förskriva den."]


def test_who_may_not_is_not_named(town: Town) -> None:
    """Another municipality, no role, no right today, a right to something else, somebody who has left."""
    assert town.other_prescriber not in prescribers_of(town.chair, [town.arvika.pk], on=DAY)
    UserFactory.create(name="Utan Roll", customer=town.rehab, prescribes=["09"])
    ended, later, gone = (prescriber(town, name, "09") for name in ("Slut", "Sen", "Borta"))
    ended.prescribing_rights.update(valid_until=DAY - timedelta(days=1))
    later.prescribing_rights.update(valid_from=DAY + timedelta(days=1))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    prescriber(town, "Annat", "0912")
    assert prescribers_of(town.chair, [town.arvika.pk], on=DAY) == [town.anna]


def test_a_role_held_at_one_unit_counts_there(town: Town) -> None:
    nils = UserFactory.create(name="Nils Ny", customer=town.rehab, prescribes=["09"])
    nils.customer_links.get().roles.add(Group.objects.get(name="Förskrivare"))
    assert prescribers_of(town.chair, [town.arvika.pk], on=DAY) == [town.anna, nils]
    assert prescribers_of(town.chair, [town.other_store.owner.parent_id or 0], on=DAY) == [town.other_prescriber]


def test_an_article_can_demand_a_training(town: Town, training: Training) -> None:
    start = "14710 Duschpall kräver utbildningen Säker dusch, som Anna Bergqvist inte har."
    assert said(town, town.anna) == [f"{start} Ingen i kommunen får förskriva den i dag."]
    nils = prescriber(town, "Nils Ny", "09", "12")
    UserTraining.objects.create(user=nils, training=training, completed_on=DAY)
    assert said(town, nils) == []
    assert said(town, town.anna) == [f"{start} Nils Ny får förskriva den."]
    mine = UserTraining.objects.create(
        user=town.anna, training=training, completed_on=date(2024, 1, 1), valid_until=DAY - timedelta(days=1)
    )
    assert said(town, town.anna) == [f"{start} Nils Ny får förskriva den."]
    mine.valid_until = DAY
    mine.save()
    assert said(town, town.anna) == []


def test_a_training_is_demanded_in_every_step(client: Client, town: Town, training: Training) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.draft("forskrivning", {town.chair: 1})
    with pytest.raises(OrderCannotBeRegistered, match="Säker dusch"):
        register_order(order_id=order.pk, by=town.anna, at=town.now())
    client.force_login(town.anna)
    response = post(client, "lines", order, article=town.chair.number, quantity="1")
    assertContains(response, "kräver utbildningen Säker dusch", status_code=422)
    assert town.line(order).quantity == 1
    UserTraining.objects.create(user=town.anna, training=training, completed_on=date(2026, 1, 1))
    assert register_order(order_id=order.pk, by=town.anna, at=town.now()).number


def test_what_ends_soon_is_told(town: Town) -> None:
    rights = town.anna.prescribing_rights
    rights.filter(iso_prefix="12").update(valid_until=DAY + timedelta(days=31))
    assert endings(town.anna, on=DAY) == []
    rights.filter(iso_prefix="12").update(valid_until=DAY + timedelta(days=30), is_temporary=True)
    rights.filter(iso_prefix="09").update(iso_prefix="0933", valid_until=DAY)
    assert endings(town.anna, on=DAY) == [
        "Förskrivningsrätt för ISO 09 33 upphör efter 2026-03-02.",
        "Tillfällig förskrivningsrätt för ISO 12 upphör efter 2026-04-01.",
    ]
    rights.update(valid_from=DAY + timedelta(days=1), valid_until=DAY + timedelta(days=2))
    assert endings(town.anna, on=DAY) == [], "it has not begun"
    rights.update(valid_from=DAY - timedelta(days=9), valid_until=DAY - timedelta(days=1))
    assert endings(town.anna, on=DAY) == []


@pytest.mark.parametrize(
    ("prefix", "starts", "is_renewed"),
    [("12", 11, True), ("1206", 11, True), ("12", 12, False), ("120606", 11, False), ("09", 0, False)],
)
def test_what_is_renewed_does_not_end(town: Town, prefix: str, starts: int, is_renewed: bool) -> None:
    """A right to 12 06 until the tenth day; another starts the day after, or too late, or reaches too little."""
    town.anna.prescribing_rights.all().delete()
    ends = DAY + timedelta(days=10)
    PrescribingRight.objects.create(user=town.anna, iso_prefix="1206", valid_from=DAY, valid_until=ends)
    PrescribingRight.objects.create(user=town.anna, iso_prefix=prefix, valid_from=DAY + timedelta(days=starts))
    assert (endings(town.anna, on=DAY) == []) is is_renewed


def test_a_training_that_ends_is_told(town: Town, training: Training) -> None:
    ends = DAY + timedelta(days=5)
    UserTraining.objects.create(user=town.anna, training=training, completed_on=date(2025, 1, 1), valid_until=ends)
    assert endings(town.anna, on=DAY) == ["Utbildningen Säker dusch gäller till och med 2026-03-07."]
    UserTraining.objects.create(user=town.anna, training=training, completed_on=DAY)
    assert endings(town.anna, on=DAY) == []


def test_the_start_page_and_the_tick_warn(client: Client, town: Town) -> None:
    order = town.draft("forskrivning", {town.chair: 1})
    client.force_login(town.anna)
    pages = [reverse("home"), url("parties", order)]
    for page in pages:
        assertNotContains(client.get(page), "Snart slut")
    until = timezone.localdate() + timedelta(days=9)
    town.anna.prescribing_rights.filter(iso_prefix="09").update(valid_until=until)
    for page in pages:
        assertContains(client.get(page), f"Förskrivningsrätt för ISO 09 upphör efter {until}.")
    requisition = town.draft("bestallning", {town.chair: 1}, orderer=town.anna)
    assertNotContains(client.get(url("parties", requisition)), "Snart slut")
    client.force_login(town.lina)
    assertNotContains(client.get(reverse("home")), "Snart slut")
