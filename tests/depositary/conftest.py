from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from depositary.sides import Side
from depositary.sides import at
from depositary.sides import two


@pytest.fixture(scope="session", autouse=True)
def _no_disk_is_waited_for() -> Iterator[None]:
    """Nothing is cut off here: to wait for a disk a hundred times would only take time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: None)
        patch.setattr(os, "fdatasync", lambda file: None)
        yield


@pytest.fixture(scope="session")
def _both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Side, Side]:
    folder = tmp_path_factory.mktemp("sides")
    return folder, *two(folder)


@pytest.fixture
def sides(_both: tuple[Path, Side, Side], tmp_path: Path) -> tuple[Side, Side]:
    """Two sides that know each other, each with a fresh copy of the same two books."""
    folder, atl, lem = _both
    shutil.copytree(folder, tmp_path / "sides")
    return at(atl, tmp_path / "sides" / "atl"), at(lem, tmp_path / "sides" / "lem")


@pytest.fixture
def atl(sides: tuple[Side, Side]) -> Side:
    return sides[0]


@pytest.fixture
def lem(sides: tuple[Side, Side]) -> Side:
    return sides[1]
