"""A book: the log of one side, what it keeps in private beside it, and its copies of the others' logs.

book.toml                 origin, public keys, and the other sides
log/                      what anyone may read: checkpoint, tiles, bodies, countersigned checkpoints of others
state/                    the journal and the lock; private
others/<name>/log/        a copy of another's log, checked
others/<name>/evidence/   what shows that it broke its promises
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from typing import Final
from urllib.parse import quote

import msgspec
import rtoml

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.entries import Entry
from detente.ledger.entries import body_path
from detente.ledger.faults import Conflict
from detente.ledger.faults import LedgerError
from detente.ledger.folder import write_durably
from detente.ledger.keys import OfficeKeys
from detente.ledger.log import LogWriter
from detente.ledger.log import create_log
from detente.ledger.reader import LogReader
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import PublicKey
from detente.ledger.stores import FolderStore
from detente.ledger.tiles import CHECKPOINT

__all__ = [
    "Book",
    "Other",
    "append_entries",
    "create_book",
    "mirror_of",
    "open_book",
    "signing",
    "stand_beside",
    "witnessed_path",
]

_FILE: Final = "book.toml"
_LONGEST_NAME: Final = 200


class Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another side: the origin and the public keys of its log, and where it can be read."""

    origin: str
    keys: tuple[str, ...]
    address: str = ""

    @property
    def public(self) -> tuple[PublicKey, ...]:
        """The keys of its log and of its countersignatures."""
        return tuple(PublicKey.parse(key) for key in self.keys)

    @property
    def log_keys(self) -> tuple[PublicKey, ...]:
        """The keys that sign for its log; a countersignature of the same office is none of the log."""
        return signing(self.public, self.origin)


class _Settings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    origin: str
    keys: tuple[str, ...]
    others: dict[str, Other] = {}


class Book:
    """An open book; nothing is locked until something is written."""

    def __init__(self, path: Path, settings: _Settings) -> None:
        self.path = path
        self._settings = settings

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self._settings.origin

    @property
    def public(self) -> tuple[PublicKey, ...]:
        """The keys of the log and of its countersignatures."""
        return tuple(PublicKey.parse(key) for key in self._settings.keys)

    @property
    def log_keys(self) -> tuple[PublicKey, ...]:
        """The keys that sign for the log."""
        return signing(self.public, self.origin)

    @property
    def others(self) -> dict[str, Other]:
        """The other sides, by the name that this book gives them."""
        return self._settings.others

    @property
    def served(self) -> Path:
        """The folder that anyone may read."""
        return self.path / "log"

    @property
    def state(self) -> Path:
        """The private folder of the writer."""
        return self.path / "state"

    def other(self, name: str) -> Other:
        """Return another side by its name here; raise LedgerError with the names that are known."""
        if name not in self.others:
            known = ", ".join(sorted(self.others)) or "none yet"
            raise LedgerError(
                f"This book knows no '{name}' (known: {known}).", "Add it with: detente log meet NAME PUB"
            )
        return self.others[name]

    def folder_of(self, name: str) -> Path:
        """Return the private folder about another side; raise LedgerError where the name cannot be that of a folder."""
        folder = quote(name, safe="")
        if not folder.strip(".") or len(folder) > _LONGEST_NAME:
            raise LedgerError(f"'{name[:40]}' cannot name another side.", "Take a short name, such as: lemuria")
        return self.path / "others" / folder

    def meet(self, name: str, other: Other) -> None:
        """Remember another side; raise Conflict where it was another under this name, or is known under another."""
        self.folder_of(name)
        if not other.log_keys:
            raise LedgerError(f"No key signs for the log '{other.origin}'.", "Ask for its .pub file, with every key.")
        if other.origin == self.origin:
            raise LedgerError(f"'{other.origin}' is this book itself.", "Name the .pub file of the other side.")
        for already, one in self.others.items():
            if one.origin == other.origin and already != name:
                raise Conflict(f"'{other.origin}' is known already, as '{already}'.", "Nothing was changed.")
        known = self.others.get(name)
        if known and (known.origin, known.keys) != (other.origin, other.keys):
            what = f"'{name}' is known already, with other keys."
            raise Conflict(
                what, "Nothing was changed. If it has new keys, check them by another way, then edit book.toml."
            )
        self._settings.others = {**self.others, name: other}
        write_durably(self.path / _FILE, _written(self._settings))

    def checkpoint(self) -> Checkpoint:
        """Return the head of the log, its signature checked."""
        return opened_checkpoint(self.head(), self.log_keys, self.origin)

    def head(self) -> bytes:
        """Return the signed checkpoint that is served; raise LedgerError where there is none."""
        note = FolderStore(self.served).read(CHECKPOINT)
        if note is None:
            remedy = "Bring back the folder from a mirror or a backup; do not start a new log of the same name."
            raise LedgerError(f"The log in '{self.served}' has no checkpoint.", remedy)
        return note

    def reader(self) -> LogReader:
        """Return the log as it is served."""
        return LogReader(FolderStore(self.served), self.checkpoint().size)

    def writer(self, keys: OfficeKeys, serve_every: float = 0.0) -> LogWriter:
        """Return the one writer of the log; raise LedgerError where the keys are another's."""
        if keys.note.public not in self.public:
            what = f"The key '{keys.name}' is not that of the log '{self.origin}'."
            raise LedgerError(what, f"Use the key of '{self.origin}'.")
        self.head()
        return LogWriter(self.served, self.state, [keys.note], serve_every)


def signing(keys: Iterable[PublicKey], origin: str) -> tuple[PublicKey, ...]:
    """Return those keys that sign for the log `origin`."""
    return tuple(key for key in keys if key.algorithm == ED25519 and key.name == origin)


def create_book(path: Path, keys: OfficeKeys) -> Book:
    """Start a book whose log has the name of the keys; raise Conflict where there is one."""
    if (path / _FILE).exists():
        raise Conflict(f"There is a book in '{path}' already.", "Nothing was changed; choose another folder.")
    create_log(path / "log", path / "state", keys.note)
    settings = _Settings(origin=keys.name, keys=tuple(str(key) for key in keys.public))
    write_durably(path / _FILE, _written(settings))
    return Book(path, settings)


def open_book(path: Path) -> Book:
    """Return the book in a folder; raise LedgerError where there is none or its settings are faulty."""
    file = path / _FILE
    try:
        raw = rtoml.loads(file.read_text("utf-8"))
        settings = msgspec.convert(raw, _Settings)
        book = Book(path, settings)
        for name, other in book.others.items():
            _ = book.folder_of(name), other.public
        signs = book.log_keys
    except FileNotFoundError:
        remedy = "Start one with: detente log init DIR; or name it with --book DIR or DETENTE_BOOK."
        raise LedgerError(f"There is no book in '{path}'.", remedy) from None
    except (OSError, UnicodeDecodeError, rtoml.TomlParsingError, msgspec.ValidationError) as fault:
        raise LedgerError(f"{file}: {' '.join(str(fault).split())}.", "Mend that line.") from None
    except LedgerError as fault:
        raise LedgerError(f"{file}: {fault.what}", fault.remedy) from None
    if not signs:
        raise LedgerError(f"{file}: no key has the name of the log, '{book.origin}'.", "Put its public key back.")
    return book


def stand_beside(book: Book, entry: Entry) -> bytes:
    """Return an entry as the log takes it; what is too long for that stands beside it first, and lasts."""
    data, body = entry.logged_form()
    if body is not None:
        write_durably(book.served / body_path(sha256(body).hexdigest()), body)
    return data


def append_entries(book: Book, keys: OfficeKeys, entries: Sequence[Entry]) -> int:
    """Log entries, all or none, and serve them; return the index of the first."""
    with book.writer(keys) as writer:
        return writer.append([stand_beside(book, entry) for entry in entries])


def mirror_of(book: Book, name: str) -> Path:
    """Return the folder with our copy of another's log."""
    return book.folder_of(name) / "log"


def witnessed_path(origin: str) -> str:
    """Return where a book serves the checkpoint of another log that it has countersigned.

    By the hash of the origin: it holds slashes, and neither every server nor every file system takes them encoded.
    """
    return f"witness/{sha256(origin.encode()).hexdigest()}/checkpoint"


def _written(settings: _Settings) -> bytes:
    table: dict[str, Any] = msgspec.to_builtins(settings)
    return rtoml.dumps(table, pretty=False).encode()
