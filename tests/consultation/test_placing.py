"""Placing: the order of preference, closeness, and what a silent forum's charter covers."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import Row
from builders import Table
from builders import act
from builders import article
from builders import forum
from builders import limit
from builders import meeting
from builders import report
from builders import signed_and_in_force
from builders import treaty
from consultation.pair_builder import agenda
from consultation.pair_builder import forum_act
from consultation.pair_builder import make
from consultation.pair_builder import says
from detente.consultation.item import Item
from detente.consultation.placing import PREFERENCES
from detente.reading.casebook import Casebook

FORCE = signed_and_in_force("2011-02-05")
REPORTS = [report("USA", "1600", "2018-02-05")]
ALIVE, SILENT, OLD = "2018-05-01", "2016-05-01", "2005-05-01"


def place(book: Casebook, id: str = "due.pact.ii.usa", on: str = "2018-07-10") -> Item:
    return next(item for item in agenda(book, on).items() if item.id == id)


def built(folder: Path, bodies: dict[str, tuple[str, dict[str, object]]], **law: object) -> Casebook:
    """Return a book in which USA does not meet a limit of `pact`, and bodies that met last on a day."""
    forums = [forum(id, **more) for id, (_, more) in bodies.items()]
    meetings = [meeting(id, met) for id, (met, _) in bodies.items()]
    return make(folder, [treaty("pact", limit(), **law)], forums, acts=FORCE, reports=REPORTS, meetings=meetings)


IN_ORDER: list[tuple[str, str, dict[str, object]]] = [
    ("named", ALIVE, {"kind": "conference"}),
    ("serving", ALIVE, {"instruments": ["pact"]}),
    ("covering", ALIVE, {"issues": ["arms"]}),
    ("silent-serving", SILENT, {"instruments": ["pact"]}),
    ("silent-covering", SILENT, {"issues": ["arms"]}),
    ("wide", ALIVE, {"issues": ["arms"], "members": ["USA", "RUS", "GBR"]}),
    ("ministers", ALIVE, {"kind": "ministerial"}),
]


def test_the_table_of_preferences_is_tested_in_full() -> None:
    assert len(PREFERENCES) == len(IN_ORDER)
    for words, _ in PREFERENCES:
        assert words.en
        assert words.ru


@pytest.mark.parametrize("number", range(len(IN_ORDER)))
def test_the_first_body_that_fits_takes_the_item(tmp_path: Path, number: int) -> None:
    bodies = {id: (met, more) for id, met, more in reversed(IN_ORDER[number:])}
    body = "named" if number == 0 else ""
    item = place(built(tmp_path, bodies, body=body))
    assert item.forum is not None
    assert item.forum.id == IN_ORDER[number][0]
    assert item.forum.state == ("lapsed" if IN_ORDER[number][0].startswith("silent") else "alive")


def test_without_a_body_an_item_has_no_forum_and_the_issues_ministries(tmp_path: Path) -> None:
    item = place(built(tmp_path, {}))
    assert item.forum is None
    assert item.ministries == ("foreign",)


@pytest.mark.parametrize(
    "more", [{"members": ["USA"]}, {"kind": "track-two", "issues": ["arms"]}, {"issues": ["other"]}]
)
def test_bodies_that_do_not_fit(tmp_path: Path, more: dict[str, object]) -> None:
    assert place(built(tmp_path, {"body": (ALIVE, more)})).forum is None


def test_a_body_silent_for_more_than_ten_years_takes_nothing_up(tmp_path: Path) -> None:
    assert place(built(tmp_path, {"body": (OLD, {"issues": ["arms"]})})).forum is None


def test_the_provisions_own_forum_comes_before_the_body_of_the_text(tmp_path: Path) -> None:
    law = treaty(
        "pact", article("XII", "cadence", what="meeting", forum="own", every="P6M", first="2011-08-05"), body="body"
    )
    meetings = [meeting("own", ALIVE), meeting("body", ALIVE)]
    book = make(tmp_path, [law], [forum("own"), forum("body")], acts=FORCE, meetings=meetings)
    item = place(book, "due.pact.xii")
    assert item.forum is not None
    assert item.forum.id == "own"


CLOSER: list[tuple[str, tuple[str, dict[str, object]], tuple[str, dict[str, object]]]] = [
    (
        "serves",
        ("2018-01-01", {"issues": ["arms", "other"], "instruments": ["pact"]}),
        (ALIVE, {"issues": ["arms"], "instruments": []}),
    ),
    (
        "two-alone",
        ("2018-01-01", {"instruments": ["pact"]}),
        (ALIVE, {"instruments": ["pact"], "members": ["USA", "RUS", "GBR"]}),
    ),
    (
        "ministry",
        ("2018-01-01", {"issues": ["arms", "other"], "ministries": ["foreign"]}),
        (ALIVE, {"issues": ["arms"], "ministries": ["energy"]}),
    ),
    ("narrower", ("2018-01-01", {"issues": ["arms"]}), (ALIVE, {"issues": ["arms", "other"]})),
    ("later", (ALIVE, {"issues": ["arms"]}), ("2018-01-01", {"issues": ["arms"]})),
]


@pytest.mark.parametrize(("nearer", "farther"), [(n, f) for _, n, f in CLOSER], ids=[name for name, _, _ in CLOSER])
def test_of_bodies_that_fit_alike_the_closer_takes_the_item(
    tmp_path: Path, nearer: tuple[str, dict[str, object]], farther: tuple[str, dict[str, object]]
) -> None:
    # The nearer has the earlier name, so that the name alone would choose the other.
    item = place(built(tmp_path, {"a": nearer, "b": farther}))
    assert item.forum is not None
    assert item.forum.id == "a"


def test_a_forums_ministries_come_before_the_issues(tmp_path: Path) -> None:
    item = place(built(tmp_path, {"body": (ALIVE, {"issues": ["arms"], "ministries": ["energy", "defence"]})}))
    assert item.ministries == ("energy", "defence")


def _suspended(*bodies: Table) -> tuple[list[Table], list[Row]]:
    acts = [
        forum_act(verb, on, str(b["id"]))
        for b in bodies
        for verb, on in (("charter", "2009-07-06"), ("suspend", "2014-03-31"))
    ]
    return list(bodies), acts


def test_a_silent_forum_covers_the_items_of_its_issues_and_instruments_and_no_others(tmp_path: Path) -> None:
    bodies, acts = _suspended(
        forum("of-issue", issues=["arms"]),
        forum("of-text", issues=["other"], instruments=["pact"]),
        forum("elsewhere", issues=["other"]),
    )
    positions = [says(p, v, "2018-01-01", "power", issue="other") for p, v in (("USA", "affirm"), ("RUS", "reject"))]
    book = make(
        tmp_path, [treaty("pact", limit())], bodies, acts=FORCE, reports=REPORTS, forum_acts=acts, positions=positions
    )
    items = {item.id: item for item in agenda(book, "2018-07-10").items()}
    pact, power = "due.pact.ii.usa", "dispute.other.power"
    assert pact in items["due.forum.of-issue"].covers
    assert power not in items["due.forum.of-issue"].covers
    assert {pact, power} <= set(items["due.forum.of-text"].covers)
    assert power in items["due.forum.elsewhere"].covers
    assert pact not in items["due.forum.elsewhere"].covers
    silent = {i for i in items if i.startswith("due.forum.")}
    for id in silent:
        assert not silent & set(items[id].covers)
        forum_of = items[id].forum
        assert forum_of is not None
        assert forum_of.id == id.removeprefix("due.forum.")
        assert forum_of.state == "suspended"


def test_the_state_of_the_dialogue_is_the_umbrellas_and_not_its_groups(tmp_path: Path) -> None:
    bodies, acts = _suspended(
        forum("top", issues=["dialogue"]), forum("group", issues=["arms", "dialogue"], umbrella="top")
    )
    book = make(tmp_path, [treaty("pact", limit())], bodies, acts=FORCE, reports=REPORTS, forum_acts=acts)
    items = {item.id: item for item in agenda(book, "2018-07-10").items()}
    assert "due.dialogue.negotiation" in items["due.forum.top"].covers
    assert "due.dialogue.negotiation" not in items["due.forum.group"].covers
    assert "due.pact.ii.usa" in items["due.forum.group"].covers


def test_a_silent_forum_has_its_own_level_and_ministries(tmp_path: Path) -> None:
    bodies, acts = _suspended(forum(issues=["arms"], level="ministers", ministries=["defence"]))
    book = make(tmp_path, forums=bodies, forum_acts=acts)
    item = place(book, "due.forum.bcc")
    assert (item.level, item.ministries) == ("ministers", ("defence",))


def test_the_item_about_negotiations_is_placed_nowhere(tmp_path: Path) -> None:
    book = make(
        tmp_path, [treaty("pact")], [forum(issues=["dialogue"])], acts=[*FORCE, act("amend", "2012-01-01")],
        meetings=[meeting("bcc", ALIVE)],
    )  # fmt: skip
    item = place(book, "due.dialogue.negotiation")
    assert item.forum is None
    assert item.ministries == ("leaders", "foreign")
