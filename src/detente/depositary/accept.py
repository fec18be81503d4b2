"""Accepting one signed statement as the next of a book: as fast as its signature can be checked.

No file, no table and no register is read on this path; what needs the books of others is in `examine`.
"""

from __future__ import annotations

from detente.depositary.drafts import Draft
from detente.depositary.drafts import parse_draft
from detente.depositary.fault import Fault
from detente.depositary.fault import Refused
from detente.depositary.kept import Kept
from detente.ledger.notes import split

__all__ = ["accept"]


def accept(note: bytes, kept: Kept) -> Draft:
    """Return the statement that a note holds, if it may be the next entry of a log.

    Its form, canonical text, signatures, the authority of its office and its id have been checked then.  Raise
    InvalidNote or Malformed where it is no statement, and Refused with every other fault.
    """
    found = split(note)
    made = parse_draft(found.text)
    faults = kept.faults_of(made, found)
    before = kept.written.get(made.id)
    if before:
        what = f"The id '{made.id}' is taken by entry {before.index}."
        faults.append(Fault("id", what, "Give the new statement an id of its own."))
    if faults:
        raise Refused([(made.id, fault) for fault in faults])
    return made
