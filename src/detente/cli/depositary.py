"""The commands that write: each makes a statement, has it signed, and gives it to the depositary of a book."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.desk import SEPARATOR
from detente.cli.desk import BookDir
from detente.cli.desk import By
from detente.cli.desk import Casebooks
from detente.cli.desk import Desk
from detente.cli.desk import Keys
from detente.cli.desk import Out
from detente.cli.desk import Plan
from detente.cli.desk import keep
from detente.cli.desk import log_keys
from detente.cli.desk import open_all
from detente.cli.desk import refuse
from detente.cli.desk import text_of
from detente.cli.offices import opened
from detente.cli.offices import read_file
from detente.cli.options import Format
from detente.errors import DetenteError
from detente.rendering.data import as_json

if TYPE_CHECKING:
    # Signatures need libraries that take longer to import than an agenda to compute: each command imports them itself.
    from detente.depositary.drafts import Draft

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

_MAX_DRAFTS = 64 << 20
"""A file of drafts is refused unread where it is longer, in bytes."""

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
    casebook: Casebooks = None,
) -> None:
    """Register an office in a book: for whom it speaks, with which keys, and what it may do."""
    from detente.depositary.keep import register_office  # noqa: PLC0415
    from detente.depositary.offices import ACTIONS  # noqa: PLC0415
    from detente.ledger.keys import parse_public  # noqa: PLC0415
    from detente.ledger.signatures import ED25519  # noqa: PLC0415
    from detente.reading.casebook import open_casebook  # noqa: PLC0415
    from detente.reading.reading import party_named  # noqa: PLC0415

    held = opened(book)
    public = [k for file in pub or [] for k in parse_public(text_of(file), str(file)) if k.algorithm == ED25519]
    if not public and not close:
        raise DetenteError(f"No public key of '{name}' is given.", "Name its file: --pub RUS-MFA.pub")
    actions = [] if close else [a.strip() for a in may.split(",") if a.strip()] or list(ACTIONS)
    speaks_for = party_named(open_casebook(*(casebook or [])).record.registers, party, date.today())
    keys = [] if close else public
    kept = register_office(held, log_keys(held, open_all(key)), name, speaks_for, keys, actions, least)
    verb = "closed" if close else "registered"
    typer.echo(f"{name} is {verb} in {held.origin}, entry {kept.index}; it speaks for {speaks_for}.")


@app.command()
def declare(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A table of a casebook: reports.csv, acts.csv, events.csv.")
    ],
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="OTHER:OFFICE", help="Another side that signs it too, for a joint text."),
    ] = None,
    withhold: Withhold = "",
    attach: Attach = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    casebook: Casebooks = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Declare what a table says: each row is one signed statement; all are kept, or none."""
    from detente.record.tables import kind_of_file  # noqa: PLC0415

    kind = kind_of_file(file)
    if kind is None or file.suffix != ".csv":
        remedy = "It must be a CSV file that is named after its kind: reports.csv, acts.csv, events-2018.csv."
        raise DetenteError(f"'{file}' does not say which kind of statement it holds.", remedy)
    desk = Desk(book, key, office, casebook)
    rows = _rows(desk, file, kind, format)
    if with_ and kind != "position":
        raise DetenteError(f"A {kind} cannot be signed by several sides.", "Put joint texts into a positions.csv.")
    if with_ and not draft:
        raise DetenteError("A joint text is signed by all sides before any keeps it.", "Add --draft FILE.")
    drafts = [_jointly(desk, row, with_) if with_ else desk.draft(kind, row) for row in rows]
    desk.finish(drafts, Plan(format, draft, withhold, attach))


def _rows(desk: Desk, file: Path, kind: str, format: Format) -> list[dict[str, str]]:
    """Return the rows of a table, its ids this side's own; end with every fault of the table where it has any."""
    from detente.depositary.answers import Refusal  # noqa: PLC0415
    from detente.record.tables import read_table  # noqa: PLC0415

    frame, problems = read_table(text_of(file).encode(), kind, str(file))
    if problems:
        refuse(desk.book, [Refusal(f"{p.file}:{p.line}", "table", p.what, p.remedy, None) for p in problems], format)
    if not frame.height:
        raise DetenteError(f"'{file}' has no rows.", "Give a header and at least one row.")
    rows = [{n: c for n, c in row.items() if c and n != "line"} for row in frame.iter_rows(named=True)]
    own = {row["id"]: desk.own_id(row["id"]) for row in rows if "id" in row}
    return [_with_own_ids(row, own) for row in rows]


def _with_own_ids(row: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    """Return a row that names the statements of its own table as they will be kept."""
    row = {name: own.get(cell, cell) if name in ("id", "corrects") else cell for name, cell in row.items()}
    if "refs" in row:
        row["refs"] = ";".join(own.get(id, id) for id in row["refs"].split(";"))
    return row


def _jointly(desk: Desk, row: dict[str, str], others: list[str]) -> Draft:
    """Return the draft of a text that other sides sign too."""
    import msgspec  # noqa: PLC0415

    from detente.depositary.drafts import JOINT  # noqa: PLC0415

    jointly = {desk.book.origin: desk.office}
    for text in others:
        name, colon, office = text.partition(":")
        if not colon or not office:
            raise DetenteError(f"'{text}' does not name a side and its office.", "Write --with usa:USA-DOS.")
        jointly[desk.book.other(name).origin] = office
    made = desk.draft("position", row)
    cells = {name: cell for name, cell in made.cells.items() if name != "author"}
    id = f"{JOINT}.{made.id.removeprefix(f'{desk.party.lower()}.')}"
    return msgspec.structs.replace(made, id=id, cells=cells, jointly=jointly)


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
    casebook: Casebooks = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Notify the other side under a paragraph of a treaty, in both languages."""
    desk = Desk(book, key, office, casebook)
    cells = {**_under(under), "verb": verb, "event_on": event_on, "refs": reply_to, "party": desk.party}
    made = desk.draft("notice", {**cells, "en": en, "ru": ru, "issue": issue})
    desk.finish([made], Plan(format, draft, withhold, attach))


@app.command("raise")
def raise_(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="A short name of the matter: 9m729.")],
    about: Annotated[str, typer.Option("--about", metavar="PARTY", help="The party whose conduct is meant.")],
    verb: Annotated[str, typer.Option("--verb", help="allege or question.")] = "question",
    under: Annotated[str, typer.Option("--under", metavar="INSTRUMENT/ARTICLE", help="The treaty paragraph.")] = "",
    to: Annotated[str, typer.Option("--to", metavar="ID", help="The notification or statement that gives rise.")] = "",
    en: En = "",
    ru: Ru = "",
    issue: Issue = "",
    attach: Attach = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    casebook: Casebooks = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Raise a concern about the other side's conduct."""
    desk = Desk(book, key, office, casebook)
    cells = {**_under(under), "topic": topic, "party": about.upper(), "verb": verb, "refs": to}
    cells |= {"en": en, "ru": ru, "issue": issue}
    desk.finish([desk.draft("concern", cells)], Plan(format, draft, attach=attach))


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
    casebook: Casebooks = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Answer a concern, of a book or of the casebook."""
    desk = Desk(book, key, office, casebook)
    asked = desk.statement(id)
    if "topic" not in asked:
        raise DetenteError(f"'{id}' is no concern.", "Name a concern; list them with: detente show ISSUE")
    same = ("topic", "party", "instrument", "provision", "issue")
    cells = {name: asked[name] for name in same if name in asked}
    made = desk.draft("concern", {**cells, "verb": verb, "refs": id, "en": en, "ru": ru})
    desk.finish([made], Plan(format, draft, attach=attach))


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
    casebook: Casebooks = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Correct a statement by a later one; the first stays in the book for good."""
    from detente.depositary.disclosures import parse_disclosure  # noqa: PLC0415
    from detente.reading.books import disclosures_of  # noqa: PLC0415

    desk = Desk(book, key, office, casebook)
    before = desk.own.written.get(id)
    if before is None:
        remedy = "Only one's own statements can be corrected; to contest another's, use: detente raise"
        raise DetenteError(f"This book has no statement '{id}'.", remedy)
    changed = dict(_assignment(text) for text in set_ or [])
    if not changed:
        raise DetenteError("Nothing is to be changed.", "Say what it should say: --set value=1420")
    hidden = {d.name: d.value for d in map(parse_disclosure, disclosures_of(desk.book, desk.book.origin, before.draft))}
    made = desk.draft(before.draft.kind, {**before.draft.cells, **hidden, **changed, "corrects": id})
    # What was withheld stays withheld, as it is or as it is now.
    desk.finish([made], Plan(format, draft, ",".join(name for name in hidden if name in made.cells)))


@app.command()
def acknowledge(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Notifications; all of the others' if left out.")
    ] = None,
    office: By = None,
    key: Keys = None,
    draft: Out = None,
    book: BookDir = Path(),
    casebook: Casebooks = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Acknowledge receipt of the others' notifications: clocks that run from receipt start here."""
    from detente.depositary.answers import KeptAnswer  # noqa: PLC0415
    from detente.depositary.drafts import RECEIPT  # noqa: PLC0415

    desk = Desk(book, key, office, casebook)
    waiting = [
        (origin, written)
        for origin, kept in desk.books.items()
        if origin != desk.book.origin
        for written in kept.since(0)
        if written.draft.kind == "notice" and (origin, written.draft.id) not in desk.own.received
    ]
    missing = set(ids or []) - {written.draft.id for _, written in waiting}
    if missing:
        what = f"No notification '{min(missing)}' waits to be acknowledged."
        raise DetenteError(what, "Fetch the other's book with: detente sync; list them with: detente notifications")
    chosen = [(origin, written) for origin, written in waiting if not ids or written.draft.id in ids]
    if not chosen:
        if format is Format.json:
            typer.echo(as_json(KeptAnswer(origin=desk.book.origin)), nl=False)
        else:
            typer.echo("Nothing waits to be acknowledged.")
        return
    cells = ({"of": w.draft.id, "origin": origin, "index": str(w.index)} for origin, w in chosen)
    desk.finish([desk.draft(RECEIPT, found) for found in cells], Plan(format, draft))


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
    keys = open_all(key)
    for note in _drafts(file):
        found = split(note)
        made = parse_draft(found.text)
        signatures = {(s.name, s.key_id): s for s in found.signatures}
        for k in keys:
            signatures[k.name, k.note.key_id] = Signature(k.name, k.note.key_id, k.note.sign(found.text))
        signed.append(Note(found.text, tuple(signatures.values())).encoded())
        typer.echo(f"{made.id}: signed by {', '.join(name for name, _ in signatures)}.")
    write_durably(file, SEPARATOR.join(signed))


@app.command()
def submit(
    file: Annotated[
        Path, typer.Argument(metavar="DRAFT", help="A draft with the signatures that its office asks for.")
    ],
    key: Keys = None,
    book: BookDir = Path(),
    casebook: Casebooks = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.text,
) -> None:
    """Give a signed draft to the depositary: examined, kept, and served; or refused, with every reason."""
    held = opened(book)
    keep(held, log_keys(held, open_all(key)), _drafts(file), format, casebook or [])


def _drafts(file: Path) -> list[bytes]:
    """Return the notes of a file that was written with --draft."""
    return read_file(file, _MAX_DRAFTS, "Name a file written with --draft.").split(SEPARATOR)


def _under(text: str) -> dict[str, str]:
    instrument, _, provision = text.partition("/")
    return {"instrument": instrument, "provision": provision}


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise DetenteError(f"'{text}' does not say what a cell should be.", "Write --set value=1420.")
    return name, value
