"""The web face as a Django application."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["WebConfig"]


class WebConfig(AppConfig):
    """What Django has to know of this package."""

    name = "detente.web"
    label = "detente_web"
    verbose_name = "Détente"
