"""Production is the default: it is safe, or it does not start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SESAM_DEMO": "0",
    "SESAM_DEBUG": "0",
    "SECRET_KEY": "".join(f"{n:x}k" for n in range(60)),
    "ALLOWED_HOSTS": "sesam.example.se",
    "OIDC_ISSUER": "https://idp.example.se",
    "OIDC_CLIENT_ID": "sesam",
    "OIDC_CLIENT_SECRET": "hemligt",
    "OIDC_AUTHORIZATION_ENDPOINT": "https://idp.example.se/authorize",
    "OIDC_TOKEN_ENDPOINT": "https://idp.example.se/token",
    "OIDC_USERINFO_ENDPOINT": "https://idp.example.se/userinfo",
    "OIDC_JWKS_ENDPOINT": "https://idp.example.se/jwks",
    "OIDC_END_SESSION_ENDPOINT": "https://idp.example.se/logout?x=1",
}
SECRETS = [name for name in PRODUCTION if name not in ("SESAM_DEMO", "SESAM_DEBUG", "OIDC_ISSUER")]
SECRETS.remove("OIDC_END_SESSION_ENDPOINT")  # not every provider has one


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return start("manage.py", *arguments, **environment)


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {*PRODUCTION, "DATABASE_URL", "ACCESS_LOG_YEARS"}
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "sesam.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", SECRETS)
def test_production_needs_its_secrets(missing: str) -> None:
    done = manage("check", **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == f"Sesam is not configured: Set the {missing} environment variable"


@pytest.mark.parametrize("key", ["kort", "django-insecure-" + "s" * 60, "s" * 60])
def test_a_key_that_can_be_guessed_is_refused(key: str) -> None:
    done = manage("check", **PRODUCTION | {"SECRET_KEY": key})
    assert done.returncode == 1
    assert "SECRET_KEY is too easy to guess" in done.stderr


def test_somebody_must_be_able_to_log_in() -> None:
    without = {name: value for name, value in PRODUCTION.items() if not name.startswith("OIDC")}
    done = manage("check", **without)
    assert done.returncode == 1
    assert "Nobody could log in." in done.stderr
    assert manage("check", **without, SESAM_LOCAL_LOGIN="1").returncode == 0


@pytest.mark.parametrize("source", ["http://lista.example.se/", "/finns/inte"])
def test_leaked_passwords_are_looked_up_in_a_safe_place(source: str) -> None:
    done = manage("check", **PRODUCTION, SESAM_BREACHED_PASSWORDS=source)
    assert done.returncode == 1
    assert "SESAM_BREACHED_PASSWORDS is neither an address with https:// nor a folder" in done.stderr


def test_production_is_as_django_advises() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


class TestServing:
    """gunicorn starts the program without manage.py: the same is demanded there."""

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"ACCESS_LOG_YEARS": "4"}, "ACCESS_LOG_YEARS is 4; the law demands at least 5"),
            ({"SECRET_KEY": "kort"}, "SECRET_KEY is too easy to guess"),
            ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must not be empty"),
        ],
    )
    def test_does_not_begin(self, wrong: dict[str, str], sentence: str) -> None:
        done = serve(**PRODUCTION | wrong)
        assert done.returncode != 0
        assert sentence in done.stderr

    def test_begins(self) -> None:
        done = serve(**PRODUCTION)
        assert done.returncode == 0, done.stderr


def serve(**environment: str) -> subprocess.CompletedProcess[str]:
    """gunicorn loads the program, and ends."""
    return start("-m", "gunicorn", "--check-config", "sesam.wsgi", **environment)


SHOW = """
import json
from django.conf import settings as s
print(json.dumps([
    s.LOCAL_LOGIN, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_NAME,
    s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_SSL_REDIRECT, s.SECURE_CSP["form-action"], s.OIDC_USE_PKCE,
]))
"""


def test_production_is_https_only_and_knows_no_passwords() -> None:
    done = manage("shell", "--verbosity", "0", "--command", SHOW, **PRODUCTION)
    local, secure, session, csrf_secure, csrf, hsts, redirects, forms, pkce = json.loads(done.stdout)
    assert (local, secure, csrf_secure, hsts, redirects, pkce) == (False, True, True, True, True, True)
    assert (session, csrf) == ("__Host-sesam", "__Host-csrf")
    assert forms == ["'self'", "https://idp.example.se"]


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
