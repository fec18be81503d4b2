"""The WSGI application; the casebook is opened before the first request is taken."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "detente.web.settings")
application = get_wsgi_application()

# Only after set-up can settings be read; a reader should not wait for what the server can do at its start.
from detente.web.desk import desk  # noqa: E402

desk().warm()
