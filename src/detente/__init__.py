"""Détente: one dated, authored, sourced record of promises and deeds, and the agenda that it makes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.reading.casebook import Casebook
    from detente.reading.casebook import open_casebook
    from detente.reading.opened import read
    from detente.reading.reading import Reading

__all__ = ["Casebook", "Reading", "open_casebook", "read"]

_PLACES = {"Casebook": "casebook", "Reading": "reading", "open_casebook": "casebook", "read": "opened"}


def __getattr__(name: str) -> object:
    """Import what a program asks for when it asks: a command first says how it wants to be run (see `__main__`)."""
    if name not in _PLACES:
        raise AttributeError(f"module 'detente' has no attribute '{name}'")
    return getattr(import_module(f"detente.reading.{_PLACES[name]}"), name)
