"""What limits who prescribes: a training that lifts demand, and rights that end soon."""

from datetime import date, timedelta

from inventory.models import Article, Training, UserTraining
from parties.models import PrescribingRight, User

LIFTS = "1236"  # ISO 9999: devices for lifting persons
ENDS_SOON = timedelta(days=20)


def add_trainings(today: date) -> None:
    """Anna has the training, Sara's ends soon, and in Filipstad nobody has it."""
    training = Training.objects.create(
        name="Personlyft och lyftsele", description="Halv dag hos Hjälpmedelsservice, med praktiskt prov."
    )
    Article.objects.filter(iso_code__startswith=LIFTS).update(required_training=training)
    ends = {"anbe01": None, "saek01": today + ENDS_SOON}
    UserTraining.objects.bulk_create(
        UserTraining(
            user=User.objects.get(username=username),
            training=training,
            completed_on=today - timedelta(days=300),
            valid_until=until,
        )
        for username, until in ends.items()
    )


def add_temporary_rights(today: date) -> None:
    """Johan prescribes hygiene articles for a colleague on leave, and the time is soon over."""
    PrescribingRight.objects.create(
        user=User.objects.get(username="jolu01"),
        iso_prefix="0933",
        valid_from=today - timedelta(days=70),
        valid_until=today + ENDS_SOON,
        is_temporary=True,
        basis="Verksamhetschefen, som vikarie",
    )
