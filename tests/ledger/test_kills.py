from __future__ import annotations

import os
from pathlib import Path

import pytest
from tools.kill_campaign import SCENARIOS
from tools.kill_campaign import Scenario
from tools.kill_campaign import Tell
from tools.kill_campaign import campaign
from tools.kill_campaign import sweep

from ledger.logs import memory_folder


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_nothing_that_was_acknowledged_is_lost_by_a_kill(name: str) -> None:
    kills = 60 if name == "log" else 20  # books take longer to begin
    with memory_folder() as folder:
        result = campaign(SCENARIOS[name], kills, 7, folder)
    assert result.faults == []
    assert sum(result.kills.values()) == kills
    assert result.told > kills


def test_nothing_is_lost_by_a_kill_at_a_call() -> None:
    with memory_folder() as folder:
        result = sweep(SCENARIOS["log"], folder, step=9)
    assert result.faults == []
    assert sum(result.kills.values()) > 30


def test_a_scenario_that_loses_what_it_acknowledged_is_found_out() -> None:
    def work(folder: Path, _seed: int, tell: Tell) -> None:
        file = os.open(folder / "numbers", os.O_WRONLY | os.O_APPEND)
        while True:
            tell(1)  # before it is written
            os.write(file, b".")

    def check(folder: Path, _seed: int, told: list[int]) -> None:
        assert len(told) <= (folder / "numbers").stat().st_size

    forgetful = Scenario("forgetful", lambda folder: (folder / "numbers").touch(), work, check)
    with memory_folder() as folder:
        result = campaign(forgetful, 40, 1, folder, points=("write",))
    assert len(result.faults) == 1
    assert "AssertionError" in result.faults[0]
