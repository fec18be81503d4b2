"""The escrow as two states use it: every command, both languages, 80 columns, JSON, and what is said of wrong input."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from cli.asking import WIDTH
from cli.asking import Asker
from cli.asking import Told
from detente.cli.app import app
from ledger.escrow.made import FORM
from ledger.escrow.made import SITES

LANGUAGES = ("en", "ru")


class Desk:
    """The files of both sides in one folder; answers are checked for what all of them have in common."""

    def __init__(self, ask: Asker, folder: Path) -> None:
        self.ask = ask
        self.folder = folder
        (folder / "ipd.toml").write_text(FORM + SITES, "utf-8")

    def __call__(self, *words: str, code: int = 0) -> Told:
        told = self.ask("escrow", *words)
        assert told.code == code, told.err + told.out
        assert "Traceback" not in told.err
        if "json" not in words:
            assert all(len(line) <= WIDTH for line in told.out.splitlines()), told.out
        return told

    def slot(self, ids: str) -> str:
        """Return where a site stands, as the declarer alone knows."""
        held = json.loads((self.folder / "ipd.secret.json").read_text("utf-8"))["ranks"][0]
        return f"@{held['nodes'].index(held['ids'].index(ids))}"


@pytest.fixture
def desk(ask: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(ask, tmp_path)


@pytest.fixture
def done(desk: Desk) -> Desk:
    """Both sides after a whole round: committed, opened, asked, drawn, renewed."""
    desk("commit", "ipd.toml")
    desk("open", "ipd.secret.json", "--level", "1", "--out", "names.json")
    desk("open", "ipd.secret.json", "kesh", "--level", "3", "--out", "kesh.json")
    places = ("name=Kesh Plateau", "--opened", "names.json", "--level", "3")
    asked = ("--by", "Karelund", "--before", "2031-02-01", "--out", "request.json")
    desk("request", "ipd.commitment.json", *places, *asked)
    parties = ("--party", "Ipindovia", "--party", "Karelund", "--before", "2031-03-01")
    desk("draw", "begin", "ipd.commitment.json", *parties, "--number", "4", "--rank", "item", "--out", "session.json")
    for party in ("ipd", "kar"):
        name = {"ipd": "Ipindovia", "kar": "Karelund"}[party]
        files = ("--nonce", f"{party}.nonce", "--out", f"{party}.promise")
        desk("draw", "commit", "session.json", "--party", name, *files)
    for party in ("ipd", "kar"):
        both = ("ipd.promise", "kar.promise", "--out", f"{party}.opened")
        desk("draw", "reveal", "session.json", f"{party}.nonce", *both)
    desk("draw", "sample", "session.json", *_DRAW, "--out", "sample.json")
    (desk.folder / "next.toml").write_text((FORM + SITES).replace("2031", "2032").replace("IPD-0002", "IPD-7"), "utf-8")
    desk("renew", "ipd.secret.json", "next.toml")
    desk("stayed", "ipd.secret.json", "next.secret.json", "kesh/k1", "--out", "stayed.json")
    return desk


_DRAW = ("ipd.promise", "kar.promise", "ipd.opened", "kar.opened")
_STATUS = ("ipd.commitment.json", "names.json", "request.json", "session.json", *_DRAW, "--on", "2031-02-01")
ANSWERS: dict[str, tuple[tuple[str, ...], int, str, str]] = {
    "check": (
        ("check", "ipd.commitment.json", "names.json", "kesh.json", "--all"), 0,
        "kesh.json: opening: matches", "сходится",
    ),
    "check-stayed": (
        ("check", "next.commitment.json", "stayed.json", "--previous", "ipd.commitment.json"), 0,
        "7 of 8 earlier slots stayed", "не изменилось 7",
    ),
    "declared": (
        ("absent", "ipd.commitment.json", "kesh.json", "--found", "serial=IPD-0001"), 0, "declared", "объявлено",
    ),
    "not-opened": (
        ("absent", "ipd.commitment.json", "kesh.json", "--found", "serial=IPD-9"), 0, "not opened", "не раскрыто",
    ),
    "status": (("status", *_STATUS), 0, "refused", "отказано"),
    "sample": (("draw", "sample", "session.json", *_DRAW), 0, "Karelund: opened", "Karelund: раскрыто"),
    "refused": (
        ("draw", "sample", "session.json", *_DRAW[:3], "--on", "2031-03-01"), 1, "Karelund: refused", "отказано",
    ),
    "no-commitment": (
        ("draw", "sample", "session.json", "ipd.promise", "--on", "2031-02-01"), 1,
        "Karelund: not committed", "обязательство не дано",
    ),
}  # fmt: skip


def test_every_answer_in_both_languages_and_formats(done: Desk) -> None:
    for name, (words, code, english, russian) in ANSWERS.items():
        for lang, says in zip(LANGUAGES, (english, russian), strict=True):
            assert says in done(*words, "--lang", lang, code=code).out, name
        answer = json.loads(done(*words, "--format", "json", code=code).out)
        assert answer["version"] == 1


def test_an_item_that_is_found_and_not_declared(done: Desk) -> None:
    words = ("absent", "ipd.commitment.json", "kesh.json", "--found", "serial=IPD-9", "--under", "name=Kesh Plateau")
    told = done(*words)
    assert "undeclared" in told.out
    assert "не объявлено" in done(*words, "--lang", "ru").out
    assert json.loads(done(*words, "--format", "json").out)["absence"]["state"] == "undeclared"


def test_what_was_asked_for_and_drawn_can_be_opened(done: Desk) -> None:
    done("open", "ipd.secret.json", "--request", "request.json", "--out", "answer.json")
    done("open", "ipd.secret.json", "--sample", "sample.json", "--level", "3", "--out", "drawn.json")
    told = done("status", *_STATUS, "answer.json", "drawn.json")
    assert re.search(r"before 2031-02-01: opened", told.out)
    assert "Joint draws" in told.out


def test_a_list_that_was_opened_can_be_drawn_from(done: Desk) -> None:
    words = ("--opened", "kesh.json", "--number", "2", "--before", "2031-03-01", "--party", "A", "--party", "B")
    done("draw", "begin", "ipd.commitment.json", "--rank", "item", *words, "--out", "two.json")
    assert len(json.loads((done.folder / "two.json").read_text("utf-8"))["among"]) == 2


def test_a_damaged_opening_is_shown_to_be_damaged(done: Desk) -> None:
    data = (done.folder / "kesh.json").read_text("utf-8").replace("IPD-0001", "IPD-0008")
    (done.folder / "forged.json").write_text(data, "utf-8")
    told = done("check", "ipd.commitment.json", "forged.json", code=1)
    assert "forged.json: opening: does not match" in told.out
    assert "forged.json: error: @" in told.out
    assert "IPD-0008" not in told.out
    found = ("--found", "serial=IPD-9", "--under", done.slot("kesh"))
    assert ": does not match" in done("absent", "ipd.commitment.json", "forged.json", *found, code=1).out


def test_a_secret_under_a_passphrase(desk: Desk) -> None:
    (desk.folder / "phrase").write_text("correct horse\n", "utf-8")
    desk("commit", "ipd.toml", "--passphrase-file", "phrase", "--format", "json")
    secret = desk.folder / "ipd.secret.age"
    assert secret.read_bytes().startswith(b"age-encryption.org/v1")
    assert secret.stat().st_mode & 0o777 == 0o600
    words = ("open", "ipd.secret.age", "--level", "3", "--out", "all.json")
    assert "--passphrase-file" in desk(*words, code=2).err
    desk(*words, "--passphrase-file", "phrase")
    (desk.folder / "wrong").write_text("wrong", "utf-8")
    assert "does not open the file" in desk(*words[:-1], "x", "--passphrase-file", "wrong", code=2).err


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "nothing-there": (("check", "nowhere.json", "names.json"), "that can be read"),
    "no-commitment": (("check", "ipd.toml", "names.json"), "does not have the form"),
    "no-opening": (("check", "ipd.commitment.json", "ipd.toml"), "Give a file of one of"),
    "file-twice": (("check", "ipd.commitment.json", "names.json", "names.json"), "named twice"),
    "stayed-alone": (("check", "next.commitment.json", "stayed.json"), "--previous FILE"),
    "other-period": (("check", "next.commitment.json", "names.json"), "about the commitment"),
    "no-level": (("open", "ipd.secret.json", "--out", "x"), "1 to 3"),
    "bad-level": (("open", "ipd.secret.json", "--level", "9", "--out", "x"), "levels 1 to 3"),
    "bad-node": (("open", "ipd.secret.json", "kezh", "--level", "1", "--out", "x"), "site/facility/item"),
    "level-too-low": (("open", "ipd.secret.json", "kesh/k1/1", "--level", "1", "--out", "x"), "that does is 2"),
    "exists": (("commit", "ipd.toml"), "exists already"),
    "no-field": (("absent", "ipd.commitment.json", "names.json", "--found", "x"), "--found serial="),
    "unknown-field": (("absent", "ipd.commitment.json", "names.json", "--found", "x=1"), "item: kind, serial"),
    "bad-place": (("absent", "ipd.commitment.json", "names.json", "--found", "serial=1", "--under", "x"), "@5/2"),
    "nobody": (("absent", "ipd.commitment.json", "names.json", "--found", "serial=1", "--under", "name=x"), "0 have"),
    "bad-day": (("status", "ipd.commitment.json", "--on", "soon"), "YYYY-MM-DD"),
    "no-use": (("status", "ipd.commitment.json", "stayed.json"), "openings, requests and draws"),
    "no-session": (("status", "ipd.commitment.json", "ipd.promise"), "session file as well"),
    "one-party": (
        ("draw", "begin", "ipd.commitment.json", "--party", "A", "--number", "1", "--rank", "item", "--before",
         "2031-01-02", "--out", "x"), "--party A --party B",
    ),
    "too-early": (("draw", "reveal", "session.json", "ipd.nonce", "ipd.promise", "--out", "x"), "Wait for both"),
    "nonce-for-promise": (
        ("draw", "reveal", "session.json", "ipd.promise", "ipd.promise", "kar.promise", "--out", "x"), "no nonce",
    ),
    "stranger": (
        ("draw", "commit", "session.json", "--party", "Nobody", "--nonce", "n", "--out", "x"), "no party to this draw",
    ),
    "not-renewable": (("renew", "ipd.commitment.json", "next.toml"), "does not have the form"),
    "nothing-to-say": (("absent", "ipd.commitment.json", "names.json"), "Missing option"),
    "no-such-command": (("bury",), "No such command"),
}  # fmt: skip


def test_wrong_input_ends_with_two_and_what_to_do(done: Desk) -> None:
    before = sorted(path.name for path in done.folder.iterdir())
    for name, (words, remedy) in WRONG.items():
        told = done(*words, code=2)
        assert told.out == "", name
        assert remedy in told.err, (name, told.err)
        assert len(told.err.strip().splitlines()) <= 5, name
    assert sorted(path.name for path in done.folder.iterdir()) == before


def test_every_fault_of_a_declaration_is_listed_and_nothing_is_written(desk: Desk) -> None:
    (desk.folder / "ipd.toml").write_text(FORM + SITES.replace("serial", "number"), "utf-8")
    told = desk("commit", "ipd.toml", code=2)
    assert len(re.findall(r"ipd\.toml:\d+: error: ", told.err)) == 6
    assert "6 fault(s); nothing was committed to" in told.err
    assert [path.name for path in desk.folder.iterdir()] == ["ipd.toml"]


def _commands() -> list[tuple[str, ...]]:
    group = get_command(app).commands["escrow"]  # type: ignore[attr-defined]
    return [(), *((name,) for name in group.commands), *(("draw", name) for name in group.commands["draw"].commands)]


@pytest.mark.parametrize("words", _commands(), ids="-".join)
def test_help_fits_the_page(ask: Asker, words: tuple[str, ...]) -> None:
    told = ask("escrow", *words, "--help")
    assert told.code == 0
    assert max(map(len, told.out.splitlines())) <= WIDTH


def test_the_other_commands_do_not_load_the_escrow() -> None:
    code = (
        "import sys, detente.cli.escrow\n"
        "heavy = ('cryptography', 'pyrage', 'detente.ledger')\n"
        "print(*(n for n in sys.modules if n.startswith(heavy)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
