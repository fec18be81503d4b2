"""The command line: a person asks, and nothing is decided here."""

from detente.cli import books as _books  # its commands register themselves
from detente.cli import depositary as _depositary
from detente.cli import escrow as _escrow
from detente.cli import exchange as _exchange
from detente.cli import serve as _serve
from detente.cli.app import run

__all__ = ["run"]
_ = (_books, _depositary, _escrow, _exchange, _serve)
