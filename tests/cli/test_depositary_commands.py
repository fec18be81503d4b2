"""The commands that write and exchange: text at 80 columns, JSON by its schema, refusals with the other version."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tools import write_docs

from builders import article
from builders import limit
from builders import party
from builders import treaty
from builders import write_book
from cli.asking import WIDTH
from cli.asking import Asker
from cli.asking import Told
from detente.depositary.keep import books_of
from detente.ledger import keys as key_files
from detente.ledger.book import Other
from detente.ledger.book import create_book
from detente.ledger.book import open_book
from detente.ledger.keys import OfficeKeys
from detente.ledger.keys import new_keys
from detente.ledger.stores import FolderStore
from detente.ledger.sync import sync
from detente.reading import books as reading_books
from detente.reading import casebook as reading_casebook

NAMES = ("atl", "lem", "atl-two", "stranger")
REPORT = "measure,party,instrument,item,value,silence,en\nwarheads,ATL,pact,,97,given,All\n"


class Desks:
    """Two books and the commands that are asked at each; private keys are opened at once."""

    def __init__(self, folder: Path, ask: Asker) -> None:
        self.folder = folder
        self.ask = ask
        self.keys = {name: _KEYS[name] for name in NAMES}
        for name in ("atl", "lem"):
            create_book(folder / name, self.keys[name])
        for name in NAMES:
            (folder / f"{name}.pub").write_text("".join(f"{key}\n" for key in self.keys[name].public))

    def __call__(self, name: str, command: str, *words: str, keys: tuple[str, ...] | None = None) -> Told:
        given = [word for key in (keys if keys is not None else (name,)) for word in ("--key", f"{key}.key")]
        reading = command in ("notifications", "release", "take", "agenda")
        book = () if command == "sign" else ("--book", str(self.folder / name))
        told = self.ask(command, *words, *([] if reading else given), *book)
        assert "Traceback" not in told.err
        return told

    def told(self, name: str, command: str, *words: str, keys: tuple[str, ...] | None = None) -> str:
        told = self(name, command, *words, keys=keys)
        assert told.code == 0, told.err
        assert told.err == ""
        assert max(map(len, told.out.splitlines())) <= WIDTH
        return told.out

    def asked(self, name: str, command: str, *words: str, code: int = 0) -> dict[str, Any]:
        told = self(name, command, *words, "--format", "json")
        assert told.code == code, told.err
        found = json.loads(told.out)
        _, version = write_docs.ANSWERS[command]
        file = write_docs.ROOT / "docs" / "reference" / "json" / write_docs.schema_name(command, version)
        jsonschema.Draft202012Validator(json.loads(file.read_text("utf-8"))).validate(found)
        assert isinstance(found, dict)
        return found

    def fetch(self) -> None:
        for one, other in (("atl", "lem"), ("lem", "atl")):
            book = open_book(self.folder / one)
            sync(book, other, FolderStore(self.folder / other / "log"))

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, "utf-8")
        return str(self.folder / name)


_KEYS: dict[str, OfficeKeys] = {name: new_keys(f"{name}.example/book") for name in NAMES}


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tacit = article(
        "VII", "notice", of="elimination", timing="after", period="P5D", clock="receipt", effect="tacit-consent"
    )
    return write_book(
        tmp_path_factory.mktemp("laws"),
        parties=(party("ATL"), party("LEM")),
        treaties=[treaty("pact", limit(at_most=100), tacit, participants=["ATL", "LEM"])],
        forums=(),
    )


@pytest.fixture
def desks(tmp_path: Path, ask: Asker, laws: Path, monkeypatch: pytest.MonkeyPatch) -> Desks:
    real = reading_casebook.open_casebook

    def opened(*books: Any, **more: Any) -> Any:
        return real(laws, *books, **{"public": False, **more})

    for module in (reading_casebook, reading_books):
        monkeypatch.setattr(module, "open_casebook", opened)
    monkeypatch.setattr(key_files, "open_keys", lambda path, _: _KEYS[path.stem])
    monkeypatch.setattr(os, "fsync", lambda file: None)
    monkeypatch.setattr(os, "fdatasync", lambda file: None)
    monkeypatch.setenv("DETENTE_PASSPHRASE", "not asked for")
    monkeypatch.chdir(tmp_path)
    made = Desks(tmp_path, ask)
    for one, other in (("atl", "lem"), ("lem", "atl")):
        keys = tuple(str(key) for key in _KEYS[other].public)
        address = str(tmp_path / other / "log")
        open_book(tmp_path / one).meet(other, Other(origin=f"{other}.example/book", keys=keys, address=address))
        made.told(one, "office", f"{one.upper()}-MFA", "--party", one, "--pub", f"{one}.pub")
    made.fetch()
    return made


def _day() -> str:
    return datetime.now(UTC).date().isoformat()


def test_an_office_is_registered_changed_and_closed(desks: Desks) -> None:
    out = desks.told("atl", "office", "ATL-MOD", "--party", "ATL", "--pub", "atl-two.pub", "--may", "notify,receive")
    assert "ATL-MOD is registered in atl.example/book, entry 1; it speaks for ATL." in out
    assert "is closed" in desks.told("atl", "office", "ATL-MOD", "--party", "ATL", "--close")
    told = desks("atl", "notify", "--under", "pact/VII", "--office", "ATL-MOD", keys=("atl-two", "atl"))
    assert (told.code, "None of the keys is of the office" in told.err) == (2, True)


_WRONG: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "unknown-party": (("office", "X", "--party", "ATLANTIDA", "--pub", "atl.pub"), ("atl",), "no party"),
    "no-public-key": (("office", "X", "--party", "ATL"), ("atl",), "--pub"),
    "no-public-file": (("office", "X", "--party", "ATL", "--pub", "no.pub"), ("atl",), "cannot be read"),
    "another-log": (("office", "X", "--party", "ATL", "--pub", "atl.pub"), ("lem",), "Only the key of the log"),
    "no-key": (("notify", "--under", "pact/VII"), (), "detente key new"),
    "unknown-office": (("notify", "--under", "pact/VII", "--office", "X"), ("atl",), "It has: ATL-MFA"),
    "stranger": (("notify", "--under", "pact/VII"), ("stranger",), "None of the keys"),
    "no-table": (("declare", "numbers.toml"), ("atl",), "CSV"),
    "no-file": (("declare", "reports-no.csv"), ("atl",), "cannot be read"),
    "unknown-concern": (("answer", "lem.nothing"), ("atl",), "detente sync"),
    "not-ones-own": (("correct", "lem.x", "--set", "value=1"), ("atl",), "detente raise"),
    "no-notification": (("acknowledge", "lem.nothing"), ("atl",), "detente notifications"),
    "no-draft": (("submit", "no.draft"), ("atl",), "--draft"),
    "no-attachment": (("notify", "--under", "pact/VII", "--attach", "no.pdf"), ("atl",), "cannot be read"),
    "nothing-to-withhold": (("notify", "--under", "pact/VII", "--withhold", "value"), ("atl",), "It has:"),
    "author-withheld": (("notify", "--under", "pact/VII", "--withhold", "author"), ("atl",), "These can be:"),
    "nothing-to-release": (("release", "atl.nothing", "-o", "x.proof"), (), "its own statements"),
    "no-proof": (("take", "x.proof", "--of", "lem"), (), "cannot be read"),
    "nobody": (("take", "x.proof", "--of", "who"), (), "known: lem"),
    "no-day": (("notifications", "--on", "soon"), (), "YYYY-MM-DD"),
}


@pytest.mark.parametrize("name", _WRONG)
def test_wrong_input_ends_with_two_and_what_to_do(desks: Desks, name: str) -> None:
    words, keys, told = _WRONG[name]
    found = desks("atl", *words, keys=keys)
    assert (found.code, found.out) == (2, "")
    assert told in found.err


def test_a_table_is_declared_and_its_ids_become_ones_own(desks: Desks) -> None:
    rows = f"id,measure,party,instrument,value,silence,refs,on\na,warheads,ATL,pact,97,given,,{_day()}\n"
    rows += f"b,inspections,ATL,pact,3,given,a;other,{_day()}\n"
    out = desks.told("atl", "declare", desks.file("reports.csv", rows))
    assert re.findall(r"Kept: (\S+)\n +entry (\d+)", out) == [("atl.a", "1"), ("atl.b", "2")]
    kept = books_of(open_book(desks.folder / "atl"))["atl.example/book"]
    assert kept.written["atl.b"].draft.cells["refs"] == "atl.a;other"
    found = desks.asked("atl", "declare", desks.file("reports-2.csv", REPORT))
    assert [row["id"] for row in found["kept"]] == [f"atl.report.{_day()}.1"]
    assert found["refused"] == []


def test_every_fault_of_a_table_is_told_and_nothing_kept(desks: Desks) -> None:
    file = desks.file("reports.csv", "measure,party,colour,value\nwarheads,ATL,red\nwarheads,ATL,red,1,2\n")
    told = desks("atl", "declare", file)
    assert told.code == 1
    assert told.err.startswith("Nothing was kept:")
    assert [f":{n}: " in told.err for n in (1, 2, 3)] == [True] * 3
    found = desks.asked("atl", "declare", file, code=1)
    assert {fault["rule"] for fault in found["refused"]} == {"table"}


def test_what_the_record_would_blame_is_refused_with_every_reason(desks: Desks) -> None:
    file = desks.file("reports.csv", REPORT.replace("warheads,ATL", "missiles,XXX").replace("97", "many"))
    told = desks("atl", "declare", file)
    assert told.code == 1
    for text in ("No measure 'missiles'", "'XXX' names a party", "Nothing was kept:"):
        assert text in told.err
    found = desks.asked("atl", "declare", file, code=1)
    assert {fault["rule"] for fault in found["refused"]} == {"schema"}
    assert found["kept"] == []


def test_a_stale_write_is_refused_with_the_other_version(desks: Desks) -> None:
    file = desks.file("reports.csv", REPORT.replace("97", "98"))
    out = desks.told("atl", "declare", file, "--draft", "stale.draft")
    assert "detente submit stale.draft" in out
    desks.told(
        "atl",
        "declare",
        desks.file("reports-2.csv", REPORT.replace("measure", "id,measure").replace("warh", "own,warh")),
    )
    told = desks("atl", "submit", "stale.draft")
    assert told.code == 1
    assert "The other version:" in told.err
    assert "atl.own, entry 1" in told.err
    assert "value: 97" in told.err
    found = desks.asked("atl", "submit", "stale.draft", code=1)
    (fault,) = found["refused"]
    assert (fault["rule"], fault["other"]["id"], fault["other"]["cells"]["value"]) == ("conflict", "atl.own", "97")


def test_two_of_two_sign_a_draft(desks: Desks) -> None:
    desks.told("atl", "office", "ATL-MFA", "--party", "ATL", "--pub", "atl.pub", "--pub", "atl-two.pub", "--least", "2")
    file = desks.file("reports.csv", REPORT)
    told = desks("atl", "declare", file)
    assert (told.code, "1 of the 2 signatures" in told.err) == (1, True)
    found = desks.asked("atl", "declare", file, "--draft", "our.draft")
    assert (found["draft"], found["kept"]) == ("our.draft", [])
    assert "signed by" in desks.told("atl", "sign", "our.draft", keys=("atl-two",))
    assert "Kept: atl.report" in desks.told("atl", "submit", "our.draft")


def test_notify_acknowledge_and_see_the_clocks(desks: Desks) -> None:
    body = ("--en", "A silo was eliminated.", "--ru", "Шахта ликвидирована.")
    id = re.findall(r"Kept: (\S+)", desks.told("atl", "notify", "--under", "pact/VII", "--verb", "change", *body))[0]
    desks.fetch()
    assert "not yet received" in desks.told("lem", "notifications")
    assert "Kept: lem.receipt" in desks.told("lem", "acknowledge")
    assert desks.told("lem", "acknowledge") == "Nothing waits to be acknowledged.\n"
    assert desks.asked("lem", "acknowledge")["kept"] == []
    desks.fetch()
    english, russian = desks.told("atl", "notifications"), desks.told("atl", "notifications", "--lang", "ru")
    for text in (id, "A silo was eliminated.", "Шахта ликвидирована.", "received", "silence until", "pact/VII"):
        assert text in english
    for text in ("Уведомления", "получено", "молчание до"):
        assert text in russian
    (found,) = desks.asked("atl", "notifications")["notifications"]
    assert (found["id"], found["type"], found["state"], found["by_receipt"]) == (id, "pact/VII", "open", True)
    assert found["en"] == "A silo was eliminated."
    assert "No notification" in desks.told("atl", "notifications", "--on", "2020-01-01")
    desks.told("lem", "notify", "--under", "pact/VII", "--reply-to", id, "--en", "Noted.", "--ru", "Принято.")
    desks.told(
        "lem",
        "raise",
        "silo",
        "--about",
        "ATL",
        "--verb",
        "allege",
        "--to",
        id,
        "--under",
        "pact/VII",
        "--en",
        "No.",
        "--ru",
        "Нет.",
    )
    desks.fetch()
    out = desks.told("atl", "notifications")
    assert "objected" in out
    assert f"in reply to {id}" in out.replace("\n  ", " ")


def test_raise_and_answer_a_concern(desks: Desks) -> None:
    asked = ("--about", "ATL", "--under", "pact/II", "--en", "How many?", "--ru", "Сколько?")
    found = desks.asked("lem", "raise", "silos", *asked)
    id = found["kept"][0]["id"]
    desks.fetch()
    assert "Kept: atl.concern" in desks.told("atl", "answer", id, "--en", "97.", "--ru", "97.")
    assert desks.asked("atl", "answer", id, "--verb", "concede", "--en", "98.", "--ru", "98.")["kept"]
    told = desks(
        "atl", "answer", re.findall(r"(\S+)", desks.told("atl", "declare", desks.file("reports.csv", REPORT)))[1]
    )
    assert (told.code, "is no concern" in told.err) == (2, True)


def test_correct_keeps_what_was_withheld_withheld(desks: Desks) -> None:
    desks.told("atl", "declare", desks.file("reports.csv", REPORT), "--withhold", "value")
    id = f"atl.report.{_day()}.1"
    book = desks.folder / "atl"
    assert b"97" not in (book / "log" / "tile" / "entries" / "000.p" / "2").read_bytes().split(b'"cells"')[-1]
    assert "Nothing is to be changed" in desks("atl", "correct", id).err
    assert "Write --set" in desks("atl", "correct", id, "--set", "value").err
    again = desks.told("atl", "correct", id, "--set", "value=99", "--set", "en=All of them")
    new = re.findall(r"Kept: (\S+)", again)[0]
    row = reading_casebook.open_casebook(book).record.statement(new) or {}
    assert (row["value"], row["corrects"], row["en"]) == ("99", id, "All of them")
    assert b'"value":"99"' not in next((book / "log" / "tile" / "entries" / "000.p").iterdir()).read_bytes()
    told = desks("atl", "correct", id, "--set", "value=1")
    assert (told.code, f"'{id}' was corrected already" in told.err) == (1, True)
    assert desks.asked("atl", "correct", new, "--set", "colour=red", code=1)["refused"][0]["rule"] == "schema"


def test_release_one_withheld_number_and_take_it(desks: Desks) -> None:
    desks.told("atl", "declare", desks.file("reports.csv", REPORT), "--withhold", "value,en")
    desks.fetch()
    id = f"atl.report.{_day()}.1"
    lem = desks.folder / "lem"
    assert (reading_casebook.open_casebook(lem).record.statement(id) or {})["silence"] == "withheld"
    told = desks("atl", "release", id, "-o", "x.proof", "--disclose", "party")
    assert "It withholds: value, en." in told.err or "It withholds: en, value." in told.err
    assert "1 of 2 withheld cells disclosed" in desks.told("atl", "release", id, "-o", "x.proof", "--disclose", "value")
    out = desks.told("lem", "take", "x.proof", "--of", "atl")
    assert "value: 97" in out
    assert "1 cell stays withheld" in out
    row = reading_casebook.open_casebook(lem).record.statement(id) or {}
    assert (row["silence"], row["value"], row.get("en")) == ("given", "97", None)
    assert desks("atl", "take", "x.proof", "--of", "lem").code == 2


def test_a_joint_text_goes_round_and_is_kept_by_both(desks: Desks) -> None:
    rows = "verb,topic,issue,en,ru\nstate-jointly,peace,arms,We agree.,Мы согласны.\n"
    file = desks.file("positions.csv", rows)
    told = desks("atl", "declare", file, "--with", "lem:LEM-MFA")
    assert (told.code, "--draft" in told.err) == (2, True)
    told = desks("atl", "declare", file)
    assert (told.code, "names no other side" in told.err) == (1, True)
    for wrong in ("lem", "who:X"):
        assert desks("atl", "declare", file, "--with", wrong, "--draft", "joint.draft").code == 2
    assert desks("atl", "declare", desks.file("reports.csv", REPORT), "--with", "lem:LEM-MFA", "--draft", "x").code == 2
    desks.told("atl", "declare", file, "--with", "lem:LEM-MFA", "--draft", "joint.draft")
    told = desks("atl", "submit", "joint.draft")
    assert (told.code, "0 of the 1 signatures that 'LEM-MFA'" in told.err) == (1, True)
    desks.told("lem", "sign", "joint.draft", keys=("lem",))
    for name in ("atl", "lem"):
        assert "Kept: joint.position" in desks.told(name, "submit", "joint.draft")
    desks.fetch()
    for name in ("atl", "lem"):
        record = reading_casebook.open_casebook(desks.folder / name).record
        assert sorted(record.by_kind("position")["author"]) == ["ATL", "LEM"]


def test_a_folder_that_is_no_book_is_told_so(desks: Desks) -> None:
    told = desks.ask("declare", "reports.csv", "--book", str(desks.folder / "nowhere"), "--key", "atl.key")
    assert (told.code, "There is no book" in told.err) == (2, True)
