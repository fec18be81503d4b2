"""What checking a casebook found, as an answer."""

from __future__ import annotations

from collections.abc import Sequence

from detente.errors import Problem
from detente.reading.answers import CheckAnswer
from detente.reading.casebook import Casebook

__all__ = ["checked"]


def checked(casebook: Casebook, problems: Sequence[Problem] | None = None) -> CheckAnswer:
    """Return the problems of a casebook (all, or those given) with their counts by severity."""
    found = list(casebook.problems if problems is None else problems)
    return CheckAnswer(
        statements=casebook.record.height,
        instruments=len(casebook.instruments),
        errors=sum(problem.severity == "error" for problem in found),
        warnings=sum(problem.severity == "warning" for problem in found),
        notes=sum(problem.severity == "note" for problem in found),
        problems=found,
    )
