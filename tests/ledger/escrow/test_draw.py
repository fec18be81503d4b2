"""The joint draw: published vectors, no bias, no copying, no opening too early, and refusal shown as refusal."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import DetenteError
from detente.ledger.escrow.answers import outcomes
from detente.ledger.escrow.commitment import Commitment
from detente.ledger.escrow.draw import DrawSession
from detente.ledger.escrow.draw import all_slots
from detente.ledger.escrow.draw import begin_draw
from detente.ledger.escrow.draw import drawn
from detente.ledger.escrow.draw import open_nonce
from detente.ledger.escrow.draw import promise
from detente.ledger.escrow.draw import read_draw_file
from detente.ledger.escrow.draw import seed_of
from detente.ledger.escrow.drbg import HmacDrbg
from detente.ledger.escrow.drbg import sample
from detente.ledger.escrow.files import canonical
from detente.ledger.escrow.files import digest
from detente.ledger.escrow.outcome import outcome
from detente.ledger.escrow.outcome import read_sample
from detente.ledger.escrow.outcome import sample_bytes
from ledger.escrow.made import counting
from ledger.escrow.made import escrow_of

BEFORE = date(2031, 3, 1)
EARLY, LATE = date(2031, 2, 28), BEFORE


@pytest.fixture(scope="module")
def commitment(tmp_path_factory: pytest.TempPathFactory) -> Commitment:
    return escrow_of(tmp_path_factory.mktemp("draw")).commitment


@pytest.fixture(scope="module")
def session(commitment: Commitment) -> DrawSession:
    return begin_draw(commitment, ("Ipindovia", "Karelund"), 5, all_slots(commitment, "item"), BEFORE, counting())


# --- The generator --------------------------------------------------------------------------------------------

# NIST, Cryptographic Algorithm Validation Program, drbgvectors_no_reseed/HMAC_DRBG.rsp: SHA-256, no prediction
# resistance, no additional input; the answer is that of the second request of 1024 bits.
NIST = [
    (
        "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488",
        "659ba96c601dc69fc902940805ec0ca8",
        "",
        "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89d54fbb978a15b5c443c9ec21036d2460"
        "b6f73ebad0dc2aba6e624abf07745bc107694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
        "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8",
    ),
    (
        "79737479ba4e7642a221fcfd1b820b134e9e3540a35bb48ffae29c20f5418ea3",
        "3593259c092bef4129bc2c6c9e19f343",
        "",
        "cf5ad5984f9e43917aa9087380dac46e410ddc8a7731859c84e9d0f31bd43655b924159413e2293b17610f211e09f770"
        "f172b8fb693a35b85d3b9e5e63b1dc252ac0e115002e9bedfb4b5b6fd43f33b8e0eafb2d072e1a6fee1f159df9b51e6c"
        "8da737e60d5032dd30544ec51558c6f080bdbdab1de8a939e961e06b5f1aca37",
    ),
    (
        "5cacc68165a2e2ee20812f35ec73a79dbf30fd475476ac0c44fc6174cdac2b55",
        "6f885496c1e63af620becd9e71ecb824",
        "e72dd8590d4ed5295515c35ed6199e9d211b8f069b3058caa6670b96ef1208d0",
        "f1012cf543f94533df27fedfbf58e5b79a3dc517a9c402bdbfc9a0c0f721f9d53faf4aafdc4b8f7a1b580fcaa52338d4"
        "bd95f58966a243cdcd3f446ed4bc546d9f607b190dd69954450d16cd0e2d6437067d8b44d19a6af7a7cfa8794e5fbd72"
        "8e8fb2f2e8db5dd4ff1aa275f35886098e80ff844886060da8b1e7137846b23b",
    ),
]


@pytest.mark.parametrize(("entropy", "nonce", "personalization", "returned"), NIST)
def test_the_generator_is_that_of_nist(entropy: str, nonce: str, personalization: str, returned: str) -> None:
    generator = HmacDrbg(*map(bytes.fromhex, (entropy, nonce, personalization)))
    generator.generate(128)
    assert generator.generate(128).hex() == returned


def test_the_first_bytes_are_those_of_rfc_6979() -> None:
    """RFC 6979, A.2.5 (P-256, SHA-256, "sample") makes its k by this generator from the key and the hash."""
    key = bytes.fromhex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    hashed = (int.from_bytes(sha256(b"sample").digest(), "big") % order).to_bytes(32, "big")
    k = HmacDrbg(key, hashed).generate(32)
    assert k.hex().upper() == "A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60"


def test_a_request_is_bounded() -> None:
    with pytest.raises(ValueError, match="65536"):
        HmacDrbg(b"x").generate(1 << 17)


# --- The sample -----------------------------------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=32), st.integers(1, 300), st.data())
def test_a_sample_has_different_places_all_within(seed: bytes, population: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, population))
    places = sample(HmacDrbg(seed), population, number)
    assert len(set(places)) == len(places) == number
    assert all(0 <= place < population for place in places)
    whole = sample(HmacDrbg(seed), population, population)
    assert whole[:number] == places
    assert sorted(whole) == list(range(population))


def test_a_sample_out_of_very_many_takes_no_memory_of_them() -> None:
    places = sample(HmacDrbg(b"x"), 1 << 62, 1000)
    assert max(places) > 1 << 60


def test_more_than_there_is_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        sample(HmacDrbg(b"x"), 3, 4)


def test_every_place_is_drawn_as_often_as_any_other() -> None:
    """Chi-square of single places and of pairs, at a level that chance exceeds once in a million (fixed seeds)."""
    population, rounds = 12, 6000
    singles: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    for n in range(rounds):
        first, second = sample(HmacDrbg(b"%d" % n), population, 2)
        singles[first] += 1
        pairs[first, second] += 1
    expected = rounds / population
    assert sum((singles[p] - expected) ** 2 / expected for p in range(population)) < 50  # 11 degrees of freedom
    expected = rounds / (population * (population - 1))
    cells = [(a, b) for a in range(population) for b in range(population) if a != b]
    assert sum((pairs[c] - expected) ** 2 / expected for c in cells) < 219  # 131 degrees of freedom


# --- The protocol ---------------------------------------------------------------------------------------------


def test_the_sample_follows_from_both_nonces_by_the_formulas(session: DrawSession) -> None:
    one, hers = promise(session, "Ipindovia", counting(7))
    content = json.dumps({"nonce": one.nonce, "party": "Ipindovia", "session": digest(session)}, separators=(",", ":"))
    assert sha256(b"detente/escrow/1/nonce\0" + bytes.fromhex(one.salt) + content.encode()).hexdigest() == hers.hash
    name = sha256(rfc8785.dumps(json.loads(canonical(session)))).digest()
    nonces = ["11" * 32, "22" * 32]
    seed = sha256(b"detente/escrow/1/seed\0" + name + b"\x11" * 32 + b"\x22" * 32).digest()
    assert seed_of(name.hex(), nonces) == seed
    generator = HmacDrbg(seed, b"", name)
    first = generator.generate(32)
    at = int.from_bytes(first, "big") % 128  # 2^256 is a multiple of 4 * 4 * 8, so that nothing is thrown away
    assert drawn(session, nonces)[0] == f"@{at // 32}/{at // 8 % 4}/{at % 8}"
    assert drawn(session, nonces[::-1]) != drawn(session, nonces)


def test_a_whole_draw_and_anyone_can_draw_it_again(session: DrawSession) -> None:
    one, hers = promise(session, "Ipindovia")
    two, theirs = promise(session, "Karelund")
    states = [p.state for p in outcome(session, [hers], [], LATE).parties]
    assert states == ["not opened", "not committed"]
    openings = [open_nonce(session, nonce, [theirs, hers]) for nonce in (two, one)]
    result = outcome(session, [theirs, hers], openings, LATE)
    assert [p.state for p in result.parties] == ["opened", "opened"]
    assert len(set(result.drawn)) == 5
    data = sample_bytes(session, openings, result.drawn)
    assert read_sample(data, "x").drawn == result.drawn
    forged = json.loads(data)
    forged["drawn"][0], forged["drawn"][1] = forged["drawn"][1], forged["drawn"][0]
    with pytest.raises(DetenteError, match="does not follow"):
        read_sample(rfc8785.dumps(forged), "x")
    for part in (session, one, hers, openings[0]):
        assert read_draw_file(canonical(part) + b"\n", "x") == part
    files = {str(n): canonical(part) for n, part in enumerate((session, hers, theirs, *openings))}
    assert outcomes(files, LATE) == [result]


def test_who_committed_and_does_not_open_has_refused_from_that_day_on(session: DrawSession) -> None:
    one, hers = promise(session, "Ipindovia")
    _, theirs = promise(session, "Karelund")
    opening = open_nonce(session, one, [hers, theirs])
    for on, state in ((EARLY, "not opened"), (LATE, "refused")):
        result = outcome(session, [hers, theirs], [opening], on)
        assert [p.state for p in result.parties] == ["opened", state]
        assert result.drawn == []
    assert [p.state for p in outcome(session, [hers, theirs], [], LATE).parties] == ["refused", "refused"]


def test_nobody_opens_before_both_have_committed(session: DrawSession) -> None:
    one, hers = promise(session, "Ipindovia")
    two, theirs = promise(session, "Karelund")
    with pytest.raises(DetenteError, match="Karelund has not one commitment"):
        open_nonce(session, one, [hers])
    with pytest.raises(DetenteError, match="not the one to which"):
        open_nonce(session, promise(session, "Ipindovia")[0], [hers, theirs])
    assert open_nonce(session, two, [hers, theirs]).party == "Karelund"


def test_a_copied_commitment_cannot_be_opened(session: DrawSession) -> None:
    """Its author's name stands in the hash, so that the copier has nothing that opens it."""
    one, hers = promise(session, "Ipindovia")
    copied = type(hers)(hers.format, hers.hash, "Karelund", hers.session)
    theirs = type(one)(one.format, one.nonce, "Karelund", one.salt, one.session)
    with pytest.raises(DetenteError, match="not the one to which"):
        open_nonce(session, theirs, [hers, copied])


def test_an_opening_of_something_else_does_not_match(session: DrawSession) -> None:
    one, hers = promise(session, "Ipindovia")
    two, theirs = promise(session, "Karelund")
    good, other = (open_nonce(session, nonce, [hers, theirs]) for nonce in (one, two))
    changed = type(good)(good.commitments, good.format, "00" * 32, good.party, good.salt, good.session)
    result = outcome(session, [hers, theirs], [changed, other], EARLY)
    assert [p.state for p in result.parties] == ["does not match", "opened"]
    twice = outcome(session, [hers, promise(session, "Ipindovia")[1], theirs], [good, other], EARLY)
    assert [p.state for p in twice.parties] == ["does not match", "does not match"]


def test_a_list_can_be_drawn_from(commitment: Commitment) -> None:
    session = begin_draw(commitment, ("A", "B"), 2, [(0, 1, 2), (3, 3, 3)], BEFORE)
    assert sorted(drawn(session, ["00" * 32, "00" * 32])) == ["@0/1/2", "@3/3/3"]
    under = begin_draw(commitment, ("A", "B"), 8, all_slots(commitment, "item", (1, 2)), BEFORE)
    assert sorted(drawn(under, ["00" * 32, "00" * 32])) == [f"@1/2/{n}" for n in range(8)]


@pytest.mark.parametrize(
    ("parties", "number", "places", "says"),
    [
        (("A", "A"), 1, [(0,)], "two parties"),
        (("A", ""), 1, [(0,)], "two parties"),
        (("A", "B"), 2, [(0,)], "cannot be drawn"),
        (("A", "B"), 0, [(0,)], "cannot be drawn"),
        (("A", "B"), 1, [], "cannot be drawn"),
        (("A", "B"), 1, [(0,), (0,)], "listed twice"),
    ],
)
def test_a_session_that_cannot_be_drawn_is_refused(
    commitment: Commitment, parties: tuple[str, str], number: int, places: list[tuple[int, ...]], says: str
) -> None:
    with pytest.raises(DetenteError, match=says):
        begin_draw(commitment, parties, number, places, BEFORE)


def test_a_rank_that_is_not_below_is_refused(commitment: Commitment) -> None:
    with pytest.raises(DetenteError, match="facility, item"):
        all_slots(commitment, "site", (0,))


@given(st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_a_file_of_a_draw_or_refused(data: bytes) -> None:
    for read in (read_draw_file, read_sample):
        with pytest.raises(DetenteError):
            read(data, "x")
