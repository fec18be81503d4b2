"""Two offices keep books by the command line: every command, its faults, both languages, 80 columns and JSON."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.asking import WIDTH
from cli.asking import Asker
from cli.asking import Told
from detente.ledger.book import open_book
from detente.ledger.keys import open_keys
from detente.ledger.served import witness_server
from detente.ledger.sync import sync
from ledger.offices import ATLANTIS
from ledger.offices import LEMURIA
from ledger.offices import at_once as at_once
from ledger.offices import book_of
from ledger.offices import grown
from ledger.offices import keys_of
from ledger.offices import other_of
from ledger.test_keys import PASSPHRASE
from ledger.test_keys import key_file
from ledger.test_stores import http_folder


class Desk:
    """A folder with the keys and the books of two offices, and the command line in it."""

    def __init__(self, ask: Asker, folder: Path) -> None:
        self._ask = ask
        self.folder = folder

    def __call__(self, line: str, *more: str) -> Told:
        told = self._ask(*line.split(), *more)
        assert "Traceback" not in told.err
        if "--format" not in line and "--help" not in line:
            assert max(map(len, told.out.splitlines()), default=0) <= WIDTH, told.out
        return told

    def ok(self, line: str, *more: str) -> str:
        told = self(line, *more)
        assert told.code == 0, told.err
        return told.out

    def json(self, line: str) -> Any:
        told = self(f"{line} --format json")
        assert told.code == 0, told.err
        return msgspec.json.decode(told.out)

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, "utf-8")
        return name


@pytest.fixture
def desk(ask: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DETENTE_PASSPHRASE", PASSPHRASE)
    for name, office in (("atl", ATLANTIS), ("lem", LEMURIA)):
        keys = keys_of(office)
        key_file(tmp_path / f"{name}.key", keys)
        (tmp_path / f"{name}.pub").write_text("".join(f"{key}\n" for key in keys.public), "utf-8")
        book_of(tmp_path / name, keys)
    desk = Desk(ask, tmp_path)
    desk.write("one.json", '{"text": "We have 1,550 warheads.\\nAll told.", "id": "atl.1", "items": [1, {"a": []}]}')
    desk.write("two.json", '{"id": "atl.2", "text": "\\u001b[31m' + "long " * 60 + '"}')
    return desk


@pytest.fixture
def two(desk: Desk) -> Desk:
    """The two know each other; Atlantis has two statements, of which Lemuria has countersigned the head."""
    desk.ok("log meet lemuria lem.pub --at lem --book atl")
    desk.ok("log meet atlantis atl.pub --at atl/log --book lem")
    desk.ok("log append one.json two.json --book atl --key atl.key")
    desk.ok("witness atlantis --book lem --key lem.key")
    desk.ok("sync atlantis --book lem")
    desk.ok("sync lemuria --book atl")
    return desk


def test_keys_are_made_and_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyrage.passphrase.encrypt", lambda text, passphrase: passphrase.encode() + text)
    desk.write("pass.txt", "words of a file\nmore\n")
    told = desk("key new mfa.mu.example/mu --dir . --passphrase-file pass.txt")
    assert told.code == 0
    assert "mu.key is private" in told.err
    assert (desk.folder / "mu.key").read_bytes().startswith(b"words of a filemfa.mu.example/mu\n")
    assert desk.ok("key show mu.pub") == told.out
    shown = desk.json("key show mu.pub")
    assert [row["kind"] for row in shown["keys"]] == ["Ed25519", "Ed25519", "ML-DSA-44"]
    assert all(row["id"] in told.out for row in shown["keys"])
    assert desk("key new mfa.mu.example/mu").code == 2
    assert "заверяет чужие журналы" in desk.ok("key show mu.pub --lang ru")


def test_a_book_is_started_and_kept(desk: Desk) -> None:
    assert "Serve new/log" in desk.ok("log init new --key atl.key")
    assert desk("log init new --key atl.key").code == 2
    assert desk.json("log append one.json --book new --key atl.key")["entries"] == [0]
    assert "entry 1" in desk.ok("log append two.json --book new --key atl.key")
    assert "entries 2 to 3" in desk.ok("log append one.json two.json --book new --key atl.key")
    head = desk.json("log head --book new")
    assert (head["size"], head["countersigned"], head["others"]) == (4, [], [])
    found = desk.json("log verify --book new")
    assert (found["verified"], found["unknown"], found["wrong"]) == (4, 0, [])


def test_files_are_kept_all_or_none(desk: Desk) -> None:
    for name, text in (("bad.json", "hello"), ("list.json", "[1]"), ("nan.json", '{"a": 1e999}'), ("empty.json", "")):
        desk.write(name, text)
        told = desk(f"log append one.json {name} --book atl --key atl.key")
        assert told.code == 2
        assert name in told.err
    assert desk("log append one.json nothing.json --book atl --key atl.key").code == 2
    assert desk.json("log head --book atl")["size"] == 0
    assert desk("log append one.json --book atl --key lem.key").code == 2
    assert desk.json("log head --book atl")["size"] == 0


def test_a_long_statement_and_a_note_of_both_sides_are_kept(desk: Desk) -> None:
    from detente.ledger.entries import canonical
    from detente.ledger.notes import signed

    desk.write("long.json", '{"id": "long", "text": "%s"}' % ("x" * 1_500_000))
    joint = signed(canonical({"id": "joint"}) + b"\n", keys_of(ATLANTIS).note, keys_of(LEMURIA).note)
    (desk.folder / "joint.note").write_bytes(joint)
    desk.ok("log append long.json joint.note --book atl --key atl.key")
    found = desk.json("log verify atl --pub atl.pub")
    assert (found["verified"], found["bodies"]) == (2, 1)
    desk.ok("log prove joint --book atl -o joint.tlog-proof")
    proof = desk.json("log check joint.tlog-proof --pub atl.pub --pub lem.pub")["proof"]
    assert proof["signed"] == [ATLANTIS, LEMURIA]
    desk.ok("log prove long --book atl -o long.tlog-proof")
    assert "SHA-256" in desk.ok("log check long.tlog-proof --pub atl.pub")
    body = next((desk.folder / "atl/log/body").iterdir())
    body.write_bytes(body.read_bytes().replace(b"xxxx", b"yyyy", 1))
    told = desk("log verify atl --pub atl.pub")
    assert told.code == 1
    assert "entry 0: The body" in told.out


def test_the_head_says_who_has_countersigned(two: Desk) -> None:
    head = two.json("log head --book atl")
    assert [(row["name"], row["size"], row["kind"]) for row in head["countersigned"]] == [
        (LEMURIA, 2, "Ed25519"), (LEMURIA, 2, "ML-DSA-44"),
    ]  # fmt: skip
    text = two.ok("log head --book atl")
    assert head["root"] in text
    assert head["countersigned"][0]["time"] in text
    assert "copy of 0 entries" in text
    assert "countersigned here: 2 entries" in two.ok("log head --book lem")
    assert "Заверено" in two.ok("log head --book atl --lang ru")


def test_an_entry_is_proved_and_checked_with_the_keys_alone(two: Desk) -> None:
    raw = two.ok("log prove 0 --book atl --format json")
    assert raw.startswith("c2sp.org/tlog-proof@v1\nextra ")
    made = two.json("log prove atl.1 --book atl -o p.tlog-proof")
    assert (made["index"], made["size"], len(made["countersigned"])) == (0, 2, 2)
    assert (two.folder / "p.tlog-proof").read_text("utf-8") == raw
    shutil.rmtree(two.folder / "atl")
    text = two.ok("log check p.tlog-proof --pub atl.pub --pub lem.pub")
    for said in ("has this entry at 0", "We have 1,550 warheads.", f"signed by: {ATLANTIS}", "ML-DSA-44"):
        assert said in text
    one_key = two.ok("log check p.tlog-proof --pub atl.pub")
    assert f"keys not given: {LEMURIA}" in one_key
    assert "By no key that was given" in one_key
    told = two("log check p.tlog-proof --pub lem.pub")
    assert told.code == 2
    assert ATLANTIS in told.err
    assert two("log check p.tlog-proof").code == 2
    assert "Доказано" in two.ok("log check p.tlog-proof --pub atl.pub --lang ru")


def test_what_is_shown_of_a_statement_moves_no_terminal(two: Desk) -> None:
    two.ok("log prove atl.2 --book atl -o p.tlog-proof")
    text = two.ok("log check p.tlog-proof --pub atl.pub")
    assert "\x1b" not in text
    assert "\\u001b[31m" in text


def test_a_proof_uses_the_newest_countersigned_head_that_holds_the_entry(two: Desk) -> None:
    grown(open_book(two.folder / "atl"), keys_of(ATLANTIS), 300)
    assert two.json("log prove 1 --book atl -o p")["size"] == 2
    alone = two.json("log prove 2 --book atl -o p")
    assert (alone["size"], alone["countersigned"]) == (302, [])
    assert two.json("log check p --pub atl.pub")["proof"]["size"] == 302
    copied = two.json("log prove atl.2 --of atlantis --book lem -o q")
    assert (copied["origin"], copied["index"], len(copied["countersigned"])) == (ATLANTIS, 1, 2)
    two.ok("log check q --pub atl.pub --pub lem.pub")


@pytest.mark.parametrize("entry", ["2", "99999999999999999999", "nobody", "-", "²"])
def test_an_entry_that_is_not_there_is_not_proved(two: Desk, entry: str) -> None:
    assert two("log prove --book atl -- ", entry).code == 2


def test_altered_proofs_end_with_one(two: Desk) -> None:
    two.ok("log prove 0 --book atl -o p")
    whole = (two.folder / "p").read_text("utf-8")
    lines = whole.splitlines(keepends=True)
    altered = {
        "index": whole.replace("index 0", "index 1"),
        "no path": "".join(lines[:3] + lines[4:]),
        "another entry": whole.replace(lines[1], f"extra {'e30='}\n"),
        "no entry": "".join(lines[:1] + lines[2:]),
        "a head": whole.replace(f"\n{ATLANTIS}\n2\n", f"\n{ATLANTIS}\n3\n"),
        "a countersignature": re.sub(rf"(— {LEMURIA} \S{{20}})\S", r"\1!", whole),
        "half": whole[: len(whole) // 2],
        "nothing": "",
        "text": "hello\n",
    }
    for name, text in altered.items():
        two.write("q", text)
        told = two("log check q --pub atl.pub --pub lem.pub")
        assert told.code == 1, name
        assert told.out == ""
    first = two("log check nothing --pub atl.pub")
    assert first.code == 2


def test_disclosures_after_an_entry_are_counted_and_not_mistaken_for_it(two: Desk) -> None:
    from detente.ledger.proofs import LogProof

    two.ok("log prove 0 --book atl -o p")
    proof = LogProof.parse((two.folder / "p").read_bytes())
    for after, count in ((b"~", 0), (b"~WyJhIl0~WyJiIl0~", 2)):
        (two.folder / "q").write_bytes(msgspec.structs.replace(proof, extra=proof.extra + after).encoded())
        assert two.json("log check q --pub atl.pub")["proof"]["disclosed"] == count
    (two.folder / "q").write_bytes(msgspec.structs.replace(proof, extra=proof.extra + b"~!").encoded())
    assert two("log check q --pub atl.pub").code == 1


def test_a_fork_ends_with_one_and_its_evidence_is_checked_by_a_third(two: Desk) -> None:
    keys = keys_of(ATLANTIS)
    book_of(two.folder / "fork", keys, 5, "another past")
    for line in ("sync atlantis --book lem --at fork", "witness atlantis --book lem --at fork --key lem.key"):
        told = two(line)
        assert told.code == 1
        assert "broken its promise" in told.err
    (folder,) = (two.folder / "lem/others/atlantis/evidence").iterdir()
    shutil.copytree(folder, two.folder / "evidence")
    assert "Proved" in two.ok("log check evidence --pub atl.pub")
    assert two.json("log check evidence --pub atl.pub")["evidence"] == {
        "kind": "fork", "proved": True, "old": 2, "new": 5,
    }  # fmt: skip
    assert "две истории" in two.ok("log check evidence --pub atl.pub --lang ru")
    assert two("log check evidence --pub lem.pub").code == 2
    (two.folder / "evidence/consistency").unlink()
    told = two("log check evidence --pub atl.pub")
    assert told.code == 1
    assert "not a proof" in told.out
    (two.folder / "evidence/second.checkpoint").write_text("x", "utf-8")
    assert two("log check evidence --pub atl.pub").code == 1
    (two.folder / "empty").mkdir()
    assert two("log check empty --pub atl.pub").code == 2


def test_a_damaged_log_ends_with_one(two: Desk) -> None:
    bundle = two.folder / "atl/log/tile/entries/000.p/2"
    bundle.write_bytes(bundle.read_bytes().replace(b"1,550", b"1,551"))
    told = two("log verify atl/log --pub atl.pub")
    assert told.code == 1
    assert "entry 0" in told.err
    assert two("log verify --book atl").code == 1
    assert two("log verify nowhere --pub atl.pub").code == 2
    assert two("log verify atl/log --pub lem.pub").code == 2


def test_a_log_is_verified_and_taken_over_by_http(two: Desk) -> None:
    grown(open_book(two.folder / "atl"), keys_of(ATLANTIS), 3)
    with http_folder(two.folder / "atl/log") as url:
        assert two.json(f"log verify {url} --pub atl.pub")["verified"] == 5
        assert two.json(f"sync atlantis --book lem --at {url}/")["after"] == 5
        told = two(f"sync atlantis --book lem --at {url}/nowhere")
    assert told.code == 2
    assert two(f"sync atlantis --book lem --at {url}").code == 2


def test_a_stick_there_and_back(two: Desk) -> None:
    grown(open_book(two.folder / "atl"), keys_of(ATLANTIS), 3)
    shutil.copytree(two.folder / "atl/log", two.folder / "stick/atl")
    assert two.json("sync atlantis --book lem --at stick/atl") == {
        "version": 1, "origin": ATLANTIS, "before": 2, "after": 5, "countersigned": None,
    }  # fmt: skip
    assert two.json("witness atlantis --book lem --at stick/atl --key lem.key")["since"] == 2
    shutil.copytree(two.folder / "lem/log", two.folder / "stick/lem")
    assert "has countersigned 5 entries" in two.ok("sync lemuria --book atl --at stick/lem")
    assert "заверила" in two.ok("sync lemuria --book atl --at stick/lem --lang ru")


def test_a_request_as_a_file(two: Desk) -> None:
    grown(open_book(two.folder / "atl"), keys_of(ATLANTIS), 3)
    assert "request for 5 entries" in two.ok("log ask lemuria -o request --book atl")
    two.ok("witness --request request -o answer --book lem --key lem.key")
    assert len(two.json("log ask lemuria --answer answer --book atl")["countersigned"]) == 2
    told = two("witness --request request -o again --book lem --key lem.key")
    assert told.code == 2
    assert "--old 5" in told.err
    two.ok("log ask lemuria -o request --old 5 --book atl")
    two.ok("witness --request request -o answer --book lem --key lem.key")
    two.write("request", "hello")
    told = two("witness --request request -o more --book lem --key lem.key")
    assert (told.code, (two.folder / "more").exists()) == (1, False)
    assert "400" in told.err
    two.write("answer", "hello\n")
    assert two("log ask lemuria --answer answer --book atl").code == 1
    assert two("witness --request request --book lem --key lem.key").code == 2


def test_asking_over_http(two: Desk) -> None:
    lem = open_book(two.folder / "lem")
    server = witness_server(lem, keys_of(LEMURIA), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        port = server.server_port
        grown(open_book(two.folder / "atl"), keys_of(ATLANTIS), 1)
        assert two.json(f"log ask lemuria --at http://127.0.0.1:{port} --book atl")["size"] == 3
        told = two(f"witness --serve {port} --book lem --key lem.key")
        assert told.code == 2
        assert "Nothing can listen" in told.err
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert two(f"log ask lemuria --at http://127.0.0.1:{port} --book atl").code == 2


def test_a_server_of_countersignatures_answers_until_it_is_stopped(two: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("socketserver.BaseServer.serve_forever", stopped)
    told = two("witness --serve 47113 --book lem --key lem.key")
    assert told.code == 0
    assert "47113/add-checkpoint" in told.err


WRONG = {
    "no-book": ("log head --book nowhere", "log init"),
    "no-book-here": ("log head", "log init"),
    "no-key": ("log append one.json --book atl", "'--key'"),
    "no-key-file": ("log append one.json --book atl --key none.key", "key new"),
    "no-key-in-it": ("log append one.json --book atl --key one.json", "passphrase"),
    "no-public-key": ("key show one.json", r"NAME\+ID\+KEY"),
    "no-public-file": ("key show none.pub", "there"),
    "a-private-key-shown": ("key show atl.key", "NAME"),
    "no-other": ("sync nobody --book atl", "log meet"),
    "no-other-to-visit": ("witness nobody --book atl --key atl.key", "log meet"),
    "a-bad-name": ("log meet .. lem.pub --book atl", "short name"),
    "itself": ("log meet me atl.pub --book atl", "other side"),
    "nothing-to-do": ("witness --book atl --key atl.key", "OTHER"),
    "two-things-to-do": ("witness x --serve 8000 --book atl --key atl.key", "more than one"),
    "no-way-to-ask": ("log ask lemuria --book atl", "--answer"),
    "no-passphrase-file": ("log init new --key atl.key --passphrase-file none", "none"),
    "a-bad-office": ("key new a+b", "mfa.example/book"),
    "a-short-passphrase": ("key new mu --passphrase-file short", "several words"),
    "no-keys-to-check-with": ("log check one.json", "--pub"),
    "a-bad-format": ("log head --book atl --format csv", "'csv' is not one of"),
    "no-such-command": ("log dance", "No such command"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_ends_with_two_and_what_to_do(desk: Desk, case: str) -> None:
    desk.write("short", "short\n")
    line, remedy = WRONG[case]
    told = desk(line)
    assert told.code == 2, told.out
    assert told.out == ""
    assert re.search(remedy, told.err), told.err
    assert len(told.err.strip().splitlines()) <= 5


def test_no_address_is_asked_for(desk: Desk) -> None:
    desk.ok("log meet lemuria lem.pub --book atl")
    for line in ("sync lemuria --book atl", "witness lemuria --book atl --key atl.key"):
        told = desk(line)
        assert told.code == 2
        assert "--at ADDRESS" in told.err


def test_the_passphrase_is_asked_for_at_a_terminal_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DETENTE_PASSPHRASE")
    told = desk("log append one.json --book atl --key atl.key")
    assert told.code == 2
    assert "--passphrase-file" in told.err
    desk.write("wrong", "another passphrase\n")
    told = desk("log append one.json --book atl --key atl.key --passphrase-file wrong")
    assert told.code == 2
    assert "does not open" in told.err
    environment = {k: v for k, v in os.environ.items() if k != "DETENTE_PASSPHRASE"} | {"COLUMNS": "80"}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "detente", "log", "append", "one.json", "--book", "atl", "--key", "atl.key"],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while b"Passphrase of atl.key" not in seen:
        seen += os.read(ours, 1024)
    os.write(ours, PASSPHRASE.encode() + b"\n")
    try:
        while part := os.read(ours, 1024):
            seen += part
    except OSError:  # the other end of a terminal closes with an error
        pass
    os.close(ours)
    assert process.wait(timeout=60) == 0, seen
    assert PASSPHRASE.encode() not in seen
    assert desk.json("log head --book atl")["size"] == 1


def test_environment_names_book_and_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_BOOK", "atl")
    monkeypatch.setenv("DETENTE_KEY", "atl.key")
    desk.ok("log append one.json")
    assert desk.json("log head")["size"] == 1
    assert open_keys(desk.folder / "atl.key", PASSPHRASE).name == ATLANTIS


def test_another_side_met_by_the_library_is_the_same(desk: Desk) -> None:
    book = open_book(desk.folder / "atl")
    book.meet("lemuria", other_of(keys_of(LEMURIA)))
    from detente.ledger.stores import FolderStore

    sync(book, "lemuria", FolderStore(desk.folder / "lem/log"))
    assert desk.json("log head --book atl")["others"][0]["copied"] == 0


@pytest.mark.parametrize("words", [("agenda", "--on", "2018-07-10"), ("log", "--help"), ("--help",)])
def test_commands_about_the_record_load_no_cryptography(words: tuple[str, ...]) -> None:
    code = (
        f"import sys; sys.argv = ['detente', *{words!r}]\n"
        "from detente.cli import run\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        "costly = {'cryptography', 'pyrage', 'fsspec', 'rfc8785', 'wsgiref'}\n"
        "found = costly & {m.partition('.')[0] for m in sys.modules}\n"
        "sys.stderr.write(repr(sorted(found)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == "[]"
