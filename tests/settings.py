"""The real settings, with what only makes sense in tests: speed, and a database server of its own."""

import os

os.environ.setdefault("SESAM_DEMO", "1")

from sesam.settings import *  # noqa: F403
from sesam.settings import DATABASES, SESAM_HOME, STORAGES

DATABASES["default"]["OPTIONS"].pop("pool")  # a test's threads come and go, each with its own connection
if "EMBEDDED_HOME" in DATABASES["default"]:
    DATABASES["default"].update(EMBEDDED_HOME=SESAM_HOME / "test", EMBEDDED_DURABLE=False)
TEST_NON_SERIALIZED_APPS = ["audit"]  # what the migrations changed is not brought back: the logs only grow
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None  # type: ignore[assignment]  # served from the source folders
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
