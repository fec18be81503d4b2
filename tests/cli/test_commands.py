"""Every command in both languages and all formats; wrong input of each kind; a folder of faults; a new casebook."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import polars as pl
import pytest
from icalendar import Calendar
from typer.main import get_command

from builders import statement
from builders import write_table
from builders import write_toml
from cli.asking import WIDTH
from cli.asking import Asker
from detente.cli.app import app

ON = ("--on", "2018-07-10")
COMMANDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "agenda": (("agenda", *ON), ("text", "json", "md", "ics")),
    "status": (("status", *ON), ("text", "json", "csv")),
    "status-one": (("status", "new-start", *ON), ("text", "json", "csv")),
    "findings": (("findings", "new-start", *ON), ("text", "json", "csv")),
    "explain": (("explain", "new-start/II.1(b)/RUS", *ON), ("text", "json")),
    "explain-item": (("explain", "due.new-start.term", *ON), ("text", "json")),
    "due": (("due", *ON), ("text", "json", "ics")),
    "diff": (("diff", "2018-07-10", "2019-08-02"), ("text", "json")),
    "history": (("history", "new-start", "II.1(b)", "--party", "RUS", "--on", "2011-10-01"), ("text", "json", "csv")),
    "forums": (("forums", *ON), ("text", "json", "csv")),
    "forum": (("forums", "bpc", *ON), ("text", "json", "csv")),
    "ties": (("ties", "--on", "1966-07-10"), ("text", "json", "csv")),
    "claims": (("claims", "new-start-ends-within-three-years", *ON), ("text", "json")),
    "show": (("show", "new-start", *ON), ("text", "json")),
}
ALL = [(name, form, lang) for name, (_, forms) in COMMANDS.items() for form in forms for lang in ("en", "ru")]


@pytest.mark.parametrize(("name", "form", "lang"), ALL)
def test_every_command_in_every_format_and_language(ask: Asker, name: str, form: str, lang: str) -> None:
    told = ask(*COMMANDS[name][0], "--format", form, "--lang", lang)
    assert told.code == 0, told.err
    assert told.err == ""
    assert "casebook " in told.out
    if form == "json":
        assert "stamp" in msgspec.json.decode(told.out)
    elif form == "csv":
        frame = pl.read_csv(io.StringIO(told.out), infer_schema=False)
        assert frame.height
        assert frame["stamp"].str.starts_with("casebook ").all()
    elif form == "ics":
        assert Calendar.from_ical(told.out)["version"] == "2.0"
    elif form == "text":
        assert "\x1b" not in told.out
        assert max(map(len, told.out.splitlines())) <= WIDTH
    if lang == "ru" and form in ("text", "md"):
        assert re.search("[а-яё]{4}", told.out)


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "bad-day": (("agenda", "--on", "10.07.2018"), "YYYY-MM-DD"),
    "no-such-day": (("status", "--on", "2018-02-30"), "YYYY-MM-DD"),
    "bad-known-by": (("agenda", "--known-by", "soon"), "YYYY-MM-DD"),
    "bad-diff-day": (("diff", "2018-07-10", "later"), "YYYY-MM-DD"),
    "unknown-pair": (("agenda", "--between", "USA,ATLANTIS"), "ISO 3166"),
    "unknown-author": (("findings", "--according-to", "ATLANTIS"), "ISO 3166"),
    "unknown-party": (("due", "--party", "ATLANTIS"), "ISO 3166"),
    "unknown-party-of-forums": (("forums", "--party", "ATLANTIS"), "ISO 3166"),
    "unknown-party-of-ties": (("ties", "USA", "ATLANTIS"), "ISO 3166"),
    "unknown-party-of-history": (("history", "new-start", "II.1(b)", "--party", "ATLANTIS"), "ISO 3166"),
    "unknown-instrument": (("status", "start"), "Did you mean"),
    "unknown-instrument-2": (("findings", "qwerty"), "detente status"),
    "same-party": (("agenda", "--between", "RUS,rus"), "Name two"),
    "continued-party": (("agenda", "--between", "RUS,SUN", *ON), "Name two"),
    "three": (("agenda", "--between", "USA,RUS,CHN"), "--between USA,RUS"),
    "one": (("agenda", "--between", "USA"), "--between USA,RUS"),
    "bad-horizon": (("agenda", "--horizon", "soon"), "Write 3y"),
    "huge-horizon": (("agenda", "--horizon", "9999999y"), "Write 3y"),
    "bad-within": (("due", "--within", "3 years"), "Write 3y"),
    "no-folder": (("agenda", "--casebook", "/nowhere/at/all"), "detente new"),
    "no-folder-to-check": (("check", "/nowhere/at/all"), "detente new"),
    "unknown-claim": (("claims", "nope"), "Registered are"),
    "unknown-forum": (("forums", "bccc"), "Did you mean bcc"),
    "unknown-provision": (("history", "new-start", "XX"), "It has: "),
    "unknown-finding": (("explain", "new-start/XX/RUS"), "For example: new-start/"),
    "unknown-item": (("explain", "due.nothing"), "detente agenda"),
    "unknown-thing": (("show", "zzzz"), "Give the id"),
    "bad-format": (("agenda", "--format", "pdf"), "'pdf' is not one of"),
    "bad-language": (("agenda", "--lang", "fr"), "'fr' is not one of"),
    "no-such-option": (("agenda", "--nothing"), "No such option"),
    "no-such-command": (("dance",), "No such command"),
    "nothing-to-explain": (("explain",), "Missing argument"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_ends_with_two_and_what_to_do(ask: Asker, case: str) -> None:
    words, remedy = WRONG[case]
    told = ask(*words)
    assert told.code == 2
    assert told.out == ""
    assert remedy in told.err
    assert "Traceback" not in told.err
    assert len(told.err.strip().splitlines()) <= 5


def test_an_existing_folder_is_not_touched_by_new(ask: Asker, tmp_path: Path) -> None:
    kept = tmp_path / "mine.txt"
    kept.write_text("mine", encoding="utf-8")
    told = ask("new", str(tmp_path))
    assert told.code == 2
    assert "nothing was changed" in told.err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_casebook_with_broken_rows_is_read_and_says_so(ask: Asker, tmp_path: Path) -> None:
    write_table(tmp_path / "dialogue" / "positions.csv", [{"id": "mine.bad", "author": "ATLANTIS"}])
    told = ask("agenda", *ON, "--casebook", str(tmp_path))
    assert told.code == 0
    assert "1 problem" in told.err or "problem(s)" in told.err
    assert "detente check" in told.err
    assert ask("check", str(tmp_path)).code == 1


ROW = {"source": "unconfirmed", "basis": "unconfirmed", "en": "en", "ru": "ru"}


def _position(**cells: str) -> dict[str, str]:
    return {
        **statement("x.ok", "USA", "2018-01-01"),
        "verb": "affirm",
        "topic": "t",
        "until": "",
        "provision": "",
        "instrument": "",
        "party": "",
        "corrects": "",
        "refs": "",
        "issue": "",
        **ROW,
        **cells,
    }


FAULTS = [
    _position(id="x.one", author="ATLANTIS"),
    _position(id="x.two", on="yesterday"),
    _position(id="x.three", verb="sing"),
    _position(id="X FOUR"),
    _position(id="x.five", basis="felt"),
    _position(id="x.six", source="no.source"),
    _position(id="x.seven", instrument="no-text"),
    _position(id="x.eight", party="USA;NOBODY"),
    _position(id="x.nine", corrects="x.nobody"),
    _position(id="x.ten", topic=""),
    _position(id="x.eleven", known=""),
    _position(id="x.twelve", until="2017-01-01"),
    _position(id="x.thirteen", issue="weather"),
    _position(id="x.fourteen", refs="x.nobody"),
    _position(id="x.fourteen"),
]


def test_check_reports_twenty_faults_at_once_with_file_and_line(ask: Asker, tmp_path: Path) -> None:
    write_table(tmp_path / "dialogue" / "positions.csv", FAULTS)
    write_table(tmp_path / "dialogue" / "letters.csv", [{"id": "a"}])
    (tmp_path / "dialogue" / "acts.csv").write_text("", encoding="utf-8")
    (tmp_path / "sources.toml").write_text('[[source]]\nid = "s"\n', encoding="utf-8")
    (tmp_path / "measures.toml").write_text("[[measure\n", encoding="utf-8")
    law = {
        "id": "mine",
        "issue": "dialogue",
        "title": {"en": "e", "ru": "r"},
        "short": {"en": "e", "ru": "r"},
        "form": "treaty",
        "binding": "perhaps",
        "membership": "closed",
        "source": "unconfirmed",
    }
    write_toml(tmp_path / "instruments" / "mine" / "treaty.toml", law)
    told = ask("check", str(tmp_path))
    assert told.code == 1
    assert "Traceback" not in told.err
    lines = told.out.splitlines()
    for number in range(2, len(FAULTS) + 2):
        if FAULTS[number - 2]["id"] != "x.fourteen" or FAULTS[number - 2]["refs"] == "":
            assert any(f"positions.csv:{number}: error" in line for line in lines), number
    assert any("positions.csv:15: " in line for line in lines)
    for place in ("letters.csv:1", "acts.csv:1", "sources.toml:1", "measures.toml:1", "mine/treaty.toml:1"):
        assert any(f"{place}: error" in line for line in lines), place
    assert sum(": error: " in line for line in lines) >= 19
    answer = msgspec.json.decode(ask("check", str(tmp_path), "--format", "json").out)
    assert answer["errors"] >= 19
    assert all(p["file"].startswith(tmp_path.name) for p in answer["problems"])


def test_the_shipped_record_is_without_error_or_warning(ask: Asker) -> None:
    told = ask("check")
    assert told.code == 0
    assert "0 errors, 0 warnings" in told.out
    assert ask("check", "--notes").out.count("\n") > told.out.count("\n")


def test_a_new_casebook_is_clean_and_its_example_is_on_the_agenda(ask: Asker, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    started = ask("new", str(folder))
    assert started.code == 0
    assert f"detente check {folder}" in started.out
    checked = ask("check", str(folder))
    assert checked.code == 0, checked.out
    assert "0 errors, 0 warnings" in checked.out
    between = ("--casebook", str(folder), "--between", "ATL,LEM", "--on", "2025-08-01", "--horizon", "5y")
    agenda = ask("agenda", *between)
    assert agenda.err == ""
    for id in ("due.our-treaty.i.lem", "due.our-treaty.term", "due.our-treaty.ii"):
        assert f"[{id}]" in agenda.out
    assert "Условный договор" in ask("agenda", *between, "--lang", "ru").out
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.toml"))[0].startswith("instruments/")


@pytest.mark.parametrize(("lang", "words"), [("en", "Try next"), ("ru", "Что попробовать дальше")])
def test_the_demonstration_prints_the_agenda_and_what_to_try(ask: Asker, lang: str, words: str) -> None:
    told = ask("demo", "--lang", lang)
    assert told.code == 0
    assert "[due.new-start.term]" in told.out
    assert words in told.out
    tried = re.findall(r"^  detente (\w+)", told.out, re.MULTILINE)
    assert len(tried) >= 5
    assert set(tried) <= set(_names())


@pytest.mark.parametrize(("lang", "refused"), [("en", "signed two histories"), ("ru", "подписаны две истории")])
def test_the_second_act_of_the_demonstration_ends_with_the_proof(ask: Asker, lang: str, refused: str) -> None:
    act = ask("demo", "--lang", lang).out.partition("[due.new-start.term]")[2]
    assert refused in act
    assert "97" in act.rpartition("mfa.atlantis.example/book")[0].splitlines()[-1]
    assert max(map(len, act[act.index("Second act" if lang == "en" else "Второе действие") :].splitlines())) <= 80


def _names() -> list[str]:
    group = get_command(app)
    return sorted(getattr(group, "commands", {}))


@pytest.mark.parametrize("words", [(), *((name,) for name in _names())])
def test_help_fits_the_page_and_says_something(ask: Asker, words: tuple[str, ...]) -> None:
    told = ask(*words, "--help")
    assert told.code == 0
    assert max(map(len, told.out.splitlines())) <= WIDTH
    assert "Usage" in told.out
    if not words:
        assert all(name in told.out for name in _names())


def test_the_picture_names_both_parties_and_the_stamp(ask: Asker, tmp_path: Path) -> None:
    picture = tmp_path / "ties.svg"
    told = ask("ties", "USA", "RUS", "--on", "1966-07-10", "--plot", str(picture))
    assert told.code == 0
    assert str(picture) in told.err
    text = picture.read_text(encoding="utf-8")
    assert text.startswith("<svg")
    stamp = re.search(r"casebook \w{12} rules \d+ on 1966-07-10 known all", told.out.replace("\n", " "))
    assert stamp
    assert stamp.group() in text
    assert "USA" in text
    assert "SUN" in text


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("status", "new-start", *ON), 0, "new-start"),
        (("status", "new-strt", *ON), 2, "holds no instrument"),
        (("agenda", "--on", "x"), 2, "is not a day"),
    ],
)
def test_a_real_process_ends_with_the_same_code(words: tuple[str, ...], code: int, says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "detente", *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def _at_a_terminal(*words: str, **environment: str) -> str:
    ours, theirs = pty.openpty()
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "detente", *words], stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        env={**clean, "TERM": "xterm-256color", **environment},
    )  # fmt: skip
    os.close(theirs)
    parts: list[bytes] = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # the other end of a terminal closes with an error
        pass
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return b"".join(parts).decode("utf-8")


def test_colour_is_for_a_terminal() -> None:
    assert "\x1b[" in _at_a_terminal("status", "new-start", *ON)


def test_no_colour_where_none_is_wanted() -> None:
    text = _at_a_terminal("status", "new-start", *ON, NO_COLOR="1")
    assert re.findall(r"\x1b\[[0-9;]*3\d[0-9;]*m", text) == []
