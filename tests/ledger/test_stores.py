"""Where a log is read from: no file longer than it can be is taken in, and what a server does wrong is said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from http.server import SimpleHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

import fsspec
import pytest

from detente.ledger.entries import MAX_BODY
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.notes import MAX_NOTE
from detente.ledger.stores import FolderStore
from detente.ledger.stores import open_store
from detente.ledger.tiles import TILE_BYTES

BODY = "body/" + "0" * 64


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def http_folder(folder: Path, handler: type[BaseHTTPRequestHandler] | None = None) -> Iterator[str]:
    """Serve a folder at an address of this machine."""
    made = handler or partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _write(folder: Path, path: str, data: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(data)


@pytest.mark.parametrize("kind", ["folder", "file", "http", "memory"])
def test_a_file_is_read_whole_and_one_that_is_not_there_is_none(tmp_path: Path, kind: str) -> None:
    data = bytes(range(256)) * 4096 * 3  # more than a server sends in one piece
    _write(tmp_path, BODY, data)
    with http_folder(tmp_path) as url:
        memory = fsspec.filesystem("memory")
        memory.pipe(f"/log-{tmp_path.name}/{BODY}", data)
        address = {
            "folder": str(tmp_path),
            "file": f"file://{tmp_path}",
            "http": f"{url}/",
            "memory": f"memory://log-{tmp_path.name}/",
        }[kind]
        store = open_store(address)
        assert store.read(BODY) == data
        assert store.read("checkpoint") is None
        assert kind == "memory" or store.read(f"{BODY}/checkpoint") is None


@pytest.mark.parametrize(
    ("path", "most"), [("checkpoint", MAX_NOTE), ("tile/0/000", TILE_BYTES), ("tile/1/x001/000.p/3", TILE_BYTES)]
)
def test_a_file_longer_than_it_can_be_is_refused(tmp_path: Path, path: str, most: int) -> None:
    _write(tmp_path, path, b"x" * most)
    with http_folder(tmp_path) as url:
        for store in (FolderStore(tmp_path), open_store(url)):
            assert len(store.read(path) or b"") == most
        _write(tmp_path, path, b"x" * (most + 1))
        for store in (FolderStore(tmp_path), open_store(url)):
            with pytest.raises(Malformed, match="longer than such a file can be"):
                store.read(path)


class _Counted:
    """A file without end that counts what is taken of it."""

    taken = 0

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, size: int) -> bytes:
        part = b"x" * min(size, 1 << 20)
        _Counted.taken += len(part)
        return part


@pytest.mark.parametrize(("path", "most"), [("checkpoint", MAX_NOTE), (BODY, MAX_BODY)])
def test_of_a_file_without_end_no_more_is_taken_than_such_a_file_can_have(
    monkeypatch: pytest.MonkeyPatch, path: str, most: int
) -> None:
    store = open_store("memory://endless")
    monkeypatch.setattr(_Counted, "taken", 0)
    monkeypatch.setattr("fsspec.implementations.memory.MemoryFileSystem.open", lambda *_, **__: _Counted())
    with pytest.raises(Malformed):
        store.read(path)
    assert most < _Counted.taken <= most + (1 << 20)


class _Failing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.endswith("short"):
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"short")
            self.close_connection = True
        elif self.path.endswith("nothing"):
            self.close_connection = True
        else:
            self.send_error(int(self.path.rpartition("/")[2]))

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.parametrize("how", ["500", "503", "403", "short", "nothing"])
def test_a_server_that_fails_is_told_from_one_that_has_nothing(tmp_path: Path, how: str) -> None:
    with http_folder(tmp_path, _Failing) as url:
        with pytest.raises(LedgerError, match="cannot be read") as fault:
            open_store(url).read(how)
        assert not isinstance(fault.value, Malformed)
        assert "Try again" in fault.value.remedy
        assert open_store(url).read("404") is None


def test_a_server_that_is_not_there_and_an_address_of_no_kind(tmp_path: Path) -> None:
    with http_folder(tmp_path) as url:
        pass
    with pytest.raises(LedgerError, match="cannot be read"):
        open_store(url).read("checkpoint")
    for address in ("nothing://here", "s3://bucket/log"):
        with pytest.raises(LedgerError):
            open_store(address).read("checkpoint")


def test_a_folder_in_the_place_of_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").mkdir()
    with pytest.raises(LedgerError, match="cannot be read"):
        FolderStore(tmp_path).read("checkpoint")
