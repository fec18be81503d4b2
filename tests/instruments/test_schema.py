from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Table
from builders import article
from builders import instrument
from builders import limit
from builders import provision
from builders import term
from builders import treaty
from builders import words
from detente.errors import Problem
from detente.instruments.schema import OBLIGATIONS
from detente.instruments.schema import Anchor
from detente.instruments.schema import Extension
from detente.instruments.schema import Instrument
from detente.instruments.schema import resolve
from detente.record.load import typed

WHOLE: dict[str, Table] = {
    "limit": limit(),
    "adherence": article("II", "adherence", requires="other"),
    "notice": article("II", "notice", of="missile-launch", timing="before", period="PT24H"),
    "cadence": article("II", "cadence", what="report", measures=["warheads"], every="P6M", first="2011-03-22"),
    "quota": article("II", "quota", measure="inspections", at_most=18, per="P1Y"),
    "term": term("II", duration="P10Y"),
    "undertaking": article("II", "undertaking"),
    "none": article("II", "none", why=words("a definition")),
}


def faults(*provisions: Table, **more: object) -> list[str]:
    return [f"{what} {remedy}" for _, what, remedy in instrument("pact", *provisions, **more).faults()]


def test_every_kind_has_a_whole_provision_here() -> None:
    assert set(WHOLE) == {*OBLIGATIONS, "none"}


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_a_whole_provision_is_without_a_fault(kind: str) -> None:
    assert faults(WHOLE[kind]) == []


@pytest.mark.parametrize("at_least", [0, 1, 0.5])
def test_a_limit_may_be_from_below(at_least: float) -> None:
    raw = limit(at_least=at_least)
    del raw["at_most"]
    assert faults(raw) == []


def test_zero_is_a_limit() -> None:
    assert faults(limit(at_most=0)) == []


NEEDED = [
    ("limit", "measure"), ("limit", "evidence_within"), ("notice", "of"), ("notice", "timing"), ("notice", "period"),
    ("cadence", "what"), ("cadence", "every"), ("cadence", "first"), ("quota", "measure"), ("quota", "at_most"),
    ("quota", "per"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), NEEDED)
def test_no_parameter_has_a_silent_default(kind: str, name: str) -> None:
    raw = {key: value for key, value in WHOLE[kind].items() if key != name}
    assert faults(raw) == [f"The {kind} of article II has no '{name}'. Give '{name}': there is no silent default."]


def test_a_kind_of_obligation_is_one_of_seven_or_none() -> None:
    kinds = "limit, adherence, notice, cadence, quota, term, undertaking, none"
    assert faults(article("II", "promise")) == [
        f"'promise' is no kind of obligation (article II). Use one of: {kinds}."
    ]


CONTRADICTIONS: list[tuple[Table, str]] = [
    (
        article("II", "limit", measure="warheads", evidence_within="P1Y"),
        "The limit of article II has no number. Give 'at_most' or 'at_least'.",
    ),
    (article("II", "adherence"), "The adherence of article II names nothing. Give 'requires' or 'act'."),
    (article("II", "none"), "Article II does not say why no obligation carries it. Give 'why' in en and ru."),
    (
        article("II", "cadence", what="report", every="P6M", first="2011"),
        "The cadence of article II names nothing. Give 'measures' or 'forum'.",
    ),
]


@pytest.mark.parametrize(("raw", "text"), CONTRADICTIONS, ids=[raw["kind"] for raw, _ in CONTRADICTIONS])
def test_what_names_nothing_is_a_fault(raw: Table, text: str) -> None:
    assert faults(raw) == [text]


def test_a_cadence_of_notices_names_no_measure() -> None:
    assert faults(article("II", "cadence", what="notice", every="P6M", first="2011")) == []


PERIODS = ["evidence_within", "within", "period", "every", "grace", "per", "duration", "renewal", "notice"]


@pytest.mark.parametrize("name", PERIODS)
def test_every_period_is_one(name: str) -> None:
    assert faults(term("II", **{name: "soon"})) == [
        f"'soon' is not an ISO 8601 period ('{name}' of article II). Write P10Y, P6M, P45D or PT24H."
    ]


@pytest.mark.parametrize("name", ["from", "until", "first"])
def test_every_date_is_one(name: str) -> None:
    (text,) = faults(limit("II", **{name: "soon"}))
    assert text == f"'soon' is not an EDTF date ('{name}' of article II). Write YYYY-MM-DD or {{ after, period }}."


@pytest.mark.parametrize("name", ["from", "until", "first"])
def test_every_anchor_is_one(name: str) -> None:
    assert faults(limit("II", **{name: {"after": "lunch", "period": "P1Y"}})) == [
        f"Nothing counts from 'lunch' ('{name}' of article II). Use one of: entry-into-force, opening, bound, act:VERB."
    ]


@pytest.mark.parametrize("after", ["entry-into-force", "opening", "bound", "act:withdraw"])
def test_what_may_be_counted_from(after: str) -> None:
    assert faults(limit("II", **{"from": {"after": after, "period": "P7Y"}})) == []


def test_an_anchor_has_a_period() -> None:
    (text,) = faults(limit("II", **{"from": {"after": "opening", "period": "later"}}))
    assert text.startswith("'later' is not an ISO 8601 period ('from' of article II).")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("binding", "legal or political"),
        ("membership", "closed or open or all"),
        ("roll", "complete or partial"),
    ],
)
def test_the_instruments_own_words(name: str, allowed: str) -> None:
    assert faults(**{name: "other"}) == [f"'other' is no '{name}'. Use {allowed}."]


def test_an_article_stands_once() -> None:
    assert faults(limit("II"), limit("II")) == [
        "The article II stands twice. Merge the two, or address them as (a) and (b)."
    ]


def test_all_faults_come_at_once() -> None:
    assert len(faults(article("I", "promise"), article("II", "adherence"), binding="moral")) == 3


@pytest.mark.parametrize("name", ["every", "renewal"])
@pytest.mark.parametrize("text", ["P0D", "PT0H"])
def test_what_comes_again_does_not_come_at_once(name: str, text: str) -> None:
    assert faults(term("II", **{name: text}))


@pytest.mark.parametrize(
    ("kind", "name"), [("notice", "timing"), ("notice", "clock"), ("notice", "effect"), ("cadence", "what")]
)
def test_a_parameters_word_is_one_of_its_list(kind: str, name: str) -> None:
    assert faults({**WHOLE[kind], name: "other"})


@pytest.mark.parametrize(
    "raw",
    [
        {**WHOLE["notice"], "of": "party-trick"},
        article("II", "adherence", act="frobnicate"),
        limit("II", **{"from": {"after": "act:frobnicate", "period": "P1Y"}}),
    ],
    ids=["of", "act", "act:VERB"],
)
def test_a_verb_is_one(raw: Table) -> None:
    assert faults(raw)


@pytest.mark.parametrize(
    "more",
    [{"entry": {"delay": "soon"}}, {"provision": [term(extension={"at_most": "soon"})]}],
    ids=["delay", "extension"],
)
def test_every_other_period_is_one(more: Table) -> None:
    law = msgspec.convert({**treaty(), **more}, Instrument)
    assert list(law.faults())


def entry_of(raw: Table) -> tuple[Instrument | None, list[str]]:
    problems: list[Problem] = []
    found = typed(raw, Instrument, "treaty.toml", 1, problems)
    return found, [problem.what for problem in problems]


@pytest.mark.parametrize("name", ["id", "issue", "title", "short", "form", "binding", "membership", "source"])
def test_no_instrument_is_without_what_all_must_have(name: str) -> None:
    raw = {key: value for key, value in treaty().items() if key != name}
    found, told = entry_of(raw)
    assert found is None
    assert f"Object missing required field `{name}`" in told[0]


def test_an_unknown_field_is_named_with_its_place() -> None:
    found, told = entry_of(treaty("pact", limit(colour="red")))
    assert found is None
    assert told == ["The entry 'pact' is not valid: Object contains unknown field `colour` - at `$.provision[0]`."]


def test_what_is_not_said_has_the_texts_own_default() -> None:
    law = instrument()
    assert law.entry.consent == ("ratify", "accede", "succeed", "accept")
    assert (law.entry.delay, law.roll, law.body, law.authority) == ("P0D", "partial", "", "")


def test_the_term_and_an_article_are_found() -> None:
    law = instrument("pact", limit("II"), term("XIV", extension={"at_most": "P5Y"}))
    found = law.term()
    assert found is not None
    assert found.article == "XIV"
    assert found.extension == Extension("P5Y", 1)
    assert law.find("II") == law.provision[0]
    assert law.find("IX") is None
    assert instrument().term() is None


def test_binds_is_a_word_or_a_list() -> None:
    assert provision().binds == "parties"
    assert provision(binds=["USA", "RUS"]).binds == ("USA", "RUS")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2018-02-05", date(2018, 2, 5)),
        ("2018-02", date(2018, 2, 28)),
        ("", None),
        (Anchor("entry-into-force", "P7Y"), date(2018, 2, 5)),
        (Anchor("entry-into-force"), date(2011, 2, 5)),
        (Anchor("opening", "P1Y"), None),
    ],
)
def test_a_day_is_resolved(value: str | Anchor, wanted: date | None) -> None:
    assert resolve(value, {"entry-into-force": date(2011, 2, 5)}) == wanted


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=4), st.lists(st.text(max_size=2)))


@given(st.dictionaries(st.sampled_from(sorted({*treaty(), "roles", "entry", "else"})), SCALARS))
def test_no_table_raises(raw: Table) -> None:
    found, told = entry_of({**treaty(), **raw})
    assert (found is None) == bool(told)
    assert found is None or isinstance(list(found.faults()), list)
