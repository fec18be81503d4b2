"""Settings of the web face; every choice that an operator has is an environment variable named in docs/deploy.md."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE
from csp.constants import SELF
from platformdirs import user_data_path

_HERE = Path(__file__).parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in ("1", "true", "yes", "on")


def _list(name: str, separator: str = ",") -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(separator) if part.strip()]


def _number(name: str, otherwise: int) -> int:
    text = os.environ.get(name, "").strip()
    return int(text) if text.isdigit() else otherwise


DEBUG = _flag("DETENTE_DEBUG")
LOCAL = _flag("DETENTE_LOCAL")
"""Served on one's own machine by `detente serve`: plain HTTP is meant, and nobody else is let in."""

# Nothing is signed: no session, no form token.  A key of its own for each worker does no harm.
SECRET_KEY = os.environ.get("DETENTE_SECRET_KEY") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = _list("DETENTE_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]

CASEBOOKS = _list("DETENTE_CASEBOOKS", os.pathsep)
"""Folders that are laid over the shipped casebook, in their order."""

READ_ONLY = _flag("DETENTE_READ_ONLY")
"""A public mirror: nothing can be kept, not even a citation, and no database is opened."""

CITATIONS = _number("DETENTE_CITATIONS", 100_000)
"""So many citations are kept; then further ones are refused kindly.  One takes about half a kilobyte."""

ROBOTS = _flag("DETENTE_ROBOTS")
"""Let search engines in; without it they are asked to stay away from the days, of which there is no end."""

INSTALLED_APPS = ["django.contrib.staticfiles", "django_htmx", "csp", "detente.web", "detente.web.citations"]
MIDDLEWARE = [
    "detente.web.keeping.KeepingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "detente.web.faults.FaultsMiddleware",
]
ROOT_URLCONF = "detente.web.urls"
WSGI_APPLICATION = "detente.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "detente.web.jinja.environment"},
    }
]

DATA = user_data_path("detente", appauthor=False)
"""The folder for what `detente serve` keeps where no database is named."""


def _database() -> dict[str, Any]:
    found: dict[str, Any] = dict(
        dj_database_url.config(
            env="DATABASE_URL",
            default=f"sqlite:///{DATA / 'citations.sqlite3'}",
            conn_max_age=600,
            conn_health_checks=True,
        )
    )
    if found["ENGINE"].endswith("sqlite3"):
        # Readers do not wait for the one who writes, and one who writes waits for another rather than fail.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
        found["OPTIONS"] = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 10}
    elif found["ENGINE"].endswith("postgresql"):
        found["OPTIONS"] = {"connect_timeout": 5, **found.get("OPTIONS", {})}
    return found


DATABASES: dict[str, dict[str, Any]] = {} if READ_ONLY else {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("DETENTE_STATIC") or None
"""Where `collectstatic` puts the files that a proxy serves; this server needs no such folder."""
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Nothing is asked of another host, nothing inline runs, and no page is framed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SECURE_SSL_REDIRECT = not (LOCAL or DEBUG)
SECURE_HSTS_SECONDS = 0 if LOCAL or DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("DETENTE_PROXY") else None
USE_X_FORWARDED_HOST = _flag("DETENTE_PROXY")
CSRF_FAILURE_VIEW = "detente.web.faults.no_writing"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
"""The only thing that is sent here is an address."""
if LOCAL:
    # On one's own machine plain HTTP is meant: no redirect to TLS, no HSTS, and no cookie is set that could be secure.
    SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

# What goes wrong is said in a line on stderr; who reads what is not written down.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "detente: %(message)s"}},
    "filters": {
        # What the pages for faults answered is said there; here only what broke before a page could be made.
        "broken": {"()": "django.utils.log.CallbackFilter", "callback": lambda record: bool(record.exc_info)},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "detente": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A page that is not there, or a request for another host, is the business of who asked for it.
        "django.request": {"level": "ERROR", "filters": ["broken"]},
        "django.security": {"level": "CRITICAL"},
    },
}
