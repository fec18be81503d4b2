"""The form of a statement: names of its cells, characters, times, digests, attachments; all faults at once.

Nothing here needs a book, so that what another side has logged is held to the same rules as what one writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from detente.depositary.disclosures import ALGORITHM
from detente.depositary.disclosures import MAY_BE_WITHHELD
from detente.depositary.drafts import JOINT
from detente.depositary.drafts import OFFICE
from detente.depositary.drafts import RECEIPT
from detente.depositary.drafts import Draft
from detente.depositary.fault import Fault
from detente.ledger.checkpoints import MAX_SIZE
from detente.ledger.entries import MAX_BODY
from detente.record.statements import KINDS

__all__ = ["COLUMNS", "form_faults"]

_OF_THE_LOG: Final = ("id", "known", "source", "basis", "received")
"""What the log says of a statement, or the other side: no cell of its own may."""

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    **{name: tuple(c for c in kind.columns if c not in _OF_THE_LOG) for name, kind in KINDS.items()},
    OFFICE: ("office", "party", "keys", "may", "least"),
    RECEIPT: ("of", "origin", "index"),
}
"""The cells that a signed statement of each kind may have."""

_ALLOWED: Final = {name: frozenset(columns) for name, columns in COLUMNS.items()}
_BREAKS: Final = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")
"""What would end a line somewhere, or is no text: a cell with it would be read as two."""
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_MOST: Final = 100
"""Attachments, and books that a writer had seen."""


def form_faults(made: Draft) -> Iterator[Fault]:
    """Yield everything that is wrong with the form of a statement, whoever wrote it."""
    yield from _of_cells(made)
    if not _TIME.fullmatch(made.sent) or not _is_time(made.sent):
        yield Fault("time", f"'{made.sent[:40]}' is no time.", "Write it as 2026-11-24T17:15:25Z.")
    if made.sd or made.sd_alg:
        yield from _of_digests(made)
    if made.attachments:
        yield from _of_attachments(made)
    if len(made.seen) > _MOST or not all(0 <= size <= MAX_SIZE for size in made.seen.values()):
        what = "What the writer had seen is no list of books with the number of their entries."
        yield Fault("seen", what, "Write the statement again with a detente command.")
    if made.jointly or made.cells.get("verb") == "state-jointly" or made.id.startswith(f"{JOINT}."):
        yield from _of_joint(made)


def _of_cells(made: Draft) -> Iterator[Fault]:
    cells, columns = made.cells, COLUMNS[made.kind]
    strange = cells.keys() - _ALLOWED[made.kind]
    if strange:
        names = sorted(f"'{name[:40]}'" for name in strange)
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        what = f"A signed {made.kind} has no cell {', '.join(names[:5])}{more}."
        yield Fault("schema", what, f"Its cells are: {', '.join(columns)}.")
    broken = sorted(name[:40] for name, cell in cells.items() if _BREAKS.search(cell) or _BREAKS.search(name))
    if broken:
        what = f"The cell '{broken[0]!s}' holds a line break or a control character."
        yield Fault("form", what, "Write it on one line; attach longer texts as a file (--attach).")
    if "" in cells.values():
        yield Fault("form", "The statement has an empty cell.", "Leave out what is not stated.")


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _of_digests(made: Draft) -> Iterator[Fault]:
    most = len(MAY_BE_WITHHELD)
    plain = all(_DIGEST.fullmatch(digest) for digest in made.sd)
    if not plain or made.sd_alg != ALGORITHM or len(set(made.sd)) < len(made.sd) or not 0 < len(made.sd) <= most:
        what = "The digests of the withheld cells are not those of RFC 9901 with SHA-256, each once."
        yield Fault("form", what, f"Withhold cells with --withhold; at most these: {', '.join(MAY_BE_WITHHELD)}.")


def _of_attachments(made: Draft) -> Iterator[Fault]:
    if len(made.attachments) > _MOST:
        yield Fault("size", f"There are more than {_MOST} attachments.", "Put them into one archive, and attach that.")
    for file in made.attachments:
        if not _HASH.fullmatch(file.sha256) or _BREAKS.search(file.name) or "/" in file.name or not file.name:
            yield Fault("form", f"'{file.name[:40]!r}' names no attachment.", "Attach files with --attach.")
        if not 0 <= file.size <= MAX_BODY:
            what = f"The attachment '{file.name[:40]!r}' has {file.size:,} bytes; at most {MAX_BODY:,} can be kept."
            yield Fault("size", what, "Attach a shorter file, or several.")


def _of_joint(made: Draft) -> Iterator[Fault]:
    if made.kind != "position" or made.cells.get("verb") != "state-jointly":
        what = "Only a position with the verb 'state-jointly' can be signed by several sides."
        yield Fault("joint", what, "Let each side make a statement of its own.")
    if len(made.jointly) < 2:
        what = "A joint text carries the signatures of all sides, and this one names no other side."
        yield Fault("joint", what, "Name the other side and its office: --with OTHER:OFFICE")
    if not made.id.startswith(f"{JOINT}."):
        yield Fault("joint", f"The id '{made.id}' of a joint text does not begin with '{JOINT}.'.", "Let it do so.")
    if made.cells.get("author"):
        yield Fault("joint", "A joint text has no single author.", "Leave out the cell 'author'.")
    if made.sd:
        yield Fault("joint", "A joint text has withheld cells.", "What both sides sign, both sides show.")
