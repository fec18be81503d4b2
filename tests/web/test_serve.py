"""The production server: it starts, answers what is long or slow, stops when asked, and says what is in the way."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Served
from serving import free_port
from serving import served
from typer.testing import CliRunner

from detente.cli.app import app
from detente.errors import DetenteError
from detente.web import server

DAY = "/en/?on=2018-07-10"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("serve")) as found:
        yield found


def test_it_says_where_to_read_in_one_line(running: Served) -> None:
    assert running.said() == f"detente: reading at http://127.0.0.1:{running.port}/ (Ctrl-C stops)\n"


def test_pages_data_and_the_answer_to_head(running: Served) -> None:
    page, told = running.ask(DAY), running.ask(DAY, "HEAD")
    assert page.status == told.status == 200
    assert told.body == b""
    assert told.headers["content-length"] == str(len(page.body))
    assert told.headers["etag"] == page.headers["etag"]
    assert running.ask(DAY, headers={"If-None-Match": page.headers["etag"]}).status == 304
    assert running.ask("/static/detente/style.css").status == 200
    assert running.ask("/api/stamp?on=2018-07-10").headers["access-control-allow-origin"] == "*"


def test_packed_for_who_can_unpack(running: Served) -> None:
    packed = running.ask(DAY, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(running.ask(DAY).body) / 3


@pytest.mark.parametrize("length", [1_000, 60_000, 65_000, 66_000, 100_000, 200_000, 400_000])
@pytest.mark.parametrize("where", ["line", "header"])
def test_a_request_of_any_length_is_answered(running: Served, length: int, where: str) -> None:
    long = b"a" * length
    line = b"/api/stamp?on=2018-07-10" + (b"&x=" + long if where == "line" else b"")
    more = b"X-Long: " + long + b"\r\n" if where == "header" else b""
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as reader:
        reader.sendall(b"GET " + line + b" HTTP/1.1\r\nHost: localhost\r\n" + more + b"Connection: close\r\n\r\n")
        status = reader.recv(64).split()[1]
    assert status in ((b"400", b"414", b"431") if where == "line" else (b"200", b"431"))


def test_one_who_does_not_say_what_is_wanted_is_let_go(running: Served) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=15) as reader:
        reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        started = time.monotonic()
        assert b"200" not in reader.recv(200)
        assert 8 < time.monotonic() - started < 14
    assert running.ask("/api/stamp").status == 200


def test_what_is_sent_is_bounded(running: Served) -> None:
    assert running.ask("/cite/", "POST", "address=" + "x" * 200_000).status == 400
    assert running.ask("/cite/", "POST", "address=/en/?on=2018-99-99").status == 400


def test_a_citation_is_kept_in_the_folder_for_data(running: Served) -> None:
    kept = running.ask("/cite/", "POST", "address=/en/?on=2018-07-10", {"Sec-Fetch-Site": "same-origin"})
    assert kept.status == 303
    assert "set-cookie" not in kept.headers
    shown = running.ask(kept.headers["location"])
    assert "The record read today gives the same answer." in shown.text
    assert (running.log.parent / "data" / "detente" / "citations.sqlite3").exists()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_when_it_is_stopped(tmp_path: Path, how: signal.Signals) -> None:
    """Also while one of its workers is still loading the record."""
    with served(tmp_path, "--workers", "3") as found:
        started = time.monotonic()
        assert found.stop(how) == 0
        assert time.monotonic() - started < 10
        assert found.said().endswith("(Ctrl-C stops)\ndetente: stopped\n"), found.said()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", found.port), timeout=1).close()


def test_a_worker_is_said_to_be_killed_only_when_it_had_its_time() -> None:
    shown = server.TrueWarnings()

    def line(text: str, level: int, at: float) -> bool:
        record = logging.LogRecord("_granian", level, "", 0, text, None, None)
        record.created = at
        return shown.filter(record)

    killing = "Killing worker-1 after it refused to gracefully stop"
    assert not line("Spawning worker-1", logging.INFO, 100.0)
    assert line("Unexpected exit from worker-1", logging.ERROR, 101.0)
    assert not line("Shutting down granian", logging.INFO, 200.0)
    assert not line(killing, logging.WARNING, 200.1)
    assert line("Unexpected exit from worker-1", logging.ERROR, 200.2)
    assert line(killing, logging.WARNING, 215.1)


def test_without_a_key_several_workers_answer_alike(tmp_path: Path) -> None:
    with served(tmp_path, "--workers", "3") as found:
        answers = {found.ask(DAY).body for _ in range(12)}
        assert len(answers) == 1
        at = {found.ask("/cite/", "POST", "address=/en/?on=2018-07-10").headers["location"] for _ in range(8)}
        assert len(at) == 1
        assert {found.ask(next(iter(at))).status for _ in range(8)} == {200}


# --- What is in the way -----------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_said_and_nothing_starts(running: Served) -> None:
    command = [sys.executable, "-m", "detente", "serve", "--port", str(running.port)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert f"Port {running.port} is taken by another program." in ended.stderr
    assert f"--port {running.port + 1}" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_of_this_machine(host: str) -> None:
    with pytest.raises(DetenteError, match="no address of this machine"):
        server.refuse_if_taken(host, free_port())


def test_a_casebook_folder_that_is_not_there(tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["serve", "--casebook", str(tmp_path / "none")])
    assert isinstance(ended.exception, DetenteError)


def test_a_folder_that_cannot_be_written_leaves_everything_readable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    with served(tmp_path, XDG_DATA_HOME=str(tmp_path / "file")) as found:
        assert "no citations are kept, for the database cannot be used" in found.said()
        assert "Traceback" not in found.said()
        page = found.ask(DAY)
        assert page.status == 200
        assert 'class="cite"' not in page.text
        assert found.ask("/cite/", "POST", "address=/en/?on=2018-07-10").status == 403


@pytest.mark.parametrize("url", ["oracle://x/y", "postgres://127.0.0.1:1/none"])
def test_a_database_that_cannot_be_used_is_named(tmp_path: Path, url: str) -> None:
    with served(tmp_path, DATABASE_URL=url) as found:
        assert "no citations are kept" in found.said()
        assert "Traceback" not in found.said()
        assert found.ask(DAY).status == 200


def test_a_broken_row_is_left_out_and_the_rest_is_served(tmp_path: Path) -> None:
    book = tmp_path / "mine"
    assert CliRunner().invoke(app, ["new", str(book)]).exit_code == 0
    [table, *_] = sorted(book.rglob("*.csv"))
    with table.open("a", encoding="utf-8") as rows:
        rows.write("a broken row,,,\n")
    (book / "parties.toml").write_text("[[party\n", "utf-8")
    with served(tmp_path, "--casebook", str(book)) as found:
        assert "problem(s) left rows out of the record; see /en/problems/" in found.said()
        assert "Traceback" not in found.said()
        assert found.ask(DAY).status == 200
        problems = found.ask("/api/check").text
        assert table.name in problems
        assert "parties.toml" in problems


def test_the_demonstration_prints_the_agenda_and_then_serves(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "detente", "demo", "--serve", "--port", str(port)]
    log = tmp_path / "demo.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, text=True)
    try:
        until = time.monotonic() + 60
        while "reading at" not in log.read_text("utf-8"):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    said = log.read_text("utf-8")
    assert said.index("In dispute") < said.index(f"detente: reading at http://localhost:{port}/")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_demo_serves_unless_it_is_told_not_to() -> None:
    def asked(*words: str) -> str:
        # Asked from within `make test`, make would speak of its folders and take over that one's flags.
        alone = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        command = ["make", "--no-print-directory", "-n", "demo", *words]
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=alone)
        return told.stdout.strip().splitlines()[-1]

    assert asked().endswith("detente demo --serve --port 8000")
    assert asked("PORT=8001").endswith("detente demo --serve --port 8001")
    assert asked("SERVE=no").endswith("detente demo")
