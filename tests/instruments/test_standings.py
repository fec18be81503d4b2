from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builders import PARTIES
from builders import Row
from builders import Table
from builders import act
from builders import clean_book
from builders import party
from builders import position
from builders import reading
from builders import report
from builders import signed_and_in_force
from builders import standings
from builders import term
from builders import treaty
from detente.instruments.standings import HELD
from detente.instruments.standings import STANDINGS
from detente.instruments.standings import Standings
from detente.reading.casebook import Casebook

CLOSED = treaty("pact", term(duration="", notice="P6M"))
OPEN = treaty("pact", term(duration="", notice="P3M"), membership="open", participants=[])
IN_FORCE = signed_and_in_force("2011-02-05")


def book(folder: Path, law: Table, *acts: Row, positions: tuple[Row, ...] = (), **parts: object) -> Casebook:
    return clean_book(folder, treaties=[law], statements={"acts": list(acts), "positions": list(positions)}, **parts)


def standing(casebook: Casebook, on: str, party: str = "USA", reader: str = "") -> str:
    return standings(casebook, on).of("pact", party, reader).standing


def course(casebook: Casebook, party: str, *days: str) -> list[str]:
    return [standing(casebook, on, party) for on in days]


def test_of_whom_nothing_is_on_record_stands_to_nothing(tmp_path: Path) -> None:
    found = standings(book(tmp_path, OPEN), "2018-01-01").of("pact", "USA")
    assert (found.standing, found.since, found.act) == ("none", None, "")


def test_a_closed_treaty_from_signature_to_entry_into_force(tmp_path: Path) -> None:
    casebook = book(tmp_path, CLOSED, *IN_FORCE)
    days = ("2010-04-07", "2010-04-08", "2011-02-04", "2011-02-05")
    assert course(casebook, "USA", *days) == ["none", "signatory", "signatory", "bound"]
    assert standings(casebook, "2018-01-01").of("pact", "USA").since == date(2011, 2, 5)


def test_a_ratification_before_entry_into_force_is_consent(tmp_path: Path) -> None:
    casebook = book(tmp_path, CLOSED, *IN_FORCE, act("ratify", "2011-01-28", "RUS"))
    assert course(casebook, "RUS", "2011-01-27", "2011-01-28", "2011-02-05") == ["signatory", "contracting", "bound"]


def test_a_participant_of_a_closed_treaty_needs_no_act_of_its_own(tmp_path: Path) -> None:
    casebook = book(tmp_path, CLOSED, act("open", "2010-04-08"), act("enter-into-force", "2011-02-05"))
    assert course(casebook, "RUS", "2010-04-07", "2010-04-08", "2011-02-05") == ["none", "signatory", "bound"]


def test_a_participant_may_be_named_as_it_was_at_signature(tmp_path: Path) -> None:
    law = treaty("pact", participants=["USA", "SUN"])
    acts = [act("sign", "1987-12-08", "USA;SUN"), act("enter-into-force", "1988-06-01")]
    casebook = book(tmp_path, law, *acts)
    before, after = (standings(casebook, on).parties("pact") for on in ("1991-12-25", "1991-12-26"))
    assert {name: stand.standing for name, stand in before.items()} == {"USA": "bound", "SUN": "bound"}
    assert {name: stand.standing for name, stand in after.items()} == {"USA": "bound", "RUS": "bound"}


def test_an_open_treaty_binds_those_who_consent(tmp_path: Path) -> None:
    acts = [
        act("open", "1968-07-01"), act("sign", "1968-07-01", "USA"), act("sign", "1968-07-01", "GBR"),
        act("ratify", "1970-03-05", "USA"), act("enter-into-force", "1970-03-05"), act("accede", "1992-08-03", "FRA"),
    ]  # fmt: skip
    casebook = book(tmp_path, OPEN, *acts)
    assert course(casebook, "USA", "1968-07-01", "1970-03-04", "1970-03-05") == ["signatory", "signatory", "bound"]
    assert course(casebook, "GBR", "1968-07-01", "1970-03-05") == ["signatory", "signatory"]
    assert course(casebook, "FRA", "1992-08-02", "1992-08-03") == ["none", "bound"]


@pytest.mark.parametrize("verb", ["ratify", "accede", "succeed", "accept"])
def test_every_act_of_consent_binds(tmp_path: Path, verb: str) -> None:
    casebook = book(tmp_path, OPEN, act("enter-into-force", "1970-03-05"), act(verb, "1980-01-01", "FRA"))
    assert course(casebook, "FRA", "1979-12-31", "1980-01-01") == ["none", "bound"]


def test_consent_may_be_by_signature(tmp_path: Path) -> None:
    law = {**OPEN, "entry": {"consent": ["sign"]}}
    casebook = book(tmp_path, law, act("enter-into-force", "1970-03-05"), act("sign", "1980-01-01", "FRA"))
    assert standing(casebook, "1980-01-01", "FRA") == "bound"


def test_consent_binds_after_its_delay(tmp_path: Path) -> None:
    law = {**OPEN, "entry": {"delay": "P30D"}}
    casebook = book(tmp_path, law, act("enter-into-force", "1970-03-05"), act("accede", "1980-01-01", "FRA"))
    assert course(casebook, "FRA", "1980-01-01", "1980-01-30", "1980-01-31") == ["contracting", "contracting", "bound"]
    assert standings(casebook, "2000-01-01").of("pact", "FRA").since == date(1980, 1, 31)


def test_a_partys_own_entry_into_force_knows_no_delay(tmp_path: Path) -> None:
    law = {**OPEN, "entry": {"delay": "P30D"}}
    casebook = book(tmp_path, law, act("enter-into-force", "1980-01-01", "FRA"))
    assert standing(casebook, "1980-01-01", "FRA") == "bound"


def test_a_political_text_is_joined(tmp_path: Path) -> None:
    law = treaty(
        "pact", binding="political", form="initiative", membership="open", participants=[], entry={"consent": ["join"]}
    )
    casebook = book(tmp_path, law, act("join", "2006-07-15", "USA;RUS"), act("join", "2007-06-11", "FRA"))
    assert course(casebook, "USA", "2006-07-14", "2006-07-15") == ["none", "bound"]
    assert course(casebook, "FRA", "2007-06-10", "2007-06-11") == ["none", "bound"]


def test_a_closed_political_text_binds_from_its_signature(tmp_path: Path) -> None:
    casebook = book(tmp_path, treaty("pact", binding="political"), act("sign", "1994-12-05", "USA;RUS"))
    assert course(casebook, "RUS", "1994-12-04", "1994-12-05") == ["none", "bound"]


def test_a_text_for_all_binds_every_state_that_exists(tmp_path: Path) -> None:
    law = treaty("pact", form="resolution", membership="all", participants=[])
    casebook = book(tmp_path, law, act("adopt", "1990-06-01"), act("enter-into-force", "1990-06-01"))
    before = {name: s.standing for name, s in standings(casebook, "1991-12-25").parties("pact").items()}
    assert before == dict.fromkeys(("USA", "SUN", "GBR", "FRA", "DEU", "IRN"), "bound")
    after = standings(casebook, "1991-12-26").parties("pact")
    assert set(after) == {"USA", "RUS", "GBR", "FRA", "DEU", "IRN"}
    assert standings(casebook, "1990-05-31").parties("pact") == {}


def test_a_resolution_governs_whom_it_concerns(tmp_path: Path) -> None:
    law = treaty("pact", form="resolution", concerns=["IRN"], membership="open", participants=[])
    casebook = book(tmp_path, law, act("adopt", "2006-12-23"), act("enter-into-force", "2006-12-23"))
    assert course(casebook, "IRN", "2006-12-22", "2006-12-23") == ["none", "bound"]
    assert standing(casebook, "2006-12-23") == "none"


def test_a_notice_runs_for_the_treatys_period(tmp_path: Path) -> None:
    casebook = book(tmp_path, OPEN, act("enter-into-force", "1970-03-05"), act("accede", "1985-12-12", "IRN"),
                    act("give-notice", "2003-01-10", "IRN"))  # fmt: skip
    days = ("2003-01-09", "2003-01-10", "2003-04-09", "2003-04-10")
    assert course(casebook, "IRN", *days) == ["bound", "leaving", "leaving", "out"]
    leaving, out = (standings(casebook, on).of("pact", "IRN") for on in ("2003-01-10", "2003-04-10"))
    assert (leaving.until, leaving.act) == (date(2003, 4, 10), "pact.irn.give-notice.2003-01-10")
    assert (out.since, out.until) == (date(2003, 4, 10), None)


def test_a_stated_effect_goes_before_the_treatys_period(tmp_path: Path) -> None:
    acts = [act("accede", "1985-12-12", "IRN"), act("enter-into-force", "1970-03-05"),
            act("withdraw", "2003-01-10", "IRN", effect="2003-01-11")]  # fmt: skip
    assert course(book(tmp_path, OPEN, *acts), "IRN", "2003-01-10", "2003-01-11") == ["leaving", "out"]


MEMBER = [act("enter-into-force", "1970-03-05"), act("accede", "1985-12-12", "IRN")]
NOTICE = act("give-notice", "1993-03-12", "IRN")


def test_a_notice_is_taken_back(tmp_path: Path) -> None:
    casebook = book(tmp_path, OPEN, *MEMBER, NOTICE, act("resume", "1993-06-11", "IRN"))
    assert course(casebook, "IRN", "1993-06-10", "1993-06-11", "1994-01-01") == ["leaving", "bound", "bound"]


@pytest.mark.parametrize("verb", ["give-notice", "withdraw"])
def test_a_notice_with_a_stated_effect_is_taken_back_too(tmp_path: Path, verb: str) -> None:
    notice = act(verb, "1993-03-12", "IRN", effect="1993-06-12")
    casebook = book(tmp_path, OPEN, *MEMBER, notice, act("resume", "1993-06-11", "IRN"))
    assert course(casebook, "IRN", "1993-06-10", "1993-06-11", "1994-01-01") == ["leaving", "bound", "bound"]


def test_a_notice_that_took_effect_is_not_taken_back(tmp_path: Path) -> None:
    casebook = book(tmp_path, OPEN, *MEMBER, NOTICE, act("resume", "1993-06-12", "IRN"))
    assert standing(casebook, "1994-01-01", "IRN") == "out"


def test_who_is_out_may_come_back(tmp_path: Path) -> None:
    casebook = book(tmp_path, OPEN, *MEMBER, NOTICE, act("accede", "1995-01-01", "IRN"))
    assert course(casebook, "IRN", "1994-12-31", "1995-01-01") == ["out", "bound"]


def test_a_suspension_lasts_until_it_is_resumed(tmp_path: Path) -> None:
    casebook = book(
        tmp_path, CLOSED, *IN_FORCE, act("suspend", "2023-02-28", "RUS"), act("resume", "2024-02-28", "RUS")
    )
    days = ("2023-02-27", "2023-02-28", "2024-02-27", "2024-02-28")
    assert course(casebook, "RUS", *days) == ["bound", "suspended", "suspended", "bound"]
    assert standing(casebook, "2023-03-01") == "bound"
    assert standings(casebook, "2023-03-01").of("pact", "RUS").since == date(2023, 2, 28)


def test_a_suspension_counts_from_its_effect(tmp_path: Path) -> None:
    casebook = book(tmp_path, CLOSED, *IN_FORCE, act("suspend", "2023-02-21", "RUS", effect="2023-02-28"))
    assert course(casebook, "RUS", "2023-02-27", "2023-02-28") == ["bound", "suspended"]


def test_who_leaves_while_suspended_leaves(tmp_path: Path) -> None:
    acts = [
        act("suspend", "2019-01-01", "RUS"),
        act("give-notice", "2019-02-02", "USA"),
        act("give-notice", "2019-02-03", "RUS"),
    ]
    casebook = book(tmp_path, CLOSED, *IN_FORCE, *acts)
    assert standing(casebook, "2019-03-01", "RUS") == "leaving"
    assert standings(casebook, "2019-03-01").of("pact", "RUS").suspended == date(2019, 1, 1)


def test_a_suspension_does_not_outlive_a_new_consent(tmp_path: Path) -> None:
    acts = [act("suspend", "1990-01-01", "IRN"), NOTICE, act("accede", "1995-01-01", "IRN")]
    assert standing(book(tmp_path, OPEN, *MEMBER, *acts), "1995-01-01", "IRN") == "bound"


def test_an_instrument_of_two_is_ended_for_both(tmp_path: Path) -> None:
    casebook = book(tmp_path, CLOSED, *IN_FORCE, act("give-notice", "2019-02-02", "USA"))
    assert course(casebook, "RUS", "2019-08-01", "2019-08-02") == ["bound", "ended"]
    assert course(casebook, "USA", "2019-08-01", "2019-08-02") == ["leaving", "out"]


def test_a_term_that_ran_out_ends_every_standing(tmp_path: Path) -> None:
    law = treaty("pact", term(duration="P10Y"), participants=["USA", "RUS", "GBR"])
    casebook = book(tmp_path, law, *IN_FORCE)
    for name in ("USA", "RUS", "GBR"):
        assert course(casebook, name, "2021-02-04", "2021-02-05") == ["bound", "ended"]
    assert standings(casebook, "2020-01-01").of("pact", "USA").until == date(2021, 2, 5)


def test_who_left_before_the_end_stays_out(tmp_path: Path) -> None:
    law = treaty("pact", term(duration="P10Y", notice="P3M"), participants=["USA", "RUS", "GBR"])
    casebook = book(tmp_path, law, *IN_FORCE, act("give-notice", "2015-01-01", "GBR"))
    assert course(casebook, "GBR", "2015-04-01", "2022-01-01") == ["out", "out"]


def test_a_ratification_revoked_leaves_a_signatory(tmp_path: Path) -> None:
    acts = [act("open", "1996-09-24"), act("sign", "1996-09-24", "RUS"), act("ratify", "2000-06-30", "RUS"),
            act("revoke-ratification", "2023-11-02", "RUS")]  # fmt: skip
    casebook = book(tmp_path, OPEN, *acts)
    days = ("2000-06-29", "2000-06-30", "2023-11-01", "2023-11-02")
    assert course(casebook, "RUS", *days) == ["signatory", "contracting", "contracting", "signatory"]


def test_a_signature_is_taken_back(tmp_path: Path) -> None:
    acts = [act("open", "1996-09-24"), act("sign", "1996-09-24", "USA"), act("unsign", "2002-05-06", "USA")]
    casebook = book(tmp_path, OPEN, *acts)
    assert course(casebook, "USA", "2002-05-05", "2002-05-06") == ["signatory", "none"]
    assert "USA" in standings(casebook, "2002-05-06").parties("pact")


def test_provisional_application_holds_until_entry_into_force(tmp_path: Path) -> None:
    acts = [act("sign", "2010-04-08", "USA;RUS"), act("apply-provisionally", "2010-05-01", "USA"),
            act("ratify", "2011-01-01", "USA"), act("enter-into-force", "2011-02-05")]  # fmt: skip
    casebook = book(tmp_path, CLOSED, *acts)
    days = ("2010-04-30", "2010-05-01", "2011-01-01", "2011-02-05")
    assert course(casebook, "USA", *days) == ["signatory", "provisional", "contracting", "bound"]


def test_anothers_account_of_an_act_gives_way_to_the_partys_own(tmp_path: Path) -> None:
    acts = [act("enter-into-force", "1970-03-05"), act("accede", "1985-12-12", "IRN"),
            act("accede", "1985-11-01", "IRN", author="GBR", id="depositary"),
            act("ratify", "1980-01-01", "FRA", author="IAEA", id="body")]  # fmt: skip
    casebook = book(tmp_path, OPEN, *acts)
    assert course(casebook, "IRN", "1985-12-11", "1985-12-12") == ["none", "bound"]
    assert standing(casebook, "1985-12-11", "IRN", "GBR") == "bound"
    # Where the party's own act is not on record, the account of another is all that there is.
    assert standing(casebook, "2000-01-01", "FRA") == "bound"


def test_what_an_institute_records_of_a_state_moves_its_standing(tmp_path: Path) -> None:
    acts = [act("enter-into-force", "1970-03-05"), act("accede", "1985-12-12", "IRN", author="FAS")]
    assert standing(book(tmp_path, OPEN, *acts), "1985-12-12", "IRN") == "bound"


def test_another_may_record_a_notice(tmp_path: Path) -> None:
    notice = act("give-notice", "1993-03-12", "IRN", author="GBR")
    assert standing(book(tmp_path, OPEN, *MEMBER, notice), "1993-03-12", "IRN") == "leaving"


def test_a_party_that_ceased_to_exist_stands_to_nothing(tmp_path: Path) -> None:
    parties = [*PARTIES, party("DDR", until="1990-10-03")]
    acts = [act("enter-into-force", "1970-03-05"), act("ratify", "1969-10-31", "DDR")]
    casebook = book(tmp_path, OPEN, *acts, parties=parties)
    assert course(casebook, "DDR", "1990-10-02", "1990-10-03") == ["bound", "none"]


def test_the_acts_of_a_party_go_on_under_its_new_name(tmp_path: Path) -> None:
    acts = [act("enter-into-force", "1970-03-05"), act("ratify", "1970-03-05", "SUN")]
    casebook = book(tmp_path, OPEN, *acts)
    assert course(casebook, "SUN", "1991-12-25", "1991-12-26") == ["bound", "none"]
    assert course(casebook, "RUS", "1991-12-25", "1991-12-26") == ["none", "bound"]


SUSPENSION = act("suspend", "2023-02-28", "RUS", id="suspension")
CONTESTED = position("USA", "contest", "2023-03-01", "suspension")


def test_a_contested_act_gives_another_reading(tmp_path: Path) -> None:
    casebook = book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, positions=(CONTESTED,))
    assert standing(casebook, "2023-03-01", "RUS") == "suspended"
    assert standing(casebook, "2023-03-01", "RUS", "USA") == "bound"
    assert standing(casebook, "2023-03-01", "RUS", "RUS") == "suspended"
    assert standing(casebook, "2023-02-28", "RUS", "USA") == "suspended"


def test_only_who_contests_has_a_reading_of_its_own(tmp_path: Path) -> None:
    found = standings(book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, positions=(CONTESTED,)), "2023-03-01")
    assert found.readers == {"pact": ("USA",)}
    assert found.contested == {"suspension": {"USA": CONTESTED["id"]}}
    assert found.life("pact", "GBR") is found.life("pact")


def test_a_contest_ends_when_the_act_is_recognised(tmp_path: Path) -> None:
    accepted = position("USA", "recognise", "2024-01-01", "suspension")
    casebook = book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, positions=(CONTESTED, accepted))
    assert standing(casebook, "2023-12-31", "RUS", "USA") == "bound"
    assert standing(casebook, "2024-01-01", "RUS", "USA") == "suspended"


def test_a_group_contests_for_its_members(tmp_path: Path) -> None:
    contest = position("E3", "contest", "2023-03-01", "suspension")
    found = standings(book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, positions=(contest,)), "2023-03-01")
    assert found.readers == {"pact": ("DEU", "E3", "FRA", "GBR")}
    for voice in ("E3", "GBR", "FRA", "DEU"):
        assert found.of("pact", "RUS", voice).standing == "bound"
    assert found.of("pact", "RUS", "USA").standing == "suspended"


def test_a_member_may_recognise_what_its_group_contests(tmp_path: Path) -> None:
    contest = position("E3", "contest", "2023-03-01", "suspension")
    alone = position("FRA", "recognise", "2023-04-01", "suspension")
    found = standings(book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, positions=(contest, alone)), "2023-04-01")
    assert found.readers == {"pact": ("DEU", "E3", "GBR")}


def test_a_contest_of_several_acts_is_one_position(tmp_path: Path) -> None:
    other = act("terminate", "2023-02-28", id="end")
    contest = position("USA", "contest", "2023-03-01", "suspension;end")
    casebook = book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, other, positions=(contest,))
    assert standing(casebook, "2023-03-01", "RUS") == "ended"
    assert standing(casebook, "2023-03-01", "RUS", "USA") == "bound"
    assert standings(casebook, "2023-03-01").life("pact", "USA").ended is None


def test_a_contest_that_is_not_yet_known_gives_no_reading(tmp_path: Path) -> None:
    contest = position("USA", "contest", "2023-03-01", "suspension", known="2023-06-01")
    casebook = book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, positions=(contest,))
    assert standings(casebook, "2023-04-01", "2023-05-31").readers == {}
    assert standings(casebook, "2023-04-01", "2023-06-01").readers == {"pact": ("USA",)}


def test_a_contested_report_makes_no_reading_of_a_standing(tmp_path: Path) -> None:
    casebook = clean_book(
        tmp_path,
        treaties=[CLOSED],
        statements={
            "acts": IN_FORCE,
            "reports": [report("RUS", "5", "2018", id="told")],
            "positions": [position("USA", "contest", "2019", "told")],
        },
    )
    found = standings(casebook, "2020-01-01")
    assert found.contested == {"told": {"USA": "position.usa.contest.2019"}}
    assert found.readers == {}


def rows(casebook: Casebook, on: str, reader: str | None = None) -> list[tuple[str, str, str]]:
    frame = reading(casebook, on, reader).standings("pact")
    return frame.select("party", "reading", "standing").rows()


def test_the_neutral_reading_shows_both_and_an_authors_its_own(tmp_path: Path) -> None:
    casebook = book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, positions=(CONTESTED,))
    assert rows(casebook, "2023-03-01") == [("RUS", "", "suspended"), ("RUS", "USA", "bound"), ("USA", "", "bound")]
    assert rows(casebook, "2023-03-01", "USA") == [("RUS", "USA", "bound"), ("USA", "USA", "bound")]
    assert rows(casebook, "2023-03-01", "RUS") == [("RUS", "", "suspended"), ("USA", "", "bound")]


def test_the_frame_has_every_standing_of_every_reading(tmp_path: Path) -> None:
    frame = standings(book(tmp_path, CLOSED, *IN_FORCE, SUSPENSION, positions=(CONTESTED,)), "2023-03-01").frame
    assert frame.height == 4
    assert set(frame["standing"]) <= set(STANDINGS)


def test_the_frame_of_an_empty_record_has_its_columns(tmp_path: Path) -> None:
    frame = standings(clean_book(tmp_path), "2018-01-01").frame
    assert frame.height == 0
    assert frame.columns == ["instrument", "party", "reading", "standing", "since", "until", "act", "suspended"]


def test_the_acts_of_an_instrument_are_its_own(tmp_path: Path) -> None:
    other = signed_and_in_force("2000-01-01", "1999-01-01", "other")
    casebook = clean_book(tmp_path, treaties=[CLOSED, treaty("other")], statements={"acts": [*IN_FORCE, *other]})
    found: Standings = standings(casebook, "2018-01-01")
    assert [a.on for a in found.acts("other")] == [date(1999, 1, 1), date(1999, 1, 1), date(2000, 1, 1)]
    assert found.acts("nothing") == []


def test_what_binds_is_among_the_standings() -> None:
    assert set(HELD) == {"bound", "provisional", "leaving"}
    assert set(HELD) < set(STANDINGS)
