"""The page on rules: what the program decides by, read from the code that decides."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from detente.consultation import agenda
from detente.consultation import claims
from detente.consultation import forums
from detente.consultation import placing
from detente.consultation import ties
from detente.consultation.item import SECTIONS
from detente.instruments.schema import OBLIGATIONS
from detente.obligations.finding import REASONS
from detente.obligations.finding import STATE_WORDS
from tools.write_docs.glossary import KIND_WORDS
from tools.write_docs.markdown import HEAD
from tools.write_docs.markdown import code
from tools.write_docs.markdown import codes
from tools.write_docs.markdown import doc
from tools.write_docs.markdown import doc_rest
from tools.write_docs.markdown import table

__all__ = ["rules_page"]


def _constants(module: ModuleType, name: str, keyword: str, seen: set[str]) -> Iterator[str]:
    """Yield every constant that a function, or one of its module's that it calls, gives to a keyword argument."""
    function = getattr(module, name, None)
    if name in seen or not inspect.isfunction(function) or function.__module__ != module.__name__:
        return
    seen.add(name)
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.keyword) and node.arg == keyword:
            words = (n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant))
            yield from (word for word in words if isinstance(word, str))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _constants(module, node.func.id, keyword, seen)


def _rule_rows() -> Iterator[tuple[str, str, str, str]]:
    for rule in agenda.RULES:
        module = import_module(rule.__module__)
        names = dict.fromkeys(_constants(module, rule.__name__, "rule", set()))
        sections = dict.fromkeys(_constants(module, rule.__name__, "section", set()))
        shown = ", ".join(SECTIONS[s].en for s in sections if s in SECTIONS)
        yield codes(names), shown, doc(rule).removeprefix("Yield "), code(rule.__module__.removeprefix("detente."))


def rules_page() -> str:
    """Return the page on rules."""
    kinds = (
        (f"`{kind}`", KIND_WORDS[kind].ru, doc(import_module(f"detente.obligations.{kind}"))) for kind in OBLIGATIONS
    )
    parts = [
        f"{HEAD}# Rules\n\nWhat the program decides by, printed from the code that decides.\n",
        "\n## The agenda\n\nAn item names the rule that put it on the agenda.\n"
        "Items stand by section, then by issue, then in this order of rules, then by day.\n"
        "Nothing is scored.\n\n",
        table(("rule", "section", "what it yields", "where"), _rule_rows()),
        "\n## Which forum takes an item up\n\nForums are looked for in this order; the first kind that fits takes "
        "the item.\n\n",
        table(("", "forum", "форум"), ((n, w.en, w.ru) for n, (w, _) in enumerate(placing.PREFERENCES, 1))),
        f"\nAmong forums that fit alike: {doc_rest(placing._closeness)}\n",
        "\n## States of a finding\n\n",
        table(("state", "состояние"), ((f"`{k}`", w.ru) for k, w in STATE_WORDS.items())),
        "\n## Evaluators\n\nOne for each kind of obligation.\n\n",
        table(("kind", "вид", "what it judges"), kinds),
        "\n## Reasons\n\nEvery finding gives one of these reasons.\n\n",
        table(("reason", "in words", "словами"), ((f"`{k}`", w.en, w.ru) for k, w in REASONS.items())),
        "\n## States of a forum\n\n",
        table(("state", "in words", "словами"), ((f"`{k}`", w.en, w.ru) for k, w in forums.STATE_WORDS.items())),
        "\n## Ties\n\n",
        f"{doc_rest(ties.count_ties)}\nKinds of tie: {codes(ties.KINDS)}.\n",
        "\n## Tests of a claim\n\n",
        table(("test", "what it asks"), _claim_tests()),
    ]
    return "".join(parts)


def _claim_tests() -> Iterator[tuple[str, str]]:
    tests: dict[str, Callable[..., object]] = {
        "worst-since": claims._worst_since,
        "none-under-way-for": claims._none_under_way,
        "ends-within": claims._ends_within,
    }
    for name, function in tests.items():
        yield f"`{name}`", doc(function)
