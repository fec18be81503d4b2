"""Citations in PostgreSQL: a real server of the test's own, filled by `detente serve`, restarted, and read again."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from serving import served

PAGE = "address=/en/%3Fon%3D2018-07-10%26according_to%3DRUS"


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's own programs, the newest first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    asked = shutil.which("pg_config")
    if asked:
        found = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        folders.append(Path(found))
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


def _user() -> str | None:
    """Return the user to run as: PostgreSQL refuses to be run by root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


class Cluster:
    """A PostgreSQL server in a folder of its own, reached through a socket there and over no network."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self.user = _user()

    @property
    def url(self) -> str:
        """The address of the database, as an operator writes it."""
        return f"postgres://detente@/postgres?host={str(self.folder).replace('/', '%2F')}"

    def make(self) -> None:
        """Make the cluster; whoever reaches the socket in this private folder is let in."""
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "detente", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start it."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-w", "-t", "60", "-D", str(self.folder / "data"), "-l", log, "-o", options)

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self._run("pg_ctl", "stop", "-m", "fast", "-w", "-D", str(self.folder / "data"))

    def _run(self, program: str, *words: str) -> None:
        # pg_ctl leaves the server behind, which would keep a pipe open: what it says goes to a file.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            ended = subprocess.run(
                [str(self.programs / program), *words],
                stdout=said,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                user=self.user,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
                timeout=120,
                check=False,
            )
            said.seek(0)
            assert ended.returncode == 0, said.read()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    programs = _programs()
    if programs is None:
        why = "PostgreSQL is not installed (apt install postgresql); it is looked for in /usr/lib/postgresql/*/bin"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    # The path of a socket may have a hundred letters at most, so that the folder of the test is too deep.
    with tempfile.TemporaryDirectory(prefix="detente-pg-") as name:
        found = Cluster(programs, Path(name))
        found.make()
        found.start()
        try:
            yield found
        finally:
            found.stop()


def test_a_citation_survives_a_restart_of_both_servers(cluster: Cluster, tmp_path: Path) -> None:
    with served(tmp_path, "--workers", "2", DATABASE_URL=cluster.url) as first:
        assert "no citations" not in first.said()
        kept = first.ask("/cite/", "POST", PAGE, {"Sec-Fetch-Site": "same-origin"})
        assert kept.status == 303
        at = kept.headers["location"]
        before = msgspec.json.decode(first.ask(at.rstrip("/") + ".json").body)
        assert (before["reads"], before["code"]) == ("same", at.split("/")[3])
        assert first.ask("/cite/", "POST", PAGE).headers["location"] == at
    assert not (tmp_path / "data" / "detente").exists()
    cluster.stop()
    cluster.start()
    with served(tmp_path, DATABASE_URL=cluster.url) as second:
        after = msgspec.json.decode(second.ask(at.rstrip("/") + ".json").body)
        kept_then = {name: before[name] for name in ("code", "kept_at", "stamp", "sha256", "reads")}
        assert {name: after[name] for name in kept_then} == kept_then
    with psycopg.connect(cluster.url) as connection:
        rows = connection.execute("SELECT code, path, query FROM citations_citation").fetchall()
    assert rows == [(before["code"], "/en/", "on=2018-07-10&according_to=RUS")]


def test_a_database_that_goes_away_and_comes_back_is_lived_through(cluster: Cluster, tmp_path: Path) -> None:
    with served(tmp_path, DATABASE_URL=cluster.url) as found:
        at = found.ask("/cite/", "POST", PAGE).headers["location"]
        cluster.stop()
        try:
            away = found.ask("/cite/", "POST", "address=/en/%3Fon%3D2018-07-11")
            assert away.status == 503
            assert "cannot be reached just now" in away.text
            assert found.ask("/en/?on=2018-07-10").status == 200
        finally:
            cluster.start()
        assert found.ask(at).status == 200
        assert found.ask("/cite/", "POST", "address=/en/%3Fon%3D2018-07-11").status == 303
        assert "Traceback" not in found.said()


def test_a_read_only_mirror_makes_no_table(cluster: Cluster, tmp_path: Path) -> None:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS empty")
        connection.execute("CREATE DATABASE empty")
    empty = cluster.url.replace("/postgres?", "/empty?")
    with served(tmp_path, DATABASE_URL=empty, DETENTE_READ_ONLY="1") as found:
        assert found.ask("/cite/", "POST", PAGE).status == 403
    with psycopg.connect(empty) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)
