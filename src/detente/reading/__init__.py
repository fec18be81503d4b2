"""One lazy view of everything below; the only thing that the faces read."""

from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.reading import Reading

__all__ = ["Casebook", "Reading", "open_casebook"]
