"""An administrator and a municipality with customers, for the tests of the administration.

Models can be imported only when Django has been set up.
"""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from parties.models import Party, User


@pytest.fixture
def administrator(db: None) -> "User":
    from tests.parties.administering import make_administrator

    return make_administrator()


@pytest.fixture
def admin_client(administrator: "User") -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def municipality(db: None) -> "Party":
    from parties.models import Party

    return Party.objects.create(number="1784", name="Arvika kommun", is_municipality=True)


@pytest.fixture
def customers(municipality: "Party") -> "list[Party]":
    from parties.models import Party

    return [
        Party.objects.create(number=number, name=number, is_customer=True, parent=municipality)
        for number in ("50101", "50102", "50103")
    ]
