"""Every case of every treaty folder: what a lawyer wrote down must come out of the shipped record."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente
from detente.errors import Problem
from detente.reading.casebook import Casebook
from detente.reading.casebook import open_casebook
from detente.reading.cases import Case
from detente.reading.cases import find_cases
from detente.reading.cases import run_case

FOLDER = Path(detente.__file__).parent / "instruments"
PROBLEMS: list[Problem] = []
CASES = list(find_cases(FOLDER, "instruments", PROBLEMS))


@pytest.fixture(scope="session")
def casebook() -> Casebook:
    return open_casebook()


def test_every_case_file_is_valid() -> None:
    assert PROBLEMS == []
    assert len(CASES) > 300


@pytest.mark.parametrize(
    ("instrument", "case"), [(i, c) for i, _, _, c in CASES], ids=[f"{f}:{line}" for _, f, line, _ in CASES]
)
def test_case(casebook: Casebook, instrument: str, case: Case) -> None:
    folder = FOLDER / instrument.replace("-", "_")
    assert run_case(casebook, instrument, folder, case) == {}, case.name


def test_every_instrument_with_obligations_of_the_first_case_has_cases() -> None:
    covered = {instrument for instrument, _, _, _ in CASES}
    wanted = {"new-start", "inf", "npt", "jcpoa", "unsc-prk-measures", "cppnm", "icsant", "unscr-1540", "gicnt"}
    wanted |= {"launch-notification-1988", "major-exercises-1989", "incsea", "nrrc-1987", "hotline-1963"}
    assert wanted <= covered
