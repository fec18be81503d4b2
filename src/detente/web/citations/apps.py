"""The citations as a Django application: the only part of the web face that has a database."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["CitationsConfig"]


class CitationsConfig(AppConfig):
    """What Django has to know of this package."""

    name = "detente.web.citations"
    label = "citations"
    verbose_name = "Citations"
    default_auto_field = "django.db.models.BigAutoField"
