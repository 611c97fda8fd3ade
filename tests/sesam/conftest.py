from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.sesam.access_world import AccessWorld


@pytest.fixture(scope="module")
def access(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator["AccessWorld"]:
    """Built once for a module; its tests ask and roll back."""
    from tests.sesam.access_world import build_access_world  # models can be imported only when Django has been set up

    with django_db_blocker.unblock(), transaction.atomic():
        yield build_access_world()
        transaction.set_rollback(True)
