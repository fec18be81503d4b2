"""The escrow: a party commits to a complete declaration at the outset and opens it step by step."""

from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.commitment import Escrow
from detente.ledger.escrow.commitment import commit
from detente.ledger.escrow.commitment import read_commitment
from detente.ledger.escrow.declaration import read_declaration
from detente.ledger.escrow.opening import node_path
from detente.ledger.escrow.opening import open_to
from detente.ledger.escrow.renewal import check_stayed
from detente.ledger.escrow.renewal import renew
from detente.ledger.escrow.renewal import show_stayed
from detente.ledger.escrow.secret import read_secret
from detente.ledger.escrow.secret import secret_bytes
from detente.ledger.escrow.view import look_for
from detente.ledger.escrow.view import place_of
from detente.ledger.escrow.view import view_of

__all__ = [
    "Commitment",
    "Escrow",
    "check_stayed",
    "commit",
    "look_for",
    "node_path",
    "open_to",
    "place_of",
    "read_commitment",
    "read_declaration",
    "read_secret",
    "renew",
    "secret_bytes",
    "show_stayed",
    "view_of",
]
