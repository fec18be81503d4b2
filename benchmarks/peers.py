"""Other programs in environments of their own: they are measured against, and never installed beside Détente."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Peers"]

_HOME = Path(__file__).parent.parent
_MAKES_WITHIN = 600


class Peers:
    """An environment with some packages, made by uv from its cache or the package index, for one version of Python."""

    def __init__(self, python: str, *packages: str) -> None:
        self.python = python
        self.packages = packages

    @property
    def there(self) -> bool:
        """Whether the environment can be made; where it cannot, that is said once."""
        return _works(self)

    def ask(self, module: str, task: str, *arguments: object) -> dict[str, Any]:
        """Run one task of a module in a process of its own and return what it answers."""
        command = [*_command(self), "-m", module, task, *map(str, arguments)]
        done = subprocess.run(command, cwd=_HOME, env=_environment(), stdout=subprocess.PIPE, check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def __hash__(self) -> int:
        return hash((self.python, self.packages))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Peers) and (self.python, self.packages) == (other.python, other.packages)


def _command(peers: Peers) -> list[str]:
    uv = [sys.executable, "-m", "uv"] if _has_uv() else [shutil.which("uv") or "uv"]
    wanted = [word for package in peers.packages for word in ("--with", package)]
    return [*uv, "run", "--quiet", "--no-project", "--isolated", "--python", _python(peers.python), *wanted, "python"]


def _environment() -> dict[str, str]:
    # Ours would be searched for packages as well.
    return {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}


@cache
def _works(peers: Peers) -> bool:
    command = [*_command(peers), "-c", ""]
    try:
        done = subprocess.run(command, env=_environment(), capture_output=True, timeout=_MAKES_WITHIN, check=False)
        why = "" if done.returncode == 0 else done.stderr.decode(errors="replace").strip() or "no reason given"
    except (OSError, subprocess.TimeoutExpired) as fault:
        why = str(fault)
    if why:
        print(f"without {', '.join(peers.packages)}: {why.splitlines()[-1]}", file=sys.stderr, flush=True)
    return not why


@cache
def _has_uv() -> bool:
    command = [sys.executable, "-m", "uv", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@cache
def _python(version: str) -> str:
    """Return an interpreter of a version that answers; else the version, for uv to find or to fetch."""
    for candidate in _candidates(version):
        asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        try:
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError:
            continue
        if done.returncode == 0 and done.stdout.strip() == version:
            return candidate
    return version


def _candidates(version: str) -> Iterator[str]:
    yield sys.executable
    yield f"python{version}"
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(root.glob(f"versions/{version}.*/bin/python")))
