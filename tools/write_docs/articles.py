"""The pages on articles, in both languages: what carries each article, or why nothing can."""

from __future__ import annotations

from typing import Final

from detente.instruments.schema import Anchor
from detente.instruments.schema import Extension
from detente.instruments.schema import Instrument
from detente.instruments.schema import Provision
from detente.reading import Reading
from tools.write_docs.glossary import KIND_WORDS
from tools.write_docs.instruments_page import by_issue
from tools.write_docs.markdown import HEAD
from tools.write_docs.markdown import table

__all__ = ["articles_page"]

_PARAMETERS: Final = {
    "limit": ("measure", "item", "at_most", "at_least", "evidence_within"),
    "adherence": ("requires", "act", "within"),
    "notice": ("of", "timing", "period", "clock"),
    "cadence": ("what", "measures", "forum", "every", "first", "grace"),
    "quota": ("measure", "at_most", "per"),
    "term": ("duration", "extension", "renewal", "notice"),
    "undertaking": (),
    "none": (),
}


def _parameter(value: object) -> str:
    if isinstance(value, Anchor):
        return value.after if value.period == "P0D" else f"{value.period} after {value.after}"
    if isinstance(value, Extension):
        return f"{value.at_most} x {value.times}"
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value)


def _carried(provision: Provision, language: str) -> str:
    """Return what carries an article: the kind and its parameters, or why nothing can."""
    if provision.kind == "none":
        return provision.why.get(language)
    told = [f"**{KIND_WORDS[provision.kind].get(language)}**"]
    for name in (*_PARAMETERS[provision.kind], "from_", "until"):
        value = getattr(provision, name)
        if value not in ("", None, (), "P0D"):
            told.append(f"{name.rstrip('_')} `{_parameter(value)}`")
    if provision.binds != "parties":
        told.append(f"binds `{_parameter(provision.binds)}`")
    if provision.basis != "seen":
        told.append(f"({provision.basis})")
    return "; ".join(told)


def _folder(instrument: Instrument) -> str:
    return f"../../src/detente/instruments/{instrument.id.replace('-', '_')}/treaty.toml"


_ARTICLE_HEADS = {
    "en": (
        "Articles and what carries them",
        "For every article on record: which kind of obligation carries it, with its parameters, or why none can.\n"
        "The words are our own; the authentic texts are those that the sources of each `treaty.toml` name.\n"
        "Russian: [articles.ru.md](articles.ru.md).\n",
        ("article", "what it says", "what carries it"),
        "{articles} articles of {instruments} instruments; {carried} are carried by an obligation.\n",
    ),
    "ru": (
        "Статьи и чем они выражены",
        "Для каждой статьи: какой вид обязательства её выражает и с какими параметрами, либо почему никакой.\n"
        "Изложение наше; аутентичные тексты названы в источниках каждого `treaty.toml`.\n"
        "По-английски: [articles.md](articles.md).\n",
        ("статья", "содержание", "чем выражена"),
        "Статей: {articles}, договорённостей: {instruments}; выражены обязательством: {carried}.\n",
    ),
}


def articles_page(read: Reading, language: str) -> str:
    """Return the page on articles in one language."""
    title, about, head, summary = _ARTICLE_HEADS[language]
    every = [p for i in read.casebook.instruments.values() for p in i.provision]
    counted = summary.format(
        articles=len(every),
        instruments=len(read.casebook.instruments),
        carried=sum(p.kind != "none" for p in every),
    )
    parts = [f"{HEAD}# {title}\n\n{about}\n{counted}"]
    for _, issue, found in by_issue(read):
        parts.append(f"\n## {issue.get(language)}\n")
        for instrument in found:
            rows = ((p.article, p.title.get(language), _carried(p, language)) for p in instrument.provision)
            name = f"{instrument.short.get(language)} ([`{instrument.id}`]({_folder(instrument)}))"
            parts.append(f"\n### {name}\n\n{table(head, rows)}")
    return "".join(parts)
