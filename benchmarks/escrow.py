"""The escrow measured: a made-up declaration, committed to, opened and checked; the floor is bare hashing."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from typing import Any

from benchmarks.measure import Row
from benchmarks.measure import alternate
from benchmarks.measure import ask
from benchmarks.measure import middle
from benchmarks.measure import peak_mib

__all__ = ["check_task", "floor_task", "make_task", "steps", "write_declaration"]

_SITES, _FACILITIES = 16, 16
_NEAR = 3.0
_FLOOR = "bare SHA-256, as many bytes"


def clock(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that one call takes: it has one thread, and others may use the machine."""
    start = time.process_time()
    work()
    return time.process_time() - start


def write_declaration(folder: Path, items: int) -> Path:
    """Write a declaration of so many items, a power of two from 256 on, and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    each = items // (_SITES * _FACILITIES)
    lines = ["site,facility,item,name,purpose,kind,serial"]
    for site in range(_SITES):
        lines.append(f"s{site},,,Site {site},,,")
        for facility in range(_FACILITIES):
            lines.append(f"s{site},f{facility},,,storage,,")
            first = (site * _FACILITIES + facility) * each
            lines += [f"s{site},f{facility},{n},,,canister,IPD-{first + n:07}" for n in range(each)]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", "utf-8")
    form = f"""
declarer = "Ipindovia"
period = "2031"
order = ["site", "facility", "item"]
rows = "rows.csv"
width = {{site = {_SITES}, facility = {_FACILITIES}, item = {each}}}
level = [{{site = ["name"]}}, {{facility = ["purpose"]}}, {{item = ["kind", "serial"]}}]
"""
    file = folder / "declaration.toml"
    file.write_text(form, "utf-8")
    return file


def make_task(declaration: str, folder: str) -> dict[str, Any]:
    """Read a declaration, commit to it, put its secret together, and open one item and everything."""
    from detente.ledger.escrow.commitment import Escrow  # noqa: PLC0415 - each side imports its own
    from detente.ledger.escrow.commitment import commit  # noqa: PLC0415
    from detente.ledger.escrow.declaration import Declaration  # noqa: PLC0415
    from detente.ledger.escrow.declaration import read_declaration  # noqa: PLC0415
    from detente.ledger.escrow.files import canonical  # noqa: PLC0415
    from detente.ledger.escrow.opening import open_to  # noqa: PLC0415
    from detente.ledger.escrow.secret import secret_bytes  # noqa: PLC0415

    gc.disable()  # as the command line does
    declarations: list[Declaration | None] = []
    escrows: list[Escrow] = []
    openings: list[bytes] = []
    read = clock(lambda: declarations.append(read_declaration(Path(declaration))[0]))
    assert declarations[0] is not None
    made = declarations[0]
    committed = clock(lambda: escrows.append(commit(made)))
    secret = clock(lambda: secret_bytes(escrows[0]))
    one = clock(lambda: open_to(escrows[0], 3, [(0, 0, 0)]))
    opened = clock(lambda: openings.append(open_to(escrows[0], 3)))
    (Path(folder) / "opening.json").write_bytes(openings[0])
    (Path(folder) / "commitment.json").write_bytes(canonical(escrows[0].commitment))
    times = {"read": read, "commit": committed, "secret": secret, "one": one, "open": opened}
    return times | {"peak": peak_mib(), "items": len(made.rows[-1].ids)}


def check_task(folder: str) -> dict[str, Any]:
    """Check the opening of everything."""
    from detente.ledger.escrow.checking import check_opening  # noqa: PLC0415
    from detente.ledger.escrow.commitment import read_commitment  # noqa: PLC0415

    gc.disable()
    commitment = read_commitment((Path(folder) / "commitment.json").read_bytes(), "commitment")
    data = (Path(folder) / "opening.json").read_bytes()
    counts: list[int] = []

    def work() -> None:
        seen, problems = check_opening(commitment, data, "opening")
        counts.extend((len(seen), len(problems)))

    seconds = clock(work)
    return {"seconds": seconds, "peak": peak_mib(), "seen": counts[0], "problems": counts[1], "mib": len(data) / 2**20}


def floor_task(items: str) -> dict[str, Any]:
    """Hash as many messages of the same lengths, and do nothing else: two for each part, a leaf and a node a slot."""
    count = int(items)
    lengths = (23 + 32 + 60, 23 + 32 + 32, 33, 65)

    def work() -> None:
        for length in lengths:
            _ = [sha256(message).digest() for message in repeat(bytes(length), count)]

    return {"seconds": clock(work)}


def steps(items: int, repeats: int, scratch: Path) -> list[Row]:
    """Measure every step with so many items, in turn with the floor."""
    declaration = write_declaration(scratch, items)
    found = alternate(
        {
            "ours": lambda: ask("escrow-make", str(declaration), str(scratch)),
            "check": lambda: ask("escrow-check", str(scratch)),
            "floor": lambda: ask("escrow-floor", str(items)),
        },
        repeats,
    )
    if found["ours"][0]["items"] != items or found["check"][0]["problems"] or found["check"][0]["seen"] < items:
        raise AssertionError("The benchmark expected every item to be opened and to check.")
    ours = {name: middle(found["ours"], name) for name in ("read", "commit", "secret", "one", "open", "peak")}
    floor = middle(found["floor"], "seconds")
    size = middle(found["check"], "mib")
    return [
        Row(f"escrow: commit to {items:,} items", "s", ours["commit"], floor, _FLOOR, _NEAR),
        Row("  read the declaration (CSV)", "s", ours["read"], floor, _FLOOR),
        Row("  put the secret together", "s", ours["secret"], floor, _FLOOR),
        Row("  open one item", "s", ours["one"], floor, _FLOOR),
        Row(f"  open everything ({size:,.0f} MiB)", "s", ours["open"], floor, _FLOOR, _NEAR),
        Row("  check that opening", "s", middle(found["check"], "seconds"), floor, _FLOOR),
        Row("  peak memory of all but the check", "MiB", ours["peak"], size, "the opening"),
        Row("  peak memory of the check", "MiB", middle(found["check"], "peak"), size, "the opening"),
    ]
