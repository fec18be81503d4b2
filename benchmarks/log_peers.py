"""What the benchmarks of the log run of other programs, in an environment that has them and nothing of ours."""
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.log_made import ORIGIN
from benchmarks.log_made import SEED
from benchmarks.log_made import indexes
from benchmarks.log_made import made_batches
from benchmarks.measure import clock
from benchmarks.measure import peak_mib
from benchmarks.measure import processor

__all__ = ["TASKS", "main"]


def scales_append(folder: str, count: str, batch: str) -> dict[str, Any]:
    """Append with the tile writer of tlog-scales, a commit a batch."""
    from tlog_scales.signing import PlainEd25519Signer
    from tlog_scales.writer import TilesWriter

    signers = [PlainEd25519Signer(ORIGIN, SEED)]
    writer = TilesWriter.create(Path(folder) / "scales", ORIGIN)

    def commit(entries: list[bytes]) -> None:
        for entry in entries:
            writer.add_leaf(entry)
        writer.commit(signers)  # type: ignore[arg-type]

    seconds = sum(clock(lambda some=some: commit(some)) for some in made_batches(int(count), int(batch)))  # type: ignore[misc]
    return {"seconds": seconds, "peak": peak_mib()}


def aics_append(folder: str, count: str, batch: str) -> dict[str, Any]:
    """Append with the tile writer of aics-tlog, a checkpoint a batch; each file is waited for."""
    import aics_tlog as aics
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(SEED)
    store = aics.DirectoryTileStore(Path(folder) / "aics", fsync=True)
    writer = aics.IncrementalTileWriter(store)

    def commit(entries: list[bytes]) -> None:
        done = writer.append(entries)
        head = aics.Checkpoint(ORIGIN, done.size, done.root)
        store.write_checkpoint(aics.sign_checkpoint(head, key, ORIGIN).serialise().encode())

    seconds = sum(clock(lambda some=some: commit(some)) for some in made_batches(int(count), int(batch)))  # type: ignore[misc]
    return {"seconds": seconds, "peak": peak_mib()}


def pymerkle_append(folder: str, count: str) -> dict[str, Any]:
    """Append entries one by one to pymerkle's tree in SQLite, which commits each."""
    from pymerkle import SqliteTree

    tree = SqliteTree(str(Path(folder) / "tree.sqlite"))
    entries = [entry for some in made_batches(int(count), 1000) for entry in some]
    seconds = clock(lambda: [tree.append_entry(entry) for entry in entries])
    tree.close()
    return {"seconds": seconds, "peak": peak_mib()}


def pymerkle_prove(count: str, many: str) -> dict[str, Any]:
    """Prove from pymerkle's tree in memory; the second time, so that what it keeps is warm."""
    from pymerkle import InmemoryTree

    tree = InmemoryTree(algorithm="sha256")
    for entries in made_batches(int(count), 1000):
        tree.append_entries(entries)
    places = indexes(int(count), int(many))
    for _ in range(2):
        inclusion = processor(lambda: [tree.prove_inclusion(i + 1) for i in places]) / len(places)
        consistency = processor(lambda: [tree.prove_consistency(i + 1) for i in places]) / len(places)
    return {"inclusion": inclusion, "consistency": consistency, "peak": peak_mib(), "root": tree.get_root().hex()}


def scales_prove(served: str, count: str, many: str) -> dict[str, Any]:
    """Prove with tlog-scales from a folder of tiles: ours, since the format is the same."""
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader

    size = int(count)
    places = indexes(size, int(many))

    def reader() -> Any:  # noqa: ANN401
        made = TilesReader(LocalBackend(Path(served)))
        made.set_size(size)
        return made

    root = processor(lambda: [reader().calculate_root_hash() for _ in range(20)]) / 20
    one = reader()
    inclusion = processor(lambda: [one.get_inclusion_proof(i, size) for i in places]) / len(places)
    two = reader()
    consistency = processor(lambda: [two.get_consistency_proof(i + 1, size) for i in places]) / len(places)
    return {"root": root, "inclusion": inclusion, "consistency": consistency, "peak": peak_mib()}


def scales_verify(served: str, count: str, many: str) -> dict[str, Any]:
    """Verify proofs of consistency with tlog-scales."""
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader

    size = int(count)
    reader = TilesReader(LocalBackend(Path(served)))
    reader.set_size(size)
    root = reader.calculate_root_hash()
    proofs = [(reader.get_consistency_proof(i + 1, size), reader.mth(0, i + 1)) for i in indexes(size, int(many))]
    return {"verify_consistency": processor(lambda: [proof.check(old, root) for proof, old in proofs]) / len(proofs)}


def sigstore_verify(served: str, count: str, many: str) -> dict[str, Any]:
    """Verify proofs of inclusion with what sigstore-python verifies Rekor's with."""
    from sigstore._internal.merkle import verify_merkle_inclusion
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader

    size = int(count)
    reader = TilesReader(LocalBackend(Path(served)))
    reader.set_size(size)
    root = reader.calculate_root_hash()
    entries: list[Any] = []
    for i in indexes(size, int(many)):
        hashes = reader.get_inclusion_proof(i, size).node_hashes
        body = reader.get_entry(i)
        proof = SimpleNamespace(log_index=i, tree_size=size, hashes=hashes, root_hash=root)
        entries.append(SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=body)))
    if sha256(b"\x00" + entries[0]._inner.canonicalized_body).digest() == root:
        raise AssertionError("The benchmark expected a log of more than one entry.")
    seconds = processor(lambda: [verify_merkle_inclusion(entry) for entry in entries])
    return {"verify_inclusion": seconds / len(entries)}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "scales-append": scales_append,
    "aics-append": aics_append,
    "pymerkle-append": pymerkle_append,
    "pymerkle-prove": pymerkle_prove,
    "scales-prove": scales_prove,
    "scales-verify": scales_verify,
    "sigstore-verify": sigstore_verify,
}


def main(arguments: list[str]) -> None:
    """Run the task that is named first with the arguments that follow."""
    print(json.dumps(TASKS[arguments[0]](*arguments[1:])))


if __name__ == "__main__":
    main(sys.argv[1:])
