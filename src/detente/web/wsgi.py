"""The WSGI application; the casebook is opened before the first request is taken."""

from __future__ import annotations

import gc
import logging
import os

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "detente.web.settings")
application = get_wsgi_application()

# Only after set-up can settings be read; a reader should not wait for what the server can do at its start.
from detente.web.desk import desk  # noqa: E402
from detente.web.page import today  # noqa: E402

desk().warm(today())
# What is there now stays as long as the process: looking through it for garbage would only make readers wait.
gc.collect()
gc.freeze()

_left_out = sum(problem.severity == "error" for problem in desk().casebook.problems)
if _left_out:
    logging.getLogger(__name__).warning("%s problem(s) left rows out of the record; see /en/problems/", _left_out)
