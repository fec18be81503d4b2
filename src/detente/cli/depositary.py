"""The commands that write: each makes a statement, has it signed, and gives it to the depositary of a book."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.options import Format
from detente.errors import DetenteError
from detente.rendering.data import as_json

if TYPE_CHECKING:
    # Signatures need libraries that take longer to import than an agenda to compute: each command imports them itself.
    from detente.depositary.drafts import Draft
    from detente.depositary.keep import Acceptance
    from detente.depositary.kept import Kept
    from detente.depositary.kept import Written
    from detente.ledger.book import Book
    from detente.ledger.keys import OfficeKeys

__all__ = [
    "acknowledge",
    "answer",
    "correct",
    "declare",
    "notify",
    "office",
    "raise_",
    "sign",
    "submit",
]

BookDir = Annotated[
    Path, typer.Option("--book", metavar="DIR", envvar="DETENTE_BOOK", help="The book to write in; '.' if left out.")
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
En = Annotated[str, typer.Option("--en", metavar="TEXT", help="The text in English.")]
Ru = Annotated[str, typer.Option("--ru", metavar="TEXT", help="The text in Russian.")]
Under = Annotated[
    str, typer.Option("--under", metavar="INSTRUMENT/ARTICLE", help="The treaty paragraph: new-start/VII.2.")
]
Withhold = Annotated[
    str, typer.Option("--withhold", metavar="CELLS", help="Cells to be signed but not shown, with commas between.")
]
Attach = Annotated[list[Path] | None, typer.Option("--attach", metavar="FILE", help="A file that goes with it.")]
Issue = Annotated[str, typer.Option("--issue", metavar="ISSUE", help="The issue, where no instrument says it.")]


@app.command()
def office(
    name: Annotated[str, typer.Argument(metavar="OFFICE", help="The office's name: RUS-MFA.")],
    party: Annotated[str, typer.Option("--party", metavar="PARTY", help="The party for which it speaks: RUS.")],
    pub: Annotated[
        list[Path] | None, typer.Option("--pub", metavar="FILE", help="Its public keys; repeat it for several persons.")
    ] = None,
    may: Annotated[
        str, typer.Option("--may", metavar="ACTIONS", help="What it may do, with commas between; all if left out.")
    ] = "",
    least: Annotated[int, typer.Option("--least", min=1, help="How many of its keys must sign.")] = 1,
    close: Annotated[bool, typer.Option("--close", help="It may do nothing from now on.")] = False,
    key: Keys = None,
    book: BookDir = Path(),
) -> None:
    """Register an office in a book: for whom it speaks, with which keys, and what it may do."""
    from detente.depositary.keep import register_office  # noqa: PLC0415
    from detente.depositary.kept import ACTIONS  # noqa: PLC0415
    from detente.ledger.keys import parse_public  # noqa: PLC0415
    from detente.ledger.signatures import ED25519  # noqa: PLC0415

    held = opened_book(book)
    public = [k for file in pub or [] for k in parse_public(_text(file), str(file)) if k.algorithm == ED25519]
    if not public and not close:
        raise DetenteError(f"No public key of '{name}' is given.", "Name its file: --pub RUS-MFA.pub")
    actions = [] if close else [a.strip() for a in may.split(",") if a.strip()] or list(ACTIONS)
    kept = register_office(held, _log_keys(held, _open_all(key)), name, party.upper(), public, actions, least)
    verb = "closed" if close else "registered"
    typer.echo(f"{name} is {verb} in {held.origin}, entry {kept.index}: speaks for {party.upper()}.")


@app.command()
def declare(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A table of a casebook: reports.csv, acts.csv, events.csv.")
    ],
    withhold: Withhold = "",
    attach: Attach = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Declare what a table says: each row is one signed statement; all are kept, or none."""
    from detente.record.tables import kind_of_file  # noqa: PLC0415

    kind = kind_of_file(file)
    if kind is None or file.suffix != ".csv":
        remedy = "Name it after its kind, as in a casebook: reports.csv, acts.csv, events.csv."
        raise DetenteError(f"'{file}' does not say which kind of statement it holds.", remedy)
    rows = [{n: c for n, c in row.items() if n and c} for row in csv.DictReader(_text(file).splitlines())]
    if not rows:
        raise DetenteError(f"'{file}' has no rows.", "Give a header and at least one row.")
    desk = _Desk(book, key, office)
    _finish(desk, [desk.draft(kind, row) for row in rows], draft, format, withhold, attach)


@app.command()
def notify(
    under: Under,
    verb: Annotated[str, typer.Option("--verb", help="launch, exercise, data, change, inspection or other.")] = "other",
    event_on: Annotated[str, typer.Option("--event-on", metavar="DAY", help="The day of what is notified.")] = "",
    reply_to: Annotated[str, typer.Option("--reply-to", metavar="ID", help="The notification that it answers.")] = "",
    en: En = "",
    ru: Ru = "",
    issue: Issue = "",
    withhold: Withhold = "",
    attach: Attach = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Notify the other side under a paragraph of a treaty, in both languages."""
    desk = _Desk(book, key, office)
    cells = {**_under(under), "verb": verb, "event_on": event_on, "refs": reply_to, "party": desk.party}
    made = desk.draft("notice", {**cells, "en": en, "ru": ru, "issue": issue})
    _finish(desk, [made], draft, format, withhold, attach)


@app.command("raise")
def raise_(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="A short name of the matter: 9m729.")],
    about: Annotated[str, typer.Option("--about", metavar="PARTY", help="The party whose conduct is meant.")],
    verb: Annotated[str, typer.Option("--verb", help="allege or question.")] = "question",
    under: Annotated[str, typer.Option("--under", metavar="INSTRUMENT/ARTICLE", help="The treaty paragraph.")] = "",
    en: En = "",
    ru: Ru = "",
    issue: Issue = "",
    attach: Attach = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Raise a concern about the other side's conduct."""
    desk = _Desk(book, key, office)
    cells = {**_under(under), "topic": topic, "party": about.upper(), "verb": verb, "en": en, "ru": ru, "issue": issue}
    _finish(desk, [desk.draft("concern", cells)], draft, format, "", attach)


@app.command()
def answer(
    id: Annotated[str, typer.Argument(metavar="ID", help="The concern that is answered.")],
    verb: Annotated[str, typer.Option("--verb", help="answer, concede, resolve or withdraw.")] = "answer",
    en: En = "",
    ru: Ru = "",
    attach: Attach = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Answer a concern, of a book or of the casebook."""
    desk = _Desk(book, key, office)
    asked = desk.statement(id)
    if "topic" not in asked:
        raise DetenteError(f"'{id}' is no concern.", "Name a concern; list them with: detente show ISSUE")
    same = ("topic", "party", "instrument", "provision", "issue")
    cells = {name: asked[name] for name in same if name in asked}
    made = desk.draft("concern", {**cells, "verb": verb, "refs": id, "en": en, "ru": ru})
    _finish(desk, [made], draft, format, "", attach)


@app.command()
def correct(
    id: Annotated[str, typer.Argument(metavar="ID", help="A statement of this book.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="CELL=VALUE", help="What it should say; repeat it for more.")
    ] = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Correct a statement by a later one; the first stays in the book for good."""
    desk = _Desk(book, key, office)
    before = desk.own.written.get(id)
    if before is None:
        remedy = "Only one's own statements can be corrected; to contest another's, use: detente raise"
        raise DetenteError(f"This book has no statement '{id}'.", remedy)
    changed = dict(_assignment(text) for text in set_ or [])
    if not changed:
        raise DetenteError("Nothing is to be changed.", "Say what it should say: --set value=1420")
    made = desk.draft(before.draft.kind, {**before.draft.cells, **changed, "corrects": id})
    _finish(desk, [made], draft, format, "", None)


@app.command()
def acknowledge(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Notifications; all of the others' if left out.")
    ] = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Acknowledge receipt of the others' notifications: clocks that run from receipt start here."""
    from detente.depositary.drafts import RECEIPT  # noqa: PLC0415

    desk = _Desk(book, key, office)
    done = {(w.draft.cells["origin"], w.draft.cells["of"]) for w in desk.own.since(0) if w.draft.kind == RECEIPT}
    waiting = [
        (origin, written)
        for origin, kept in desk.books.items()
        if origin != desk.book.origin
        for written in kept.since(0)
        if written.draft.kind == "notice" and (origin, written.draft.id) not in done
    ]
    missing = set(ids or []) - {written.draft.id for _, written in waiting}
    if missing:
        what = f"No notification '{min(missing)}' waits to be acknowledged."
        raise DetenteError(what, "Fetch the other's book with: detente sync; list them with: detente notifications")
    chosen = [(origin, written) for origin, written in waiting if not ids or written.draft.id in ids]
    if not chosen:
        typer.echo("Nothing waits to be acknowledged.")
        return
    cells = ({"of": w.draft.id, "origin": origin, "index": str(w.index)} for origin, w in chosen)
    _finish(desk, [desk.draft(RECEIPT, found) for found in cells], draft, format, "", None)


@app.command()
def sign(
    file: Annotated[Path, typer.Argument(metavar="DRAFT", help="A signed draft of another person of the office.")],
    key: Keys = None,
) -> None:
    """Add one's signature to a draft, where an office asks for several (m of n)."""
    from detente.depositary.drafts import parse_draft  # noqa: PLC0415
    from detente.ledger.folder import write_durably  # noqa: PLC0415
    from detente.ledger.notes import Note  # noqa: PLC0415
    from detente.ledger.notes import Signature  # noqa: PLC0415
    from detente.ledger.notes import split  # noqa: PLC0415

    signed: list[bytes] = []
    keys = _open_all(key)
    for note in _drafts(file):
        found = split(note)
        made = parse_draft(found.text)
        signatures = {(s.name, s.key_id): s for s in found.signatures}
        for k in keys:
            signatures[k.name, k.note.key_id] = Signature(k.name, k.note.key_id, k.note.sign(found.text))
        signed.append(Note(found.text, tuple(signatures.values())).encoded())
        typer.echo(f"{made.id}: signed by {', '.join(name for name, _ in signatures)}.")
    write_durably(file, _SEPARATOR.join(signed))


@app.command()
def submit(
    file: Annotated[
        Path, typer.Argument(metavar="DRAFT", help="A draft with the signatures that its office asks for.")
    ],
    key: Keys = None,
    book: BookDir = Path(),
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Give a signed draft to the depositary: examined, kept, and served; or refused, with every reason."""
    held = opened_book(book)
    _keep(held, _log_keys(held, _open_all(key)), _drafts(file), format)


_SEPARATOR = b"\f\n"
"""Between the drafts of one file; no note can hold it."""


class _Desk:
    """A writer at a book: who speaks, with which keys, and what was seen."""

    def __init__(self, path: Path, keys: list[Path] | None, office: str | None) -> None:
        from detente.depositary.keep import books_of  # noqa: PLC0415

        self.book = opened_book(path)
        self.books = books_of(self.book)
        self.own: Kept = self.books[self.book.origin]
        self.keys = _open_all(keys)
        self.office = office or self._only_office()
        if self.office not in self.own.offices:
            known = ", ".join(self.own.offices) or "none yet"
            remedy = f"It has: {known}. Register one with: detente office"
            raise DetenteError(f"The book has no office '{self.office}'.", remedy)
        self.party = self.own.offices[self.office].party
        self._made: dict[str, int] = {}

    def _only_office(self) -> str:
        ours = {key.note.public for key in self.keys}
        mine = [o.id for o in self.own.offices.values() if ours & set(o.keys)] or list(self.own.offices)
        if len(mine) != 1:
            what = (
                f"The book has {len(mine)} offices for which this could be said." if mine else "The book has no office."
            )
            raise DetenteError(what, "Name one with --office, or register one with: detente office")
        return mine[0]

    def draft(self, kind: str, cells: dict[str, str]) -> Draft:
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

    def _fresh(self, stem: str) -> str:
        stem = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in stem)
        number = self._made.get(stem, sum(id.startswith(f"{stem}.") for id in self.own.written)) + 1
        self._made[stem] = number
        return f"{stem}.{number}"

    def statement(self, id: str) -> dict[str, str]:
        """Return the cells of a statement of any book that we have, or of the casebook."""
        from detente.reading.casebook import open_casebook  # noqa: PLC0415

        for kept in self.books.values():
            if id in kept.written:
                return dict(kept.written[id].draft.cells)
        found = open_casebook().record.statement(id)
        if found is None:
            raise DetenteError(f"No statement '{id}' is known.", "Fetch the other's book with: detente sync")
        return {name: cell for name, cell in found.items() if isinstance(cell, str)}


def _finish(
    desk: _Desk,
    drafts: Sequence[Draft],
    out: Path | None,
    format: Format,
    withhold: str,
    attachments: list[Path] | None,
) -> None:
    """Withhold, attach and sign; then write the drafts into a file, or have them kept."""
    import msgspec  # noqa: PLC0415

    from detente.depositary.drafts import sign_draft  # noqa: PLC0415
    from detente.depositary.drafts import withheld  # noqa: PLC0415
    from detente.depositary.keep import attach  # noqa: PLC0415
    from detente.ledger.folder import write_durably  # noqa: PLC0415

    signers = [key.note for key in desk.keys if key.note.public in desk.own.offices[desk.office].keys]
    if not signers:
        raise DetenteError(f"None of the keys is of the office '{desk.office}'.", "Name one of its keys with --key.")
    names = tuple(name.strip() for name in withhold.split(",") if name.strip())
    files = tuple(attach(desk.book, path) for path in attachments or [])
    notes: list[bytes] = []
    for made in drafts:
        if names:
            made, hidden = withheld(made, names)
            text = "".join(f"{disclosure.text()}\n" for disclosure in hidden)
            write_durably(desk.book.state / "disclosures" / made.id, text.encode(), mode=0o600)
        notes.append(sign_draft(msgspec.structs.replace(made, attachments=files), *signers))
    if out:
        write_durably(out, _SEPARATOR.join(notes))
        typer.echo(f"Signed, and not yet kept: {out}. Next: detente sign {out}, or detente submit {out}")
        return
    _keep(desk.book, _log_keys(desk.book, desk.keys), notes, format)


def _keep(book: Book, keys: OfficeKeys, notes: Sequence[bytes], format: Format) -> None:
    from detente.depositary.keep import Refused  # noqa: PLC0415
    from detente.depositary.keep import submit as keep  # noqa: PLC0415
    from detente.reading.books import draft_problems  # noqa: PLC0415

    try:
        kept = keep(book, keys, notes, lambda drafts: draft_problems(book.path, drafts))
    except Refused as refused:
        _show_refusal(refused, format)
        raise typer.Exit(1) from None
    _show_kept(book, kept, format)


def _show_kept(book: Book, kept: Sequence[Acceptance], format: Format) -> None:
    if format is Format.json:
        typer.echo(as_json({"origin": book.origin, "kept": list(kept)}), nl=False)
        return
    for found in kept:
        typer.echo(f"Kept: {found.id}, entry {found.index} of {book.origin}, {found.logged:%Y-%m-%d %H:%M:%S} UTC.")


def _show_refusal(refused: DetenteError, format: Format) -> None:
    from detente.depositary.keep import Refused  # noqa: PLC0415

    assert isinstance(refused, Refused)
    if format is Format.json:
        faults = [{"id": id, "rule": f.rule, "what": f.what, "remedy": f.remedy} for id, f in refused.faults]
        typer.echo(as_json({"kept": [], "refused": faults}), nl=False)
        return
    typer.echo("Nothing was kept:", err=True)
    for id, fault in refused.faults:
        typer.echo(f"  {id}: {fault.what}\n    {fault.remedy}", err=True)
        if fault.other:
            typer.echo("    The other version:", err=True)
            typer.echo(_other(fault.other), err=True)


def _other(written: Written) -> str:
    made = written.draft
    lines = [f"      {made.id}, entry {written.index}, logged {written.logged:%Y-%m-%d %H:%M:%S} UTC, by {made.office}"]
    return "\n".join([*lines, *(f"      {name}: {cell}" for name, cell in made.cells.items())])


def opened_book(path: Path) -> Book:
    """Return the book in a folder."""
    from detente.ledger.book import open_book  # noqa: PLC0415

    return open_book(path)


def _open_all(files: list[Path] | None) -> list[OfficeKeys]:
    """Open the private keys; a passphrase comes from the environment, else a person is asked."""
    from detente.ledger.keys import open_keys  # noqa: PLC0415

    if not files:
        raise DetenteError(
            "No private key is given.", "Name one with --key RUS-MFA.key; make one with: detente key new"
        )
    return [open_keys(file, _passphrase(file)) for file in files]


def _passphrase(file: Path) -> str:
    given = os.environ.get("DETENTE_PASSPHRASE")
    return given if given is not None else str(typer.prompt(f"Passphrase of {file}", hide_input=True, err=True))


def _log_keys(book: Book, keys: Sequence[OfficeKeys]) -> OfficeKeys:
    """Return the keys of the book's own log among those at hand."""
    for key in keys:
        if key.name == book.origin:
            return key
    what = f"Only the key of the log '{book.origin}' can write in this book."
    raise DetenteError(what, "Name it with --key as well; or write a draft with --draft, and have it submitted.")


def _drafts(file: Path) -> list[bytes]:
    try:
        return file.read_bytes().split(_SEPARATOR)
    except OSError as fault:
        raise DetenteError(
            f"'{file}' cannot be read ({fault.strerror}).", "Name a file written with --draft."
        ) from None


def _under(text: str) -> dict[str, str]:
    instrument, _, provision = text.partition("/")
    return {"instrument": instrument, "provision": provision}


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise DetenteError(f"'{text}' does not say what a cell should be.", "Write --set value=1420.")
    return name, value


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as fault:
        raise DetenteError(f"'{file}' cannot be read ({fault.strerror}).", "Look whether the path is right.") from None
    except UnicodeDecodeError:
        raise DetenteError(f"'{file}' is not UTF-8 text.", "Save it as UTF-8.") from None
