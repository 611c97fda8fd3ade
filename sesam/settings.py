"""The whole configuration, read from the environment (and from `.env` beside manage.py, if there is one).

SECRET_KEY, ALLOWED_HOSTS  required, except in the two modes below
SESAM_DEMO=1               demo mode: plain HTTP on this machine, known passwords
SESAM_DEBUG=1              development: as demo, with Django's debug pages
DATABASE_URL               PostgreSQL 15 or newer; unset: the embedded server with its data in SESAM_HOME
SESAM_POOL_SIZE            connections that a process keeps to it at most; default 8
SESAM_PREPARED_STATEMENTS=0
                           behind a connection pooler that knows no prepared statements
SESAM_HOME                 folder for everything that Sesam stores by itself; default `.sesam` beside manage.py
CSRF_TRUSTED_ORIGINS       e.g. https://sesam.example.se, where a proxy changes the host
ACCESS_SAMPLE_PER_UNIT     visits of each unit in the log review's monthly random sample; default 10
ACCESS_LOG_YEARS           how long looks at patients are kept; default and least 5
SESAM_PROXY_SSL_HEADER=1   trust X-Forwarded-Proto and X-Forwarded-For from the proxy in front
SESAM_LOCAL_LOGIN=1        log in with user name and password; otherwise only in the two modes above
OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_AUTHORIZATION_ENDPOINT, OIDC_TOKEN_ENDPOINT,
OIDC_USERINFO_ENDPOINT, OIDC_JWKS_ENDPOINT
                           the identity provider for log-in by OpenID Connect, all of them or none
OIDC_END_SESSION_ENDPOINT  where logging out ends the provider's session too, if it has one
OIDC_SCOPES                default openid
OIDC_UNIT_CLAIM            the claim with the commission's care unit; default healthCareUnitHsaId
OIDC_LEVELS                the levels of assurance (acr) that are enough; default LoA 3 and 4 of Sambi
OIDC_PROMPT                default login: the person shows who they are each time; empty: the provider decides
SESAM_LOCKOUT_FAILURES     wrong passwords for one user name from one address before it is locked; default 6
SESAM_LOCKOUT_MINUTES      for how long then; default 15
SESAM_IDLE_MINUTES         a session ends when nothing has been done for so long; default 30
SESAM_SESSION_HOURS        and never lasts longer than this; default 12
SESAM_FIRST_PASSWORD_DAYS  a password that the administrator gave is refused after so long; default 3
SESAM_BREACHED_PASSWORDS   where leaked passwords are looked up: https://api.pwnedpasswords.com/range/, another such
                           service, or a folder with its ranges (5BAA6.txt); default empty, nothing is asked
SESAM_INACTIVE_DAYS        close_inactive_accounts closes accounts without log-in for so long; default 183
SESAM_PATIENT_SEARCHES     searches for patients that one person may make in a minute; default 60
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("SESAM_DEBUG", default=False)
DEMO = env.bool("SESAM_DEMO", default=False)
SESAM_HOME = Path(env.str("SESAM_HOME", default="") or BASE_DIR / ".sesam").expanduser().absolute()

if DEBUG or DEMO:
    SECRET_KEY = env.str("SECRET_KEY", default="django-insecure-for-demo-and-development-only")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
else:
    SECRET_KEY = env.str("SECRET_KEY")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or "insecure" in SECRET_KEY:
        raise ImproperlyConfigured("SECRET_KEY is too easy to guess. Let Python's secrets.token_urlsafe(60) make one")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

# Applications

INSTALLED_APPS = [
    "sesam",
    "orders",
    "inventory",
    "audit",
    "parties",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sesam.middleware.BrowserLimitsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "sesam.middleware.DatabaseRefusalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sesam.middleware.PersonalPagesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sesam.middleware.HtmxResponseMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "parties.sessions.SessionLimitsMiddleware",
    "parties.units.ActingUnitMiddleware",
    "sesam.middleware.RefusalsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "parties.first_password.FirstPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sesam.middleware.ChangesMiddleware",
    "axes.middleware.AxesMiddleware",
    "sesam.middleware.AccessLogMiddleware",  # innermost: it sees the page as it was rendered, and who asked
]

ROOT_URLCONF = "sesam.urls"
WSGI_APPLICATION = "sesam.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sesam.context.navigation",
            ],
            "libraries": {"heroicons": "sesam.templatetags.icons"},
        },
    }
]
FORM_RENDERER = "parties.forms.plain.PlainRenderer"

# Database: a waiting lock gives up after seconds, so that a stuck transaction is an error and not a frozen page.
# The planner: no page's statement is worth compiling (jit) or a second process, the disk is no slower at random places,
# and beyond five tables joins stay in the order written, which narrows first: trying all orders takes longer.

DATABASES: dict[str, dict[str, Any]]
if database_url := env.str("DATABASE_URL", default=""):
    if not database_url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name")
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    DATABASES = {"default": {"ENGINE": "sesam.embedded", "NAME": "sesam", "EMBEDDED_HOME": SESAM_HOME}}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "pool": {"min_size": 1, "max_size": env.int("SESAM_POOL_SIZE", default=8), "timeout": 10},
        "options": "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
        " -c jit=off -c random_page_cost=1.1 -c join_collapse_limit=5"
        " -c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_generic_plan",
        "connect_timeout": 5,
        "prepare_threshold": 5 if env.bool("SESAM_PREPARED_STATEMENTS", default=True) else None,
    }
)
DATABASES["default"]["ATOMIC_REQUESTS"] = False

# Users and passwords

AUTH_USER_MODEL = "parties.User"
LOCAL_LOGIN = env.bool("SESAM_LOCAL_LOGIN", default=DEBUG or DEMO)
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "parties.backends.UnitBackend"]
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
if OIDC_ISSUER:
    AUTHENTICATION_BACKENDS.insert(1, "parties.oidc.OidcBackend")
elif not LOCAL_LOGIN:
    raise ImproperlyConfigured("Nobody could log in. Set OIDC_ISSUER and what belongs to it, or SESAM_LOCAL_LOGIN=1")
INACTIVE_DAYS = env.int("SESAM_INACTIVE_DAYS", default=183)
PATIENT_SEARCHES_PER_MINUTE = env.int("SESAM_PATIENT_SEARCHES", default=60)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
FIRST_PASSWORD_DAYS = env.int("SESAM_FIRST_PASSWORD_DAYS", default=3)
BREACHED_PASSWORDS = env.str("SESAM_BREACHED_PASSWORDS", default="")
if BREACHED_PASSWORDS:
    if not BREACHED_PASSWORDS.startswith("https://") and not Path(BREACHED_PASSWORDS).is_dir():
        raise ImproperlyConfigured("SESAM_BREACHED_PASSWORDS is neither an address with https:// nor a folder")
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": "parties.breached.BreachedPasswordValidator", "OPTIONS": {"source": BREACHED_PASSWORDS}}
    )

# OpenID Connect (mozilla-django-oidc): state, nonce and PKCE are always on, and no account is made by logging in.


def _provider(name: str) -> str:
    """A setting that is required as soon as there is a provider."""
    return env.str(name) if OIDC_ISSUER else ""


OIDC_RP_CLIENT_ID = _provider("OIDC_CLIENT_ID")
OIDC_RP_CLIENT_SECRET = _provider("OIDC_CLIENT_SECRET")
OIDC_OP_AUTHORIZATION_ENDPOINT = _provider("OIDC_AUTHORIZATION_ENDPOINT")
OIDC_OP_TOKEN_ENDPOINT = _provider("OIDC_TOKEN_ENDPOINT")
OIDC_OP_USER_ENDPOINT = _provider("OIDC_USERINFO_ENDPOINT")
OIDC_OP_JWKS_ENDPOINT = _provider("OIDC_JWKS_ENDPOINT")
OIDC_END_SESSION_ENDPOINT = env.str("OIDC_END_SESSION_ENDPOINT", default="")
OIDC_RP_SCOPES = env.str("OIDC_SCOPES", default="openid")
OIDC_UNIT_CLAIM = env.str("OIDC_UNIT_CLAIM", default="healthCareUnitHsaId")
OIDC_LEVELS = env.list("OIDC_LEVELS", default=["http://id.sambi.se/loa/loa3", "http://id.sambi.se/loa/loa4"])
OIDC_PROMPT = env.str("OIDC_PROMPT", default="login")
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_USE_PKCE = True
OIDC_CREATE_USER = False
OIDC_STORE_ID_TOKEN = True  # the provider wants it back when its session shall end
OIDC_TIMEOUT = 10
OIDC_AUTHENTICATION_CALLBACK_URL = "oidc_callback"

# Guessing of passwords: a user name is locked for the address that guesses, so that nobody can lock out somebody else.

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.int("SESAM_LOCKOUT_FAILURES", default=6)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SESAM_LOCKOUT_MINUTES", default=15))
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "parties.requests.client_address"
AXES_LOCKOUT_CALLABLE = "parties.views.login.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # our own rows say it (parties/security.py)

# Sessions: rows in the database, until the browser closes, nobody works, or the day is over. Computers are shared.

SESSION_ENGINE = "parties.sessions"
SESSION_COOKIE_AGE = env.int("SESAM_SESSION_HOURS", default=12) * 3600
SESSION_IDLE_SECONDS = env.int("SESAM_IDLE_MINUTES", default=30) * 60
SESSION_WARNING_SECONDS = 180
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time

LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True

# Static files: named after their content and served by WhiteNoise, in the demo as in production.

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default="") or SESAM_HOME / "static").absolute()
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security. Demo and development speak plain HTTP on this machine; everything else is HTTPS only.

HTTPS_ONLY = not (DEBUG or DEMO)
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^halsa/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
if HTTPS_ONLY:  # the prefix makes browsers refuse such a cookie from a neighboring host or over plain HTTP
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sesam", "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_PROXY = env.bool("SESAM_PROXY_SSL_HEADER", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "sesam.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
provider_origins = (
    ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_END_SESSION_ENDPOINT))] if OIDC_END_SESSION_ENDPOINT else []
)
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF, *provider_origins],  # a browser follows a form's redirect only to what stands here
    "frame-ancestors": [CSP.NONE],
}

ACCESS_SAMPLE_PER_UNIT = env.int("ACCESS_SAMPLE_PER_UNIT", default=10)
ACCESS_LOG_YEARS = env.int("ACCESS_LOG_YEARS", default=5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO" if DEBUG else "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # a page that is not there is no news
    },
}
