"""What the demo starts with: Värmland's organisation, invented people, articles, stock, and orders in every state."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from parties.models import Party

from .demo.access_log import add_looks, add_relations
from .demo.goods import add_articles, add_stock
from .demo.order_history import add_orders
from .demo.organization import CENTRAL, add_organization, add_patients, add_users
from .demo.rights import add_temporary_rights, add_trainings
from .demo.tables import rows


@transaction.atomic
def load(at: datetime) -> bool:
    """Load the demo data, with order times before `at`; False if it is there already, and then nothing changes."""
    if Party.objects.filter(number=CENTRAL).exists():
        return False
    add_organization()
    add_users(timezone.localdate(at))
    add_patients()
    add_articles()
    add_trainings(timezone.localdate(at))
    add_temporary_rights(timezone.localdate(at))
    add_stock(at - timedelta(days=30))
    add_relations(at)
    add_orders(at)
    add_looks(at)
    return True


def accounts() -> list[tuple[str, str, str, str]]:
    """User name, name, role and unit of each demo account."""
    names = {CENTRAL: "Hjälpmedelsservice"} | {row["customer_number"]: row["customer_name"] for row in rows("units")}
    return [
        (
            row["username"],
            row["name"],
            row["role"],
            " + ".join(f"{number} {names[number]}" for number in row["customers"].split()),
        )
        for row in rows("users")
    ]
