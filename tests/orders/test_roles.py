"""The table of roles is the only one: the groups, the administration and the documentation say the same."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from orders.roles import ACTS, ADMINISTRATION, ROLE_PERMISSIONS, role_table
from parties.models import User, UserCustomer
from tests.factories import UserFactory
from tests.fixtures import Town

SECURITY = Path(__file__).resolve().parents[2] / "docs" / "security.md"


def markdown() -> str:
    """The table as docs/security.md has it; what this prints belongs there."""
    lines = [["", *ROLE_PERMISSIONS], ["---", *(":-:" for _ in ROLE_PERMISSIONS)]]
    lines += [[label, *("●" if may else "" for may in allowed)] for label, allowed in role_table()]
    return "\n".join(f"| {' | '.join(cells)} |".replace("  ", " ") for cells in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLE_PERMISSIONS)
def test_the_groups_have_the_permissions_of_the_table_and_no_others(role: str) -> None:
    granted = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    assert sorted(".".join(name) for name in granted) == sorted(ROLE_PERMISSIONS[role])


@pytest.mark.django_db
def test_there_are_no_other_groups() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLE_PERMISSIONS)


def test_the_table_says_every_permission() -> None:
    said = set(ACTS) | {permission for permissions in ADMINISTRATION.values() for permission in permissions}
    assert {permission for granted in ROLE_PERMISSIONS.values() for permission in granted} == said


def test_the_documentation_has_the_table() -> None:
    assert markdown() in SECURITY.read_text(encoding="utf-8"), f"docs/security.md should have:\n{markdown()}"


@pytest.fixture
def administrator(client: Client, town: Town) -> Client:
    client.force_login(UserFactory.create(role="Systemförvaltare", customer=town.region, is_staff=True))
    return client


def test_the_administration_shows_the_table(administrator: Client) -> None:
    page = administrator.get(reverse("admin:auth_group_changelist"))
    for label, allowed in role_table():
        cells = "".join(f"<td>{'Ja' if may else ''}</td>" for may in allowed)
        assertContains(page, f'<tr><th scope="row">{label}</th>{cells}</tr>', html=True)


def test_the_page_of_a_role_says_what_it_may_and_who_has_it(administrator: Client, town: Town) -> None:
    role = Group.objects.get(name="Förskrivare")
    link = UserCustomer.objects.get(user=town.lina)
    link.roles.add(role)
    page = administrator.get(reverse("admin:auth_group_change", args=[role.pk]))
    assertContains(page, "Förskriva, inom sin förskrivningsrätt")
    assert "Göra lagerflyttsorder" not in page.text
    everywhere = User.objects.filter(groups=role).count()
    assertContains(page, f'<div class="readonly">{everywhere + 1}</div>', html=True)
