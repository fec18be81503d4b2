"""A log on a disk that fails: whatever was acknowledged is there, and whatever is served is whole."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from errno import EIO
from errno import ENOSPC
from errno import EROFS
from pathlib import Path

import pytest

from detente.ledger.faults import Conflict
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.faults import NotKept
from detente.ledger.faults import NotServed
from detente.ledger.log import LogWriter
from detente.ledger.log import create_log
from detente.ledger.reader import LogReader
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import PrivateKey
from detente.ledger.tiles import CHECKPOINT
from ledger.injection import Act
from ledger.injection import failing
from ledger.injection import half_done
from ledger.injection import injected
from ledger.injection import short_write
from ledger.logs import KEY
from ledger.logs import History
from ledger.logs import Place
from ledger.logs import entries_of
from ledger.logs import entry
from ledger.logs import memory_folder
from ledger.logs import numbered
from ledger.logs import verified

START = 300
BATCHES = (3, 250, 10, 1)
"""They begin in a partial bundle, fill it, and cross an edge of tiles."""

_FAULTS: dict[str, tuple[Act, bool]] = {
    "full": (failing(ENOSPC), False),
    "full-and-stays-full": (failing(ENOSPC), True),
    "half-done-and-full": (half_done(ENOSPC), False),
    "half-done-and-stays-full": (half_done(ENOSPC), True),
    "read-only-from-then-on": (failing(EROFS), True),
    "input-output": (half_done(EIO), False),
}


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A log of 300 entries, closed."""
    with memory_folder() as folder:
        place = Place(folder)
        place.create()
        with place.writer() as log:
            log.append(numbered(0, START))
        yield folder


@pytest.fixture
def place(template: Path) -> Iterator[Place]:
    with memory_folder() as folder:
        yield _copied(template, folder / "log")


def _copied(template: Path, to: Path) -> Place:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(template, to)
    return Place(to)


def _append(log: LogWriter, history: History, count: int) -> None:
    """Append what comes next, and note what the log said of it."""
    before = log.size
    entries = numbered(before, count)
    try:
        assert log.append(entries) == before
    except NotKept:
        assert log.size == before
    except NotServed:
        history.kept(entries)
    except LedgerError:
        history.perhaps(entries)
    else:
        history.kept(entries)


def _work(place: Place, history: History) -> None:
    """Open the log, append, sync, append and close it, whatever fails on the way."""
    with suppress(LedgerError):
        log = place.writer()
        try:
            for number, count in enumerate(BATCHES):
                _append(log, history, count)
                if number == 1:
                    with suppress(LedgerError):
                        log.sync()
        finally:
            log.close()


def _check(place: Place, history: History) -> None:
    """What is served is whole before the recovery; then everything acknowledged is there, and the log grows on."""
    before = verified(place)
    with place.writer() as log:
        found = log.size
        log.append([b"one more"])
    assert before.size <= found
    after = entries_of(place)
    assert verified(place).size == found + 1
    assert after[-1] == b"one more"
    history.check(after[:-1])


@pytest.mark.parametrize("fault", _FAULTS)
def test_whatever_call_fails_what_was_acknowledged_is_there_and_what_is_served_is_whole(
    fault: str, template: Path
) -> None:
    act, lasting = _FAULTS[fault]
    hit: set[str] = set()
    with memory_folder() as folder:
        for at in range(1, 1000):
            place, history = _copied(template, folder / "log"), History(numbered(0, START))
            with injected(act, at, lasting=lasting) as meter:
                _work(place, history)
            _check(place, history)
            if not meter.hits:
                break
            hit.add(meter.at)
    assert not meter.hits
    assert at > 100
    assert {"open", "write", "fdatasync", "fsync", "rename", "ftruncate", "unlink"} <= hit


@pytest.mark.parametrize("fault", ["full", "half-done-and-full"])
def test_whatever_call_fails_while_a_log_is_opened_after_a_crash_nothing_is_lost(fault: str, template: Path) -> None:
    act, lasting = _FAULTS[fault]
    with memory_folder() as folder:
        crashed = _crashed(template, folder / "crashed")
        for at in range(1, 1000):
            place = _copied(crashed, folder / "log")
            with injected(act, at, lasting=lasting) as meter, suppress(LedgerError):
                place.writer().close()
            _check(place, History(numbered(0, START + 263)))
            if not meter.hits:
                break
    assert not meter.hits


def _crashed(template: Path, to: Path) -> Path:
    """Make a log whose journal holds 263 entries that were never served."""
    place = _copied(template, to)
    log = place.writer(serve_every=3600)
    log.serve()
    for count in (3, 250, 10):
        log.append(numbered(log.size, count))
    log._journal.close()
    log._lock.release()
    return to


def test_whatever_call_fails_while_a_log_is_begun_it_is_there_or_can_be_begun_again() -> None:
    with memory_folder() as folder:
        for at in range(1, 100):
            place = Place(folder / str(at))
            with injected(failing(ENOSPC), at) as meter, suppress(LedgerError):
                place.create()
            if not place.checkpoint.exists():
                place.create()
            _check(place, History())
            if not meter.hits:
                break
    assert not meter.hits
    assert at > 8


def test_a_crash_before_anything_is_served_loses_nothing(template: Path) -> None:
    with memory_folder() as folder:
        place = Place(_crashed(template, folder / "log"))
        assert verified(place).size == START
        _check(place, History(numbered(0, START + 263)))


def test_writes_of_one_byte_are_as_good_as_whole_ones(place: Place) -> None:
    with injected(short_write, 1, lasting=True, calls=("write",)) as meter, place.writer() as log:
        log.append([entry(START), entry(START + 1)])
    assert meter.hits > 100
    _check(place, History(numbered(0, START + 2)))


def test_a_disk_that_takes_no_byte_is_a_fault_and_no_endless_loop(place: Place) -> None:
    log = place.writer()
    with injected(lambda *_: 0, 1, lasting=True, calls=("write",)), pytest.raises(NotKept):
        log.append([b"a"])
    log.close()
    _check(place, History(numbered(0, START)))


def test_a_disk_that_failed_to_write_is_not_believed_afterwards(place: Place) -> None:
    log = place.writer()
    log.append(numbered(START, 5))
    with injected(failing(EIO), 1, calls=("fsync",)), pytest.raises(NotServed, match="are kept"):
        log.sync()
    with pytest.raises(NotServed):
        log.sync()
    assert place.journal.stat().st_size > 100
    with pytest.raises(NotServed):
        log.close()
    _check(place, History(numbered(0, START + 5)))


def test_a_journal_that_could_not_be_cut_is_cut_before_it_is_written_again(place: Place) -> None:
    log = place.writer()
    with injected(half_done(ENOSPC), 1, lasting=True, calls=("write", "ftruncate")), pytest.raises(LedgerError):
        log.append([b"much longer than what comes after it" * 100])
    log.append(numbered(START, 1))
    log.close()
    _check(place, History(numbered(0, START + 1)))


def test_an_entry_of_the_greatest_length_is_kept_and_a_longer_one_refused(place: Place) -> None:
    longest = bytes(65_535)
    with place.writer() as log:
        with pytest.raises(Malformed, match="An entry has 65536 bytes"):
            log.append([b"a", longest + b"\0"])
        assert log.size == START
        log.append([longest])
    _check(place, History([*numbered(0, START), longest]))


def test_a_limit_of_the_size_of_files_is_a_clear_fault(place: Place) -> None:
    log = place.writer()
    entries = [bytes(60_000)] * 20
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    try:
        with pytest.raises(NotKept, match="could not be written"):
            log.append(entries)
        log.append(entries[:10])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    log.close()
    _check(place, History([*numbered(0, START), *entries[:10]]))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512])
def test_a_crash_after_a_log_was_closed_at_any_size_loses_nothing(size: int) -> None:
    with memory_folder() as folder:
        place = Place(folder)
        place.create()
        with place.writer() as log:
            log.append(numbered(0, size))
        crashing = place.writer(serve_every=3600)
        crashing.serve()
        crashing.append(numbered(size, 2))
        crashing._journal.close()
        crashing._lock.release()
        _check(place, History(numbered(0, size + 2)))


@contextmanager
def _small_disk(size: str) -> Iterator[Path]:
    """Give a disk of that size, or skip the test where none can be mounted."""
    folder = tempfile.mkdtemp(prefix="disk-")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    try:
        if made.returncode:
            pytest.skip("no disk can be mounted here")
        yield Path(folder)
    finally:
        if not made.returncode:
            subprocess.run(["umount", "-l", folder], check=True)
        os.rmdir(folder)


def _fill(log: LogWriter, history: History) -> None:
    """Append until the disk takes no more."""
    while log.size == len(history.certain):
        entries = [bytes([log.size % 256]) * 2000] * 20
        with suppress(LedgerError):
            log.append(entries)
        if log.size == len(history.certain):
            return
        history.kept(entries)


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount")
def test_a_disk_that_is_really_full_loses_nothing_and_once_there_is_room_all_is_served() -> None:
    with _small_disk("1m") as disk:
        place, history = Place(disk), History()
        place.create()
        log = place.writer()
        _fill(log, history)
        with suppress(LedgerError):
            log.close()
        assert len(history.certain) > 100
        verified(place)
        with suppress(LedgerError):
            place.writer().close()
        verified(place)
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        _check(place, history)


def test_a_second_writer_is_told_so(place: Place) -> None:
    with place.writer() as log:
        with pytest.raises(NotKept, match="Another program is writing"):
            place.writer()
        log.append([entry(START)])
    _check(place, History(numbered(0, START + 1)))


def test_a_writer_that_could_not_open_lets_the_log_go(place: Place) -> None:
    note = place.checkpoint.read_bytes()
    place.checkpoint.write_bytes(b"\n")
    open_files = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(InvalidNote):
            place.writer()
    assert len(os.listdir("/proc/self/fd")) == open_files
    place.checkpoint.write_bytes(note)
    _check(place, History(numbered(0, START)))


def test_a_wrong_key_is_refused(place: Place) -> None:
    other = PrivateKey.from_seed(KEY.name, ED25519, bytes(32))
    with pytest.raises(InvalidNote, match="No known key has signed this"):
        LogWriter(place.served, place.state, [other])
    with pytest.raises(InvalidNote):
        LogWriter(place.served, place.state, [PrivateKey.from_seed("another", ED25519, bytes(range(32)))])
    _check(place, History(numbered(0, START)))


def test_a_checkpoint_that_went_back_is_refused_and_no_second_history_is_signed(place: Place) -> None:
    old = place.checkpoint.read_bytes()
    with place.writer() as log:
        log.append(numbered(START, 10))
    place.checkpoint.write_bytes(old)
    with pytest.raises(Malformed, match="its checkpoint has 300 entries"):
        place.writer()


def test_a_checkpoint_that_went_back_before_a_crash_is_made_good_from_the_journal(template: Path) -> None:
    with memory_folder() as folder:
        place = _copied(template, folder / "log")
        old = place.checkpoint.read_bytes()
        log = place.writer()
        log.append(numbered(START, 10))
        log._journal.close()
        log._lock.release()
        place.checkpoint.write_bytes(old)
        _check(place, History(numbered(0, START + 10)))


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "another"])
def test_a_checkpoint_that_is_not_there_is_a_clear_fault(place: Place, damage: str) -> None:
    note = place.checkpoint.read_bytes()
    if damage == "missing":
        place.checkpoint.unlink()
    else:
        place.checkpoint.write_bytes({"empty": b"", "cut": note[:-20], "another": note.replace(b"300", b"299")}[damage])
    if damage == "empty":
        (place.state / "checkpoint").unlink()
    with pytest.raises(LedgerError):
        place.writer()


def test_a_checkpoint_that_a_power_cut_left_empty_is_made_good(template: Path) -> None:
    with memory_folder() as folder:
        place = _copied(template, folder / "log")
        log = place.writer()
        log.append(numbered(START, 10))
        log._journal.close()
        log._lock.release()
        for _ in range(2):  # with what the journal holds, and then without
            place.checkpoint.write_bytes(b"")
            place.writer().close()
            assert verified(place).size == START + 10
            assert entries_of(place) == numbered(0, START + 10)


def test_no_log_is_begun_where_there_are_the_tiles_or_the_journal_of_another(place: Place) -> None:
    place.checkpoint.unlink()
    with pytest.raises(Conflict, match="There is a log"):
        create_log(place.served, place.state, KEY)
    shutil.rmtree(place.served)
    with pytest.raises(Conflict, match="the state of another log"):
        create_log(place.served, place.state, KEY)


def test_a_folder_that_cannot_be_made_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "served").write_bytes(b"a file")
    with pytest.raises(NotKept):
        create_log(tmp_path / "served", tmp_path / "state", KEY)


# What lies in the folder is cut short, altered, or in another's place.


def _served_files(place: Place) -> list[Path]:
    return sorted(path for path in place.served.rglob("*") if path.is_file() and path.name != CHECKPOINT)


_DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda data: data[:-1],
    "cut-in-half": lambda data: data[: len(data) // 2],
    "longer": lambda data: data + b"\0",
    "first-byte": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "last-byte": lambda data: data[:-1] + bytes([data[-1] ^ 0x80]),
}


@pytest.mark.parametrize("damage", _DAMAGE)
def test_a_damaged_tile_or_bundle_is_found_by_whoever_verifies(place: Place, damage: str) -> None:
    for path in _served_files(place):
        whole = path.read_bytes()
        path.write_bytes(_DAMAGE[damage](whole))
        with pytest.raises(LedgerError):
            verified(place)
        path.write_bytes(whole)
    verified(place)


def test_a_missing_tile_or_bundle_is_named(place: Place) -> None:
    for path in _served_files(place):
        moved = path.rename(path.with_name("away"))
        with pytest.raises(Malformed, match=f"{path.relative_to(place.served)} is missing"):
            verified(place)
        moved.rename(path)


def test_a_folder_in_the_place_of_a_tile_is_a_clear_fault(place: Place) -> None:
    path = place.served / "tile" / "0" / "000"
    path.unlink()
    path.mkdir()
    with pytest.raises(LedgerError, match="could not be read"):
        verified(place)


def test_swapped_tiles_and_bundles_are_found(template: Path) -> None:
    with memory_folder() as folder:
        place = _copied(template, folder / "log")
        with place.writer() as log:
            log.append(numbered(START, 300))
        for kind in ("0", "entries"):
            one, other = (place.served / "tile" / kind / number for number in ("000", "001"))
            datas = one.read_bytes(), other.read_bytes()
            one.write_bytes(datas[1])
            other.write_bytes(datas[0])
            with pytest.raises(Malformed, match="entry 0 is not the entry"):
                verified(place)
            one.write_bytes(datas[0])
            other.write_bytes(datas[1])
        verified(place)


def test_entries_swapped_in_a_bundle_are_named(place: Place) -> None:
    store = place.store()
    size = verified(place).size
    reader = LogReader(store, size)
    entries = reader.bundle(0)
    entries[1], entries[2] = entries[2], entries[1]
    (place.served / "tile" / "entries" / "000").write_bytes(b"".join(len(e).to_bytes(2, "big") + e for e in entries))
    with pytest.raises(Malformed, match="entry 1 is not the entry"):
        verified(place)


def test_the_edge_of_the_tree_is_checked_before_anything_is_added(place: Place) -> None:
    for path in (place.served / "tile" / "0" / "001.p" / "44", place.served / "tile" / "1" / "000.p" / "1"):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(Malformed, match="cannot be opened for writing"):
            place.writer()
        path.write_bytes(whole)
    place.writer().close()


# The journal is cut short, or a byte of it is another.


def _journaled(template: Path, to: Path, *, served: bool) -> tuple[Place, list[int]]:
    """Make a log that was killed; return where each record of its journal ends."""
    place = _copied(template, to)
    log = place.writer(0.0 if served else 3600)
    log.serve()
    ends = [log._journal.length]
    for count in (1, 2, 3):
        log.append(numbered(log.size, count))
        ends.append(log._journal.length)
    log._journal.close()
    log._lock.release()
    return place, ends


def test_a_journal_cut_at_any_byte_gives_the_batches_that_are_whole(template: Path) -> None:
    with memory_folder() as folder:
        crashed, ends = _journaled(template, folder / "crashed", served=False)
        journal = crashed.journal.read_bytes()
        for length in range(len(journal) + 1):
            place = _copied(folder / "crashed", folder / "log")
            place.journal.write_bytes(journal[:length])
            whole = [0, 0, 1, 3, 6][sum(end <= length for end in ends)]
            _check(place, History(numbered(0, START + whole)))


def test_a_journal_cut_after_its_entries_were_served_is_a_clear_fault(template: Path) -> None:
    with memory_folder() as folder:
        crashed, ends = _journaled(template, folder / "crashed", served=True)
        journal = crashed.journal.read_bytes()
        for length in range(ends[0], len(journal)):
            place = _copied(folder / "crashed", folder / "log")
            place.journal.write_bytes(journal[:length])
            with pytest.raises(Malformed, match="its checkpoint has 306 entries"):
                place.writer()


@pytest.mark.parametrize("served", [True, False])
def test_a_byte_altered_anywhere_in_a_journal_never_loses_an_entry_silently(template: Path, served: bool) -> None:
    with memory_folder() as folder:
        crashed, _ = _journaled(template, folder / "crashed", served=served)
        journal = crashed.journal.read_bytes()
        for at in range(len(journal)):
            for bits in (0x01, 0x80, 0xFF):
                place = _copied(folder / "crashed", folder / "log") if at % 16 == 0 else Place(folder / "log")
                altered = journal[:at] + bytes([journal[at] ^ bits]) + journal[at + 1 :]
                place.journal.write_bytes(altered)
                with pytest.raises(Malformed, match="is damaged at byte"):
                    place.writer()
                assert place.journal.read_bytes() == altered


def test_a_journal_whose_end_was_never_written_is_cut(template: Path) -> None:
    with memory_folder() as folder:
        crashed, ends = _journaled(template, folder / "crashed", served=False)
        journal = crashed.journal.read_bytes()
        for zeros in (1, 19, 20, 21, 1000, 10_000):
            place = _copied(folder / "crashed", folder / "log")
            place.journal.write_bytes(journal + bytes(zeros))
            _check(place, History(numbered(0, START + 6)))
        assert ends[-1] == len(journal)


def test_a_batch_of_which_a_sector_was_never_written_is_cut(template: Path) -> None:
    with memory_folder() as folder:
        place = _copied(template, folder / "log")
        log = place.writer(3600)
        log.serve()
        log.append(numbered(START, 2))
        log.append([b"a" * 5000])
        log._journal.close()
        log._lock.release()
        journal = place.journal.read_bytes()
        place.journal.write_bytes(journal[:1024] + bytes(512) + journal[1536:])
        _check(place, History(numbered(0, START + 2)))
