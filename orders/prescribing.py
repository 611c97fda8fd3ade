"""The right to prescribe (förskrivningsrätt): what is outside it and who else may, and what soon ends."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from inventory.models import Article, Training, UserTraining
from parties.models import PrescribingRight, User, UserCustomer
from parties.prepared import prepared
from parties.sorting import swedish_order

from . import roles
from .models import Order

SOON = timedelta(days=30)
MOST_NAMED = 3


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


ENDINGS = """
    SELECT 'right', iso_prefix COLLATE swedish AS what, valid_until, is_temporary FROM parties_prescribingright AS it
    WHERE user_id = %(user)s AND valid_from <= %(on)s AND valid_until BETWEEN %(on)s AND %(soon)s AND NOT EXISTS (
        SELECT FROM parties_prescribingright AS other
        WHERE user_id = it.user_id AND starts_with(it.iso_prefix, other.iso_prefix)
            AND other.valid_from <= it.valid_until + 1
            AND (other.valid_until IS NULL OR other.valid_until > it.valid_until)
    )
    UNION ALL
    SELECT 'training', name, valid_until, false FROM inventory_usertraining AS it
    JOIN inventory_training AS training ON training.id = training_id
    WHERE user_id = %(user)s AND valid_until BETWEEN %(on)s AND %(soon)s AND NOT EXISTS (
        SELECT FROM inventory_usertraining AS other
        WHERE user_id = it.user_id AND training_id = it.training_id
            AND (other.valid_until IS NULL OR other.valid_until > it.valid_until)
    )
    ORDER BY 1, valid_until, what
"""
"""What ends and is not renewed: another right that takes over without a day between, the training once more."""


def endings(person: User, *, on: date) -> list[str]:
    """What of the person's right to prescribe ends within 30 days without being renewed, in sentences to themselves."""
    with prepared() as cursor:
        cursor.execute(ENDINGS, {"user": person.pk, "on": on, "soon": on + SOON})
        return [_ending(*row) for row in cursor.fetchall()]


def _ending(kind: str, what: str, day: date, is_temporary: bool) -> str:
    if kind == "training":
        return f"Utbildningen {what} gäller till och med {day}."
    iso = PrescribingRight(iso_prefix=what).formatted_iso
    return f"{'Tillfällig f' if is_temporary else 'F'}örskrivningsrätt för ISO {iso} upphör efter {day}."
