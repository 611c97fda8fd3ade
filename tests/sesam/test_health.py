from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_works_without_login(client: Client) -> None:
    response = client.get(reverse("health"))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_says_when_the_database_does_not_answer(client: Client) -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError):
        response = client.get(reverse("health"))
    assert (response.status_code, response.json()) == (503, {"status": "database"})


def test_only_reads(client: Client) -> None:
    assert client.post(reverse("health")).status_code == 405
