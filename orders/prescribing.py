"""The right to prescribe (förskrivningsrätt): what is outside it and who else may, and what soon ends."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from inventory.models import Article, Training, UserTraining
from parties.models import PrescribingRight, User, UserCustomer
from parties.reading import Reader
from parties.sorting import swedish_order

from . import roles
from .models import Order

SOON = timedelta(days=30)
MOST_NAMED = 3
RIGHTS = Reader(PrescribingRight)
TRAININGS = Reader(UserTraining, "training")


def refusals(prescriber: User, articles: Sequence[Article], *, municipalities: Collection[int], on: date) -> list[str]:
    """A sentence for each article that the prescriber may not prescribe that day, and who in the municipality may.

    The article's ISO 9999 group must be inside the right, and the training that the article demands completed.
    """
    prefixes = tuple(prescriber.prescribable_prefixes(on))
    demanded = {article.required_training_id for article in articles if article.required_training_id}
    trained: set[int] = set()
    if demanded:
        valid = UserTraining.objects.valid_on(on).filter(user=prescriber, training__in=demanded)
        trained.update(valid.values_list("training_id", flat=True))
    sentences = []
    for article in articles:
        if not article.iso_code.startswith(prefixes):
            reason = f"{prescriber.name} har inte förskrivningsrätt för {article} (ISO {article.formatted_iso})."
        elif article.required_training_id and article.required_training_id not in trained:
            training = Training.objects.get(pk=article.required_training_id)
            reason = f"{article} kräver utbildningen {training}, som {prescriber.name} inte har."
        else:
            continue
        sentences.append(f"{reason} {_who_may(article, municipalities, on=on)}")
    return sentences


def _who_may(article: Article, municipalities: Collection[int], *, on: date) -> str:
    people = prescribers_of(article, municipalities, on=on)[: MOST_NAMED + 1]
    names = [person.name for person in people]
    if not names:
        return "Ingen i kommunen får förskriva den i dag."
    if len(names) > MOST_NAMED:
        names[MOST_NAMED:] = ["flera andra"]
    return f"{' och '.join(filter(None, [', '.join(names[:-1]), names[-1]]))} får förskriva den."


def prescribers_of(article: Article, municipalities: Collection[int], *, on: date) -> list[User]:
    """Who may prescribe the article that day in one of the municipalities, by name."""
    role = Q(groups__permissions__codename=roles.CREATE_PRESCRIPTION.partition(".")[2])
    role_there = Q(roles__permissions__codename=roles.CREATE_PRESCRIPTION.partition(".")[2])
    here = Q(customer__parent__in=municipalities) | Q(customer__in=municipalities)
    units = UserCustomer.objects.filter(here, user=OuterRef("pk"))
    rights = PrescribingRight.objects.valid_on(on).covering(article.iso_code).filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(rights), is_active=True).filter(
        Exists(units.filter(role_there)) | (Exists(units) & Exists(User.objects.filter(role, pk=OuterRef("pk"))))
    )
    if article.required_training_id:
        done = UserTraining.objects.valid_on(on).filter(user=OuterRef("pk"), training=article.required_training_id)
        people = people.filter(Exists(done))
    return list(people.order_by(swedish_order("name"), "pk"))


def municipalities_of(order: Order) -> Collection[int]:
    """The order's municipality; before a customer is chosen, those of the orderer."""
    if order.municipality_id:
        return [order.municipality_id]
    return order.orderer.municipality_ids if order.orderer else []


def endings(person: User, *, on: date) -> list[str]:
    """What of the person's right to prescribe ends within 30 days without being renewed, in sentences to themselves."""
    rights = RIGHTS.read("it.user_id = %s ORDER BY it.valid_until, it.iso_prefix", [person.pk])
    trainings = TRAININGS.read("it.user_id = %s ORDER BY it.valid_until, training.name", [person.pk])
    sentences = [
        f"{'Tillfällig f' if right.is_temporary else 'F'}örskrivningsrätt för ISO {right.formatted_iso}"
        f" upphör efter {right.valid_until}."
        for right in rights
        if right.valid_from <= on
        and _ends_soon(right.valid_until, on)
        and not any(_renews(other, right) for other in rights)
    ]
    return sentences + [
        f"Utbildningen {done.training} gäller till och med {done.valid_until}."
        for done in trainings
        if _ends_soon(done.valid_until, on) and not any(_repeats(other, done) for other in trainings)
    ]


def _ends_soon(day: date | None, on: date) -> bool:
    return day is not None and on <= day <= on + SOON


def _renews(other: PrescribingRight, right: PrescribingRight) -> bool:
    """Whether another right takes over without a day between."""
    assert right.valid_until is not None
    reaches = right.iso_prefix.startswith(other.iso_prefix) and other.valid_from <= right.valid_until + timedelta(
        days=1
    )
    return reaches and (other.valid_until is None or other.valid_until > right.valid_until)


def _repeats(other: UserTraining, done: UserTraining) -> bool:
    assert done.valid_until is not None
    return other.training_id == done.training_id and (other.valid_until is None or other.valid_until > done.valid_until)
