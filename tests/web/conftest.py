"""One Django for all tests of the web face: the shipped casebook, opened once in the process."""

from __future__ import annotations

import os

import django
import pytest
from django.test import Client

os.environ.setdefault("DETENTE_LOCAL", "1")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "detente.web.settings")
django.setup()


@pytest.fixture
def client() -> Client:
    """A reader without cookies, on this machine."""
    return Client(headers={"host": "localhost"})
