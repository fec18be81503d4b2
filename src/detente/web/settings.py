"""Settings of the web face; every choice that an operator has is an environment variable named in docs/deploy.md."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE
from csp.constants import SELF
from platformdirs import user_data_path

_HERE = Path(__file__).parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in ("1", "true", "yes", "on")


def _list(name: str, separator: str = ",") -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(separator) if part.strip()]


DEBUG = _flag("DETENTE_DEBUG")
LOCAL = _flag("DETENTE_LOCAL")
"""Served on one's own machine by `detente serve`: plain HTTP, nobody else is let in."""

SECRET_KEY = os.environ.get("DETENTE_SECRET_KEY") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = _list("DETENTE_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]

CASEBOOKS = _list("DETENTE_CASEBOOKS", os.pathsep)
"""Folders that are laid over the shipped casebook, in their order."""

READ_ONLY = _flag("DETENTE_READ_ONLY")
"""A public mirror: nothing can be kept, not even a citation, and no database is opened."""

INSTALLED_APPS = ["django.contrib.staticfiles", "django_htmx", "csp", "detente.web"]
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

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{user_data_path('detente', ensure_exists=False) / 'web.sqlite3'}", conn_max_age=600
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
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
