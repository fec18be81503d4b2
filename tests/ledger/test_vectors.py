"""What others have published, held against this program; and messages made anew from the words of a specification."""

from __future__ import annotations

import json
import struct
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from detente.ledger.checkpoints import Checkpoint
from detente.ledger.checkpoints import opened_checkpoint
from detente.ledger.checkpoints import read_checkpoint
from detente.ledger.faults import InvalidNote
from detente.ledger.faults import LedgerError
from detente.ledger.faults import Malformed
from detente.ledger.merkle import leaf_hash
from detente.ledger.notes import Note
from detente.ledger.notes import Signature
from detente.ledger.notes import opened
from detente.ledger.notes import signed
from detente.ledger.notes import split
from detente.ledger.proofs import LogProof
from detente.ledger.signatures import COSIGNATURE
from detente.ledger.signatures import ED25519
from detente.ledger.signatures import ML_DSA_44
from detente.ledger.signatures import PrivateKey
from detente.ledger.signatures import PublicKey
from detente.ledger.signatures import cosignature_time
from detente.ledger.tiles import ENTRIES
from detente.ledger.tiles import Tile
from detente.ledger.tiles import parse_path
from detente.ledger.tiles import tiles_of

VECTORS = Path(__file__).parent.parent / "vectors"


def _read(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


GO = _read("note/go.json")
SUMDB = _read("checkpoint/sumdb.json")
SPECIFICATION = _read("checkpoint/c2sp.json")
SIGSUM = _read("cosignature/sigsum-go.json")
SIGSUM_LOG = _read("cosignature/sigsum-log.json")
FORMATS = _read("cosignature/transparency-dev.json")
TORCHWOOD = _read("cosignature/torchwood-mldsa.json")
PROOFS = _read("proof/transparency-dev.json")
TESSERA = _read("tiles/tessera.json")


def _signature(line: str) -> Signature:
    """Return the signature of a line, by way of a note."""
    return split(b"text\n\n" + line.encode()).signatures[0]


def _subtree_message(name: str, seconds: int, origin: str, start: int, end: int, root: bytes) -> bytes:
    """The `cosigned_message` of tlog-cosignature, field after field."""
    return b"".join(
        (
            b"subtree/v1\n\x00",
            struct.pack(">B", len(name.encode())) + name.encode(),
            struct.pack(">Q", seconds),
            struct.pack(">B", len(origin.encode())) + origin.encode(),
            struct.pack(">Q", start),
            struct.pack(">Q", end),
            root,
        )
    )


def test_every_folder_of_vectors_is_told_of() -> None:
    told = (VECTORS / "README.md").read_text(encoding="utf-8")
    assert [folder.name for folder in VECTORS.iterdir() if folder.is_dir() and f"`{folder.name}/" not in told] == []


# Signed notes.


@pytest.mark.parametrize("signer", GO["signers"])
def test_a_note_of_gos_examples_is_opened_by_its_key(signer: dict[str, str]) -> None:
    note = (GO["text"] + "\n" + signer["line"]).encode()
    key = PublicKey.parse(signer["vkey"])
    found, keys = opened(note, [key])
    assert (found.text.decode(), keys, found.encoded()) == (GO["text"], (key,), note)
    assert str(key) == signer["vkey"]


def test_a_note_signed_twice_is_opened_by_either_key_and_by_both() -> None:
    note = (GO["text"] + "\n" + "".join(signer["line"] for signer in GO["signers"])).encode()
    peter, enoch = (PublicKey.parse(signer["vkey"]) for signer in GO["signers"])
    assert [opened(note, keys)[1] for keys in ([peter], [enoch], [peter, enoch])] == [
        (peter,),
        (enoch,),
        (peter, enoch),
    ]


def test_our_signature_of_gos_text_is_gos() -> None:
    secret = b64decode(GO["signers"][0]["skey"].split("+", 4)[4])
    peter = PrivateKey.from_seed("PeterNeumann", secret[0], secret[1:])
    enoch = PrivateKey.from_seed("EnochRoot", ED25519, bytes(32))
    want = (GO["text"] + "\n" + "".join(signer["line"] for signer in GO["signers"])).encode()
    assert signed(GO["text"].encode(), peter, enoch) == want


def test_every_part_of_a_key_and_every_altered_letter_is_refused() -> None:
    vkey = GO["signers"][0]["vkey"]
    parts = [vkey[i:j] for i in range(len(vkey)) for j in range(i + 1, len(vkey) + 1) if (i, j) != (0, len(vkey))]
    altered = [vkey[:i] + chr(ord(vkey[i]) + 1) + vkey[i + 1 :] for i in range(len(vkey))]
    for text in (*parts, *altered, *GO["bad_vkeys"], *FORMATS["bad_vkeys"]):
        with pytest.raises(InvalidNote):
            PublicKey.parse(text)


@pytest.mark.parametrize("number", range(len(GO["malformed"])))
def test_a_note_that_go_refuses_is_refused(number: int) -> None:
    with pytest.raises(InvalidNote):
        split(b64decode(GO["malformed"][number]))


def test_a_signature_that_was_lengthened_is_refused() -> None:
    line = GO["signers"][0]["line"]
    note = (GO["text"] + "\n" + line[:60] + "ABCD" + line[60:]).encode()
    with pytest.raises(InvalidNote, match="not of this text"):
        opened(note, [PublicKey.parse(GO["signers"][0]["vkey"])])


@pytest.mark.parametrize("example", _read("note/c2sp.json"))
def test_the_note_of_the_specification_is_read(example: dict[str, str]) -> None:
    found = split(example["note"].encode())
    assert (found.text.decode(), [s.name for s in found.signatures]) == (example["text"], [example["name"]])
    assert found.encoded() == example["note"].encode()


# Checkpoints.


@pytest.mark.parametrize("head", SUMDB["heads"], ids=lambda head: str(head["size"]))
def test_a_tree_head_of_the_go_checksum_database_is_opened(head: dict[str, Any]) -> None:
    key = PublicKey.parse(SUMDB["vkey"])
    checkpoint = opened_checkpoint(head["note"].encode(), [key], SUMDB["origin"])
    assert checkpoint.size == head["size"]
    with pytest.raises(InvalidNote):
        opened_checkpoint(
            head["note"].replace(str(head["size"]), str(head["size"] + 1)).encode(), [key], SUMDB["origin"]
        )


def test_a_tree_head_is_verified_by_the_words_of_the_specification_alone() -> None:
    name, key_id, material = SUMDB["vkey"].split("+", 2)
    public = b64decode(material)[1:]
    assert sha256(name.encode() + b"\x0a" + b"\x01" + public).digest()[:4].hex() == key_id
    text, _, line = SUMDB["heads"][1]["note"].rpartition("\n\n")
    value = b64decode(line.split(" ")[2])
    assert value[:4].hex() == key_id
    Ed25519PublicKey.from_public_bytes(public).verify(value[4:], text.encode() + b"\n")


def test_the_checkpoint_of_the_specification_is_read() -> None:
    note, checkpoint = read_checkpoint(SPECIFICATION["note"].encode())
    root = b64decode(SPECIFICATION["root"])
    assert checkpoint == Checkpoint(SPECIFICATION["origin"], SPECIFICATION["size"], root)
    assert checkpoint.text().decode() == SPECIFICATION["text"]
    cosigner = note.signatures[1]
    assert (cosigner.name, cosignature_time(cosigner.value)) == (SPECIFICATION["cosigner"], SPECIFICATION["time"])


def test_the_cosigned_message_is_that_of_the_specification() -> None:
    key = PrivateKey.from_seed("witness.example.com/w1", COSIGNATURE, bytes(32))
    value = key.sign(SPECIFICATION["text"].encode(), SPECIFICATION["time"])
    assert value[:8] == struct.pack(">Q", SPECIFICATION["time"])
    Ed25519PublicKey.from_public_bytes(key.public.raw).verify(value[8:], SPECIFICATION["cosigned"].encode())


@pytest.mark.parametrize("case", _read("checkpoint/transparency-dev.json"), ids=lambda case: case["desc"])
def test_a_malformed_checkpoint_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(case["text"].encode())


def test_the_tree_head_of_go_is_read_and_written_alike() -> None:
    vector = _read("checkpoint/go-tlog.json")
    checkpoint = Checkpoint.parse(vector["text"].encode())
    assert (checkpoint.size, checkpoint.root) == (vector["size"], leaf_hash(vector["record"].encode()))
    assert checkpoint.text() == vector["text"].encode()
    for text in vector["malformed"]:
        with pytest.raises(Malformed):
            Checkpoint.parse(text.encode())


# Cosignatures.


def test_the_checkpoint_and_the_cosignature_of_sigsum_are_made_and_verified() -> None:
    seed = bytes.fromhex(SIGSUM["seed"])
    log = PrivateKey.from_seed(SIGSUM["origin"], ED25519, seed)
    text = split(SIGSUM["checkpoint"].encode()).text
    assert signed(text, log) == SIGSUM["checkpoint"].encode()
    witness = PrivateKey.from_seed(SIGSUM["name"], COSIGNATURE, seed)
    value = witness.sign(SIGSUM["cosigned"].encode(), SIGSUM["time"])
    assert Signature(SIGSUM["name"], witness.key_id, value).line().decode() == SIGSUM["line"]


def test_lines_of_another_name_or_id_are_passed_over_and_a_longer_signature_is_refused() -> None:
    witness = PrivateKey.from_seed(SIGSUM["name"], COSIGNATURE, bytes.fromhex(SIGSUM["seed"])).public
    head = SIGSUM["cosigned"] + "\n"
    other_id, other_name, longer = SIGSUM["others"]
    assert opened((head + other_id + SIGSUM["line"] + other_name).encode(), [witness])[1] == (witness,)
    with pytest.raises(InvalidNote):
        opened((head + longer).encode(), [witness])


def test_the_line_of_a_cosignature_has_the_published_bytes() -> None:
    vector = SIGSUM["bytes"]
    value = bytes.fromhex(vector["time"] + vector["signature"]).ljust(72, b"\0")
    line = Signature("example.org/witness-key", bytes.fromhex(vector["key_id"]), value).line()
    assert line.decode() == vector["line"]
    assert _signature(vector["line"]).value == value


def _sigsum_note(vector: dict[str, Any]) -> tuple[bytes, PublicKey, list[PublicKey]]:
    """Write a tree head of the Sigsum log as the checkpoint that its witnesses have signed."""
    log_key = bytes.fromhex(SIGSUM_LOG["log"])
    origin = "sigsum.org/v1/tree/" + sha256(log_key).hexdigest()
    log = PublicKey(origin, ED25519, log_key)
    keys = [PublicKey(f"witness{i}", COSIGNATURE, bytes.fromhex(key)) for i, key in enumerate(SIGSUM_LOG["witnesses"])]
    by_hash = {sha256(key.raw).hexdigest(): key for key in keys}
    signatures = [Signature(origin, log.key_id, bytes.fromhex(vector["signature"]))]
    for line in vector["cosignatures"]:
        if key := by_hash.get(line["key_hash"]):
            value = struct.pack(">Q", line["time"]) + bytes.fromhex(line["signature"])
            signatures.append(Signature(key.name, key.key_id, value))
    text = Checkpoint(origin, vector["size"], bytes.fromhex(vector["root"])).text()
    return Note(text, tuple(signatures)).encoded(), log, keys


@pytest.mark.parametrize("vector", SIGSUM_LOG["proofs"], ids=lambda vector: str(vector["size"]))
def test_the_witnesses_of_a_public_log_are_verified(vector: dict[str, Any]) -> None:
    note, log, witnesses = _sigsum_note(vector)
    assert opened(note, [log, *witnesses])[1] == (log, *[key for key in _signers(note) if key in witnesses])
    assert len(opened(note, witnesses)[1]) == 3


def _signers(note: bytes) -> list[PublicKey]:
    ids = [(signature.name, signature.key_id) for signature in split(note).signatures]
    keys = [PublicKey(f"witness{i}", COSIGNATURE, bytes.fromhex(key)) for i, key in enumerate(SIGSUM_LOG["witnesses"])]
    return sorted((key for key in keys if (key.name, key.key_id) in ids), key=lambda k: ids.index((k.name, k.key_id)))


@pytest.mark.parametrize("vector", SIGSUM_LOG["proofs"], ids=lambda vector: str(vector["size"]))
def test_an_entry_of_a_public_log_is_proved_by_a_proof_file(vector: dict[str, Any]) -> None:
    note, log, _ = _sigsum_note(vector)
    checksum = sha256(sha256(vector["message"].encode()).digest()).digest()
    entry = checksum + bytes.fromhex(vector["leaf_signature"]) + bytes.fromhex(vector["leaf_key_hash"])
    proof = LogProof(vector["index"], tuple(map(bytes.fromhex, vector["path"])), note)
    assert LogProof.parse(proof.encoded()) == proof
    assert proof.verified(entry, [log], log.name).size == vector["size"]
    with pytest.raises(Malformed, match="does not have this entry"):
        proof.verified(entry + b"\0", [log], log.name)


@pytest.mark.parametrize("vkey", [*FORMATS["vkeys"], TORCHWOOD["vkey"]], ids=lambda vkey: vkey[:20])
def test_a_published_verifier_key_is_read_and_written_alike(vkey: str) -> None:
    assert str(PublicKey.parse(vkey)) == vkey


@pytest.mark.parametrize("vector", FORMATS["times"])
def test_the_time_of_a_cosignature_is_the_published_one(vector: dict[str, Any]) -> None:
    assert cosignature_time(b64decode(vector["value"])[4:]) == vector["time"]


def test_the_cosignature_of_another_program_in_ml_dsa_verifies_over_the_specified_message() -> None:
    key = PublicKey.parse(TORCHWOOD["vkey"])
    signature = _signature(TORCHWOOD["line"])
    assert (key.algorithm, key.name, key.key_id) == (ML_DSA_44, signature.name, signature.key_id)
    root = b64decode(TORCHWOOD["root"])
    message = _subtree_message(key.name, 0, TORCHWOOD["origin"], TORCHWOOD["start"], TORCHWOOD["end"], root)
    public = MLDSA44PublicKey.from_public_bytes(key.raw)
    public.verify(signature.value[8:], message)
    with pytest.raises(InvalidSignature):
        public.verify(signature.value[8:], message[:-1] + b"\0")


@pytest.mark.parametrize("vector", _read("cosignature/leviathan-messages.json"), ids=lambda vector: vector["name"])
def test_the_message_of_an_ml_dsa_cosignature_has_the_published_bytes(vector: dict[str, Any]) -> None:
    root, message = bytes.fromhex(vector["root"]), bytes.fromhex(vector["message"])
    fields = (vector["time"], vector["origin"], vector["start"], vector["end"], root)
    assert _subtree_message(vector["name"], *fields) == message
    if not vector["start"]:  # a checkpoint begins with the first entry
        key = PrivateKey.from_seed(vector["name"], ML_DSA_44, bytes(32))
        value = key.sign(Checkpoint(vector["origin"], vector["end"], root).text(), vector["time"])
        MLDSA44PublicKey.from_public_bytes(key.public.raw).verify(value[8:], message)


# Primitives.


@pytest.mark.parametrize("vector", _read("ed25519/rfc8032.json"), ids=lambda vector: vector["seed"][:8])
def test_ed25519_of_rfc_8032(vector: dict[str, str]) -> None:
    seed, public, message, signature = (bytes.fromhex(vector[k]) for k in ("seed", "public", "message", "signature"))
    key = PrivateKey.from_seed("a", ED25519, seed)
    assert (key.public.raw, key.sign(message)) == (public, signature)
    assert key.public.verifies(message, signature)
    assert not key.public.verifies(message + b"\0", signature)
    assert not key.public.verifies(message, bytes([signature[0] ^ 1]) + signature[1:])


@pytest.mark.parametrize("vector", _read("mldsa/kat_MLDSA_44_det_pure.json"), ids=lambda vector: vector["seed"][:8])
def test_ml_dsa_44_known_answers(vector: dict[str, str]) -> None:
    seed, public, message, context, signature = (
        bytes.fromhex(vector[k]) for k in ("seed", "public", "message", "context", "signature")
    )
    assert MLDSA44PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw() == public
    assert PrivateKey.from_seed("a", ML_DSA_44, seed).public.raw == public
    key = MLDSA44PublicKey.from_public_bytes(public)
    key.verify(signature, message, context)
    for altered in (signature[:-1] + bytes([signature[-1] ^ 1]), bytes([signature[0] ^ 1]) + signature[1:]):
        with pytest.raises(InvalidSignature):
            key.verify(altered, message, context)
    with pytest.raises(InvalidSignature):
        key.verify(signature, message)


def test_a_key_of_ed25519_and_one_of_a_cosigner_with_the_same_bytes_have_different_ids() -> None:
    raw = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    assert PublicKey("a", ED25519, raw).key_id != PublicKey("a", COSIGNATURE, raw).key_id


# Proof files.


@pytest.mark.parametrize("vector", PROOFS["proofs"], ids=lambda vector: str(vector["index"]))
def test_a_published_proof_file_is_read_and_written_alike(vector: dict[str, Any]) -> None:
    path = tuple(b64decode(line) for line in vector["path"])
    proof = LogProof(vector["index"], path, vector["checkpoint"].encode(), b64decode(vector["extra"]))
    assert proof.encoded() == vector["text"].encode()
    assert LogProof.parse(vector["text"].encode()) == proof


@pytest.mark.parametrize("text", PROOFS["malformed"])
def test_a_malformed_proof_file_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        LogProof.parse(text.encode())


def test_the_proof_file_of_the_specification_is_read() -> None:
    vector = _read("proof/c2sp.json")
    text = vector["head"] + "\n" + SPECIFICATION["note"]
    proof = LogProof.parse(text.encode())
    assert (proof.index, len(proof.path), proof.encoded()) == (vector["index"], vector["hashes"], text.encode())


def test_the_leaf_hash_of_an_entry_of_the_go_checksum_database() -> None:
    vector = _read("proof/sumdb-leaf.json")
    assert leaf_hash(vector["leaf"].encode()).hex() == vector["hash"]


# Tiles.


@pytest.mark.parametrize("vector", TESSERA["parsed"], ids=lambda vector: vector[0])
def test_a_published_tile_path_is_read_and_written_alike(vector: list[Any]) -> None:
    path, *fields = vector
    assert parse_path(path) == Tile(*fields)
    assert Tile(*fields).path == path


@pytest.mark.parametrize("path", TESSERA["malformed"])
def test_a_malformed_tile_path_is_refused(path: str) -> None:
    assert parse_path(path) is None


@pytest.mark.parametrize("vector", TESSERA["tiles"], ids=lambda vector: vector[3])
def test_a_log_of_a_size_has_the_published_tile(vector: list[Any]) -> None:
    level, number, size, path = vector
    assert path in {tile.path for tile in tiles_of(size) if (tile.level, tile.number) == (level, number)}


@pytest.mark.parametrize("vector", TESSERA["entries"], ids=lambda vector: vector[2])
def test_a_log_of_a_size_has_the_published_bundle(vector: list[Any]) -> None:
    number, size, path = vector
    width = min(size - number * 256, 256)
    assert Tile(ENTRIES, number, width).path == path


def test_a_log_of_70000_entries_has_the_tiles_of_the_specification() -> None:
    tiles = [tile for tile in tiles_of(70_000) if tile.level != ENTRIES]
    full = [sum(tile.width == 256 and tile.level == level for tile in tiles) for level in range(3)]
    partial = [(tile.level, tile.width) for tile in tiles if tile.width != 256]
    assert (full, partial) == ([273, 1, 0], [(0, 112), (1, 17), (2, 1)])


def test_a_log_of_256_entries_has_a_full_tile_and_a_partial_one_above() -> None:
    assert [(t.level, t.width) for t in tiles_of(256) if t.level != ENTRIES] == [(0, 256), (1, 1)]


# Canonical JSON.


@pytest.mark.parametrize("name", sorted(path.name for path in (VECTORS / "rfc8785" / "input").iterdir()))
def test_canonical_json_of_rfc_8785(name: str) -> None:
    document = json.loads((VECTORS / "rfc8785" / "input" / name).read_bytes())
    assert rfc8785.dumps(document) == (VECTORS / "rfc8785" / "output" / name).read_bytes()


@pytest.mark.parametrize("vector", _read("rfc8785/numbers.json"), ids=lambda vector: vector[0])
def test_a_number_of_rfc_8785(vector: list[str | None]) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(vector[0] or ""))
    if vector[1] is None:
        with pytest.raises(rfc8785.CanonicalizationError):
            rfc8785.dumps(number)
    else:
        assert rfc8785.dumps(number) == vector[1].encode()


def test_every_fault_of_the_ledger_says_what_to_do() -> None:
    fault = LedgerError("What.", "Remedy.")
    assert (fault.what, fault.remedy, str(fault)) == ("What.", "Remedy.", "What. Remedy.")
