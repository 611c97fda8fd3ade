"""Production is the default: it is safe, or it does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {"SESAM_DEMO": "0", "SESAM_DEBUG": "0", "SECRET_KEY": "s" * 60, "ALLOWED_HOSTS": "sesam.example.se"}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in {*PRODUCTION, "DATABASE_URL"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "sesam.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_needs_its_secrets(missing: str) -> None:
    done = manage("check", **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == f"Sesam is not configured: Set the {missing} environment variable"


def test_another_kind_of_database_is_refused() -> None:
    done = manage("check", **PRODUCTION, DATABASE_URL="sqlite:///sesam.db")
    assert done.returncode == 1
    assert "DATABASE_URL must name a PostgreSQL database" in done.stderr


def test_content_security_policy_is_enforced(client: Client) -> None:
    policy = client.get(reverse("login"))["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_passwords_are_kept_with_argon2() -> None:
    source = (ROOT / "sesam" / "settings.py").read_text(encoding="utf-8")
    hashers = source.partition("PASSWORD_HASHERS = [")[2]
    assert hashers.strip().startswith('"django.contrib.auth.hashers.Argon2PasswordHasher"')
    assert settings.AUTH_PASSWORD_VALIDATORS
