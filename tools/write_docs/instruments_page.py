"""The page on instruments: the life and the parties of each, as every author on record sees them."""

from __future__ import annotations

from collections.abc import Iterator

from detente.instruments.lives import Life
from detente.instruments.schema import Instrument
from detente.instruments.standings import HELD
from detente.reading import Reading
from detente.record.registers import Words
from tools.write_docs.markdown import HEAD
from tools.write_docs.markdown import table

__all__ = ["by_issue", "instruments_page"]


def by_issue(read: Reading) -> Iterator[tuple[str, Words, list[Instrument]]]:
    """Yield the instruments under their issues, both in the order of the issues register and of ids."""
    issues = read.casebook.record.registers.issues
    for id, issue in issues.items():
        found = sorted((i for i in read.casebook.instruments.values() if i.issue == id), key=lambda i: i.id)
        if found:
            yield id, issue.title, found


def _life_cells(life: Life, parties: int) -> tuple[str, ...]:
    ended = f"{life.ended} ({life.how})" if life.ended else f"ends {life.ends}" if life.ends else ""
    return (str(life.opened or ""), str(life.since or ""), ended, str(parties))


def _instrument_rows(read: Reading, instrument: Instrument) -> Iterator[tuple[str, ...]]:
    """Yield the common reading, then one row for all authors who see the instrument in the same other way."""

    def cells(reader: str) -> tuple[str, ...]:
        stands = read.standing.parties(instrument.id, reader).values()
        return _life_cells(read.standing.life(instrument.id, reader), sum(s.standing in HELD for s in stands))

    common = cells("")
    name = f"{instrument.short.en}: {instrument.title.en}"
    yield (f"`{instrument.id}`", name, instrument.title.ru, *common)
    others: dict[tuple[str, ...], list[str]] = {}
    for reader in read.standing.readers.get(instrument.id, ()):
        if cells(reader) != common:
            others.setdefault(cells(reader), []).append(reader)
    for seen, readers in others.items():
        yield (f"`{instrument.id}`", f"according to {', '.join(readers)}", f"по мнению {', '.join(readers)}", *seen)


def instruments_page(read: Reading) -> str:
    """Return the page on instruments, as they stand on the day of the reading."""
    parts = [
        f"{HEAD}# Instruments\n\n"
        f"Every instrument on record, as computed for {read.on} from the acts and the term of each.\n"
        "Where authors contest an act, their readings follow the common one.\n"
        '"Parties" counts those whom it binds on that day (standings '
        f"{', '.join(f'`{s}`' for s in HELD)}), as far as their acts are on record.\n"
    ]
    head = ("id", "title", "название", "signed or opened", "in force", "ended or ends", "parties")
    for _, issue, found in by_issue(read):
        rows = (row for instrument in found for row in _instrument_rows(read, instrument))
        parts.append(f"\n## {issue.en} ({issue.ru})\n\n{table(head, rows)}")
    return "".join(parts)
