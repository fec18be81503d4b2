"""The command `detente`, which is also `python -m detente`."""

from __future__ import annotations

import gc

__all__ = ["run"]


def run() -> None:
    """Run the command line."""
    # A command lives for a moment: to look for garbage while it imports, loads and asks is a tenth of its time.
    gc.disable()
    from detente.cli import run as command  # noqa: PLC0415

    command()


if __name__ == "__main__":
    run()
