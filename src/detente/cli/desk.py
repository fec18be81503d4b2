"""The desk at which statements are written: who speaks, with which keys, what was seen; and the way to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Final
from typing import NoReturn

import typer

from detente.cli.offices import office_keys
from detente.cli.offices import opened
from detente.cli.offices import read_file
from detente.cli.options import Format
from detente.errors import DetenteError
from detente.rendering.data import as_json

if TYPE_CHECKING:
    # Signatures need libraries that take longer to import than an agenda to compute: each command imports them itself.
    from detente.depositary.answers import OtherVersion
    from detente.depositary.answers import Refusal
    from detente.depositary.drafts import Draft
    from detente.depositary.kept import Kept
    from detente.ledger.book import Book
    from detente.ledger.keys import OfficeKeys

__all__ = [
    "SEPARATOR",
    "BookDir",
    "By",
    "Casebooks",
    "Desk",
    "Keys",
    "Out",
    "Plan",
    "keep",
    "log_keys",
    "open_all",
    "refuse",
    "text_of",
]

BookDir = Annotated[
    Path, typer.Option("--book", metavar="DIR", envvar="DETENTE_BOOK", help="The book to write in; '.' if left out.")
]
Casebooks = Annotated[
    list[Path] | None,
    typer.Option(
        "--casebook", metavar="DIR", envvar="DETENTE_CASEBOOK", help="A casebook of your own that names are taken from."
    ),
]
Keys = Annotated[
    list[Path] | None,
    typer.Option("--key", metavar="FILE", help="A private key; repeat it where several offices or persons sign."),
]
By = Annotated[
    str | None, typer.Option("--office", metavar="OFFICE", help="The office that speaks, if not the only one.")
]
Out = Annotated[
    Path | None, typer.Option("--draft", metavar="FILE", help="Keep nothing yet: write the signed draft into a file.")
]

_MAX_TEXT: Final = 64 << 20
"""Tables and lists of keys that are longer are refused unread, in bytes."""

SEPARATOR: Final = b"\f\n"
"""Between the drafts of one file; no note can hold it."""


class Plan:
    """What is to become of drafts: some cells withheld, files attached, written into a file or kept."""

    def __init__(
        self,
        format: Format = Format.text,
        draft: Path | None = None,
        withhold: str = "",
        attach: list[Path] | None = None,
    ) -> None:
        self.format = format
        self.draft = draft
        self.withhold = tuple(name.strip() for name in withhold.split(",") if name.strip())
        self.attach = attach or []


class Desk:
    """A writer at a book: who speaks, with which keys, and what was seen."""

    def __init__(
        self, path: Path, keys: list[Path] | None, office: str | None, casebooks: list[Path] | None = None
    ) -> None:
        from detente.depositary.keep import books_of  # noqa: PLC0415

        self.book = opened(path)
        self.casebooks = casebooks or []
        self.books = books_of(self.book)
        self.own: Kept = self.books[self.book.origin]
        if not self.own.offices:
            raise DetenteError("The book has no office yet.", "Register one with: detente office")
        if office and office not in self.own.offices:
            remedy = f"It has: {', '.join(self.own.offices)}. Register one with: detente office"
            raise DetenteError(f"The book has no office '{office}'.", remedy)
        self.keys = open_all(keys)
        self.office = office or self._only_office()
        self.party = self.own.offices[self.office].party
        self._made: dict[str, int] = {}

    def _only_office(self) -> str:
        ours = {key.note.public for key in self.keys}
        mine = [o.id for o in self.own.offices.values() if ours & set(o.keys)] or list(self.own.offices)
        if len(mine) != 1:
            what = f"The book has {len(mine)} offices for which this could be said: {', '.join(mine)}."
            raise DetenteError(what, "Name one with --office.")
        return mine[0]

    def draft(self, kind: str, cells: Mapping[str, str]) -> Draft:
        """Return a draft of these cells, with an id of its own where they give none."""
        from detente.depositary.drafts import draft  # noqa: PLC0415
        from detente.depositary.keep import seen_now  # noqa: PLC0415
        from detente.record.statements import KINDS  # noqa: PLC0415

        now = datetime.now(UTC)
        given = {"author": self.party, "on": now.date().isoformat(), **cells} if kind in KINDS else dict(cells)
        stem = f"{self.party.lower()}.{kind}.{given.get('on', now.date().isoformat())}"
        id = given.pop("id", "") or self._fresh(stem)
        for name in ("known", "source", "basis"):
            given.pop(name, None)  # the time of the log, and the log itself
        return draft(id, kind, self.office, given, now, seen_now(self.books))

    def own_id(self, id: str) -> str:
        """Return an id as this side's own: it begins with the party that speaks."""
        prefix = f"{self.party.lower()}."
        return id if not id or id.startswith(prefix) else prefix + id

    def _fresh(self, stem: str) -> str:
        stem = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in stem)
        number = self._made.get(stem, sum(id.startswith(f"{stem}.") for id in self.own.written)) + 1
        while f"{stem}.{number}" in self.own.written:
            number += 1
        self._made[stem] = number
        return f"{stem}.{number}"

    def statement(self, id: str) -> dict[str, str]:
        """Return the cells of a statement of any book that we have, or of the casebook."""
        from detente.reading.casebook import open_casebook  # noqa: PLC0415

        for kept in self.books.values():
            if id in kept.written:
                return dict(kept.written[id].draft.cells)
        found = open_casebook(*self.casebooks).record.statement(id)
        if found is None:
            raise DetenteError(f"No statement '{id}' is known.", "Fetch the other's book with: detente sync")
        return {name: cell for name, cell in found.items() if isinstance(cell, str)}

    def finish(self, drafts: Sequence[Draft], plan: Plan) -> None:
        """Withhold, attach and sign; then write the drafts into a file, or have them kept."""
        import msgspec  # noqa: PLC0415

        from detente.depositary.drafts import sign_draft  # noqa: PLC0415
        from detente.depositary.keep import attach  # noqa: PLC0415
        from detente.ledger.folder import write_durably  # noqa: PLC0415

        signers = [key.note for key in self.keys if key.note.public in self.own.offices[self.office].keys]
        if not signers:
            raise DetenteError(
                f"None of the keys is of the office '{self.office}'.", "Name one of its keys with --key."
            )
        keys = None if plan.draft else log_keys(self.book, self.keys)
        shown = [self._withheld(made, plan.withhold) for made in drafts]
        files = tuple(attach(self.book, path) for path in plan.attach)
        notes = [sign_draft(msgspec.structs.replace(made, attachments=files), *signers) for made in shown]
        if keys is not None:
            self.keep(keys, notes, plan.format)
        elif plan.draft:
            write_durably(plan.draft, SEPARATOR.join(notes))
            _show_draft(self.book, plan)

    def _withheld(self, made: Draft, names: Sequence[str]) -> Draft:
        """Return the draft without these cells; what discloses them is kept in the private folder first."""
        from detente.depositary.disclosures import withheld  # noqa: PLC0415
        from detente.ledger.folder import write_durably  # noqa: PLC0415

        if not names:
            return made
        made, hidden = withheld(made, names)
        file = self.book.state / "disclosures" / made.id
        # What is there may be of a statement of this id that was kept: without it nobody could open its cells.
        before = file.read_text() if file.is_file() else ""
        text = before + "".join(f"{disclosure.text()}\n" for disclosure in hidden)
        write_durably(file, text.encode(), mode=0o600)
        return made

    def keep(self, keys: OfficeKeys, notes: Sequence[bytes], format: Format) -> None:
        """Give signed drafts to the depositary; end with code 1, and with every reason, where it refuses them."""
        keep(self.book, keys, notes, format, self.casebooks)


def keep(book: Book, keys: OfficeKeys, notes: Sequence[bytes], format: Format, casebooks: Sequence[Path]) -> None:
    """Give signed drafts to the depositary; end with code 1, and with every reason, where it refuses them."""
    from detente.depositary.answers import KeptAnswer  # noqa: PLC0415
    from detente.depositary.answers import refusal  # noqa: PLC0415
    from detente.depositary.fault import Refused  # noqa: PLC0415
    from detente.depositary.keep import submit  # noqa: PLC0415
    from detente.reading.books import draft_problems  # noqa: PLC0415

    try:
        kept = submit(book, keys, notes, lambda drafts, books: draft_problems(book, drafts, books, *casebooks))
    except Refused as refused:
        refuse(book, [refusal(id, fault) for id, fault in refused.faults], format)
    if format is Format.json:
        typer.echo(as_json(KeptAnswer(origin=book.origin, kept=tuple(kept))), nl=False)
        return
    for found in kept:
        typer.echo(f"Kept: {found.id}\n      entry {found.index}, {found.logged:%Y-%m-%d %H:%M:%S} UTC")


def refuse(book: Book, refusals: Sequence[Refusal], format: Format) -> NoReturn:
    """Say why nothing was kept, and end with code 1."""
    from detente.depositary.answers import KeptAnswer  # noqa: PLC0415

    if format is Format.json:
        typer.echo(as_json(KeptAnswer(origin=book.origin, refused=tuple(refusals))), nl=False)
        raise typer.Exit(1)
    typer.echo("Nothing was kept:", err=True)
    for found in refusals:
        typer.echo(f"  {found.id}: {found.what}\n    {found.remedy}", err=True)
        if found.other:
            typer.echo(f"    The other version:\n{_other(found.other)}", err=True)
    raise typer.Exit(1)


def _other(other: OtherVersion) -> str:
    head = f"      {other.id}, entry {other.index}, {other.logged:%Y-%m-%d %H:%M:%S} UTC, {other.office}"
    return "\n".join([head, *(f"        {name}: {cell}" for name, cell in other.cells.items())])


def _show_draft(book: Book, plan: Plan) -> None:
    from detente.depositary.answers import KeptAnswer  # noqa: PLC0415

    if plan.format is Format.json:
        typer.echo(as_json(KeptAnswer(origin=book.origin, draft=str(plan.draft))), nl=False)
        return
    typer.echo(f"Signed, and not yet kept: {plan.draft}")
    typer.echo(f"Next: detente sign {plan.draft}, or detente submit {plan.draft}")


def open_all(files: list[Path] | None) -> list[OfficeKeys]:
    """Open the private keys; a passphrase comes from the environment, else a person is asked."""
    if not files:
        raise DetenteError(
            "No private key is given.", "Name one with --key RUS-MFA.key; make one with: detente key new"
        )
    return [office_keys(file, None) for file in files]


def log_keys(book: Book, keys: Sequence[OfficeKeys]) -> OfficeKeys:
    """Return the keys of the book's own log among those at hand."""
    for key in keys:
        if key.name == book.origin:
            return key
    what = f"Only the key of the log '{book.origin}' can write in this book."
    raise DetenteError(what, "Name it with --key as well; or write a draft with --draft, and have it submitted.")


def text_of(file: Path) -> str:
    """Return the text of a file; raise DetenteError where it cannot be read."""
    try:
        return read_file(file, _MAX_TEXT).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DetenteError(f"'{file}' is not UTF-8 text.", "Save it as UTF-8.") from None
