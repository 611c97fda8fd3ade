from collections.abc import Generator
from copy import copy
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.template import Template
from django.test.utils import _TestState
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from parties.models import User
    from tests.sesam.access_world import AccessWorld


@pytest.fixture(scope="module")
def access(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator["AccessWorld"]:
    """Built once for a module; its tests ask and roll back."""
    from tests.sesam.access_world import build_access_world  # models can be imported only when Django has been set up

    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        pytest.MonkeyPatch.context() as patch,
    ):
        # No copy of each context is kept for the tests, which takes a third of the time.
        patch.setattr(Template, "_render", _TestState.saved_data.template_render)  # type: ignore[attr-defined]
        yield _with_people_looked_up_once(build_access_world(), patch)
        transaction.set_rollback(True)


def _with_people_looked_up_once(access: "AccessWorld", patch: pytest.MonkeyPatch) -> "AccessWorld":
    """Nobody's role changes while the tables are walked: user, units and permissions are asked for once each.

    That halves the time of some thousand requests.
    """
    look_up, permissions = ModelBackend.get_user, ModelBackend._get_permissions  # type: ignore[attr-defined]
    people: dict[int, User | None] = {}
    known: dict[tuple[int, object, str], set[str]] = {}

    def get_user(self: ModelBackend, pk: int) -> "User | None":
        if pk not in people:
            people[pk] = look_up(self, pk)
            if user := people[pk]:
                _ = user.memberships
        return copy(people[pk])

    def get_permissions(self: ModelBackend, user: "User", obj: object, name: str) -> set[str]:
        key = (user.pk, user.acting and user.acting.pk, name)
        if key not in known:
            known[key] = permissions(self, user, obj, name)
        return known[key]

    patch.setattr(ModelBackend, "get_user", get_user)
    patch.setattr(ModelBackend, "_get_permissions", get_permissions)
    return access
