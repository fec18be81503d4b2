"""The generators make valid input, and every benchmark runs; no wall time is asserted anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.casebook import Shape
from benchmarks.casebook import write_casebook
from benchmarks.child import TASKS
from benchmarks.ledger import write_ledger
from benchmarks.log_made import ENTRY_BYTES
from benchmarks.log_made import made_batches
from benchmarks.measure import Row
from benchmarks.measure import alternate
from benchmarks.measure import middle
from benchmarks.measure import table
from benchmarks.peers import Peers
from benchmarks.suite import QUICK
from benchmarks.suite import command
from benchmarks.suite import escrow
from benchmarks.suite import limits

import detente
from benchmarks import log_child


def test_the_made_up_casebook_is_valid(tmp_path: Path) -> None:
    files = write_casebook(tmp_path, Shape(1_000))
    casebook = detente.open_casebook(tmp_path, public=False)
    assert casebook.problems == ()
    assert casebook.record.frame.height == 1_000
    assert len(files) > 24
    assert set(casebook.record.frame["kind"].unique()) == {"act", "report", "event", "position", "concern"}


def test_the_made_up_casebook_is_the_same_on_every_run(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_casebook(tmp_path / "a", Shape(500))]
    assert first == [path.read_bytes() for path in write_casebook(tmp_path / "b", Shape(500))]


def test_broken_rows_are_reported_one_for_one(tmp_path: Path) -> None:
    write_casebook(tmp_path, Shape(1_000, broken=0.02))
    casebook = detente.open_casebook(tmp_path, public=False)
    errors = {(p.file, p.line) for p in casebook.problems if p.severity == "error"}
    assert len(errors) == 20
    assert casebook.record.frame.height == 980


def test_corrections_name_statements_of_the_record(tmp_path: Path) -> None:
    write_casebook(tmp_path, Shape(1_000, corrections=0.1))
    casebook = detente.open_casebook(tmp_path, public=False)
    assert casebook.problems == ()
    assert 90 <= casebook.record.frame["corrects"].count() <= 100


@pytest.mark.parametrize("directives", [1, 60, 500])
def test_the_made_up_ledger_has_the_directives_asked_for(tmp_path: Path, directives: int) -> None:
    pytest.importorskip("beancount")
    top = write_ledger(tmp_path, directives)
    answer = TASKS["load-peer"](str(top))
    assert answer["problems"] == 0
    assert answer["rows"] == max(directives, 2)


def test_both_sides_of_the_load_count_alike(tmp_path: Path) -> None:
    write_casebook(tmp_path, Shape(300))
    ours, floor = TASKS["load-ours"](str(tmp_path)), TASKS["load-floor"](str(tmp_path))
    assert ours["rows"] == floor["rows"] == 300
    assert ours["peak"] > 0


def test_a_day_of_the_agenda_is_timed_in_its_parts() -> None:
    answer = TASKS["agenda"]("1")
    assert answer["rows"] > 10_000
    parts = answer["standings"] + answer["findings"] + answer["rules"]
    assert parts == pytest.approx(answer["whole"])


def test_our_side_of_the_log_and_its_floors_run(tmp_path: Path) -> None:
    log = log_child.TASKS
    assert log["append"](str(tmp_path), "700", "100", "0")["seconds"] > 0
    assert log["prove"](str(tmp_path), "700", "50")["inclusion"] > 0
    assert log["tree"]("700", "50")["root"] == log["hashing"]("700", "100")["root"]
    assert log["file-append"](str(tmp_path), "20", "10")["seconds"] > 0
    assert log["statements"]("5")["accepted"] > 0


def test_what_is_logged_is_the_same_on_every_run() -> None:
    first, second = ([e for batch in made_batches(1_000, size) for e in batch] for size in (10, 999))
    assert first == second
    assert {len(entry) for entry in first} == {ENTRY_BYTES}
    assert len(set(first)) == 1_000


def test_a_peer_that_cannot_be_had_is_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    peers = Peers("1.0", "nobody-has-made-this==0.0.0")
    assert not peers.there
    assert not peers.there
    assert capfd.readouterr().err.count("without nobody-has-made-this") == 1


def test_the_sweep_makes_agendas() -> None:
    answer = TASKS["sweep"]("350")
    assert answer["months"] > 1
    assert answer["items"] > 0


def test_limits_and_the_cold_command_fill_their_lines(tmp_path: Path) -> None:
    lines = [*limits(QUICK, tmp_path), *command(QUICK, tmp_path)]
    assert [line.unit for line in lines] == ["ms", "s", "s"]
    assert all(line.ours > 0 and line.peer > 0 for line in lines)


def test_the_escrow_is_made_opened_and_checked(tmp_path: Path) -> None:
    lines = escrow(QUICK, tmp_path)
    assert len(lines) == 8
    assert lines[0].what == "escrow: commit to 256 items"
    assert all(line.ours > 0 and line.peer > 0 for line in lines)


def test_sides_alternate_and_the_median_is_taken() -> None:
    turns: list[str] = []

    def side(name: str) -> dict[str, float]:
        turns.append(name)
        return {"seconds": float(len(turns))}

    found = alternate({"a": lambda: side("a"), "b": lambda: side("b")}, 3)
    assert turns == ["a", "b"] * 3
    assert middle(found["a"], "seconds") == 3.0


def test_the_table_says_whether_a_target_is_met() -> None:
    lines = table([Row("x", "s", 1, 4, "peer", 0.3), Row("y", "s", 2, 4, "peer", 0.3), Row("z", "s", 2, 4, "peer")])
    assert [line.split("|")[-2].strip() for line in lines.splitlines()[2:]] == ["yes", "no", ""]
