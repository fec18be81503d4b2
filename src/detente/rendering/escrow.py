"""The pages of the escrow commands, in English and Russian; every state stands in words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from detente.errors import Problem
from detente.ledger.escrow.answers import AbsentAnswer
from detente.ledger.escrow.answers import CheckAnswer
from detente.ledger.escrow.answers import CommitAnswer
from detente.ledger.escrow.answers import DrawAnswer
from detente.ledger.escrow.answers import StatusAnswer
from detente.ledger.escrow.answers import Written
from detente.ledger.escrow.outcome import DrawOutcome
from detente.ledger.escrow.renewal import Stayed
from detente.ledger.escrow.request import Answered
from detente.ledger.escrow.view import Count
from detente.record.registers import Words
from detente.rendering.text import Page

__all__ = ["STATES", "absent_text", "check_text", "commit_text", "draw_text", "status_text", "written_text"]

_LISTED: Final = 200
"""So many nodes are printed; --all prints every one."""

STATES: Final = {
    "declared": Words("declared", "объявлено"),
    "undeclared": Words("undeclared", "не объявлено"),
    "opened": Words("opened", "раскрыто"),
    "not opened": Words("not opened", "не раскрыто"),
    "refused": Words("refused", "отказано"),
    "does not match": Words("does not match", "не сходится"),
    "matches": Words("matches", "сходится"),
    "not committed": Words("not committed", "обязательство не дано"),
}
"""What may be the state of an opening, a request, a party to a draw, or an item that was found."""

_KINDS: Final = {
    "secret": Words("secret (keep it; never send it)", "секрет (хранить, никому не отправлять)"),
    "commitment": Words("commitment (to be published)", "обязательство (для публикации)"),
    "opening": Words("opening", "раскрытие"),
    "request": Words("request", "запрос"),
    "proof of what stayed": Words("proof of what stayed", "доказательство неизменности"),
    "session": Words("session of a draw", "условия жребия"),
    "nonce": Words("nonce (keep it until both have committed)", "число (хранить, пока не обяжутся обе стороны)"),
    "commitment to a nonce": Words("commitment to the nonce (hand it over)", "обязательство о числе (передать)"),
    "opening of a nonce": Words("opening of the nonce (hand it over)", "раскрытие числа (передать)"),
}

_PHRASES: Final = {
    "escrow": Words("Escrow of {declarer}, {period}", "Депонированное объявление: {declarer}, {period}"),
    "root": Words("root", "корень"),
    "digest": Words("commitment", "обязательство"),
    "written": Words("Written: {kind}: {file}", "Записано: {kind}: {file}"),
    "counts": Words(
        "{rank}: {real} opened, {dummies} dummies; complete lists: {lists}",
        "{rank}: раскрыто {real}, пустых мест {dummies}; полных списков: {lists}",
    ),
    "opened": Words("Opened", "Раскрыто"),
    "more": Words("and {count} more; --all lists every one", "и ещё {count}; все покажет --all"),
    "nothing": Words("Nothing was opened.", "Ничего не раскрыто."),
    "problems": Words("Does not match", "Не сходится"),
    "stayed": Words("What stayed", "Что не изменилось"),
    "stayed-count": Words(
        "{stayed} of {before} earlier slots stayed, dummies among them.",
        "Из прежних мест ({before}) не изменилось {stayed}, считая пустые.",
    ),
    "left": Words("changed or gone: {places}", "изменилось или ушло: {places}"),
    "came": Words("changed or new: {places}", "изменилось или появилось: {places}"),
    "found": Words("Found: {found}", "Найдено: {found}"),
    "looked": Words(
        "Compared with {count} opened entries of the rank {rank} under {under}, to level {level}.",
        "Сравнено с раскрытыми записями: {count} ({rank}, внутри {under}, до уровня {level}).",
    ),
    "at": Words("It is declared at {places}.", "Объявлено: {places}."),
    "undeclared": Words(
        "Every slot in which it could stand is opened, and it is in none.",
        "Все места, где это могло бы стоять, раскрыты; этого нет ни в одном.",
    ),
    "gaps": Words(
        "Nothing can be said before these are opened: {places}.",
        "Сказать нельзя, пока не раскрыто: {places}.",
    ),
    "requests": Words("Requests", "Запросы"),
    "request": Words(
        "{party} asked for {nodes}, level {level}, before {before}: {state}",
        "{party} просит раскрыть {nodes}, уровень {level}, до {before}: {state}",
    ),
    "not-opened": Words("not opened: {places}", "не раскрыто: {places}"),
    "draws": Words("Joint draws", "Совместный жребий"),
    "draw": Words("{number} out of {population}, before {before}", "{number} из {population}, до {before}"),
    "drawn": Words("drawn: {places}", "выпало: {places}"),
    "no-sample": Words("No sample yet.", "Выборки пока нет."),
    "seed": Words("seed", "начальное число"),
}  # fmt: skip


def _say(key: str, language: str, **values: object) -> str:
    return _PHRASES[key].get(language).format_map(values)


def _state(state: str, language: str) -> str:
    return STATES[state].get(language)


def _places(places: list[str], most: int = 20) -> str:
    return ", ".join(places[:most]) + (", ..." if len(places) > most else "")


def written_text(answer: Written, language: str) -> str:
    """Return the line that says which file was written."""
    return _say("written", language, kind=_KINDS[answer.kind].get(language), file=answer.file) + "\n"


def commit_text(answer: CommitAnswer, language: str) -> str:
    """Return the page on what was committed to."""
    page = Page(language)
    c = answer.commitment
    page.heading(_say("escrow", language, declarer=c.declarer, period=c.period))
    _roots(page, c.root, answer.digest)
    return str(page) + "".join(written_text(file, language) for file in answer.files)


def _roots(page: Page, root: str, digest: str) -> None:
    for key, value in (("root", root), ("digest", digest)):
        page.line(_say(key, page.language))
        page.line(value, 2)


def _counts(page: Page, counts: Iterable[Count]) -> None:
    for c in counts:
        if not c.real and not c.dummies:
            continue
        values = {"rank": c.rank, "real": c.real, "dummies": c.dummies, "lists": c.complete_lists}
        page.line(_say("counts", page.language, **values))


def _problems(page: Page, problems: list[Problem]) -> None:
    if problems:
        page.section(_say("problems", page.language))
        for problem in problems:
            page.line(str(problem))


def check_text(answer: CheckAnswer, language: str, every: bool = False) -> str:
    """Return the page on what openings show."""
    page = Page(language)
    page.heading(_say("escrow", language, declarer=answer.declarer, period=answer.period))
    _roots(page, answer.root, answer.commitment)
    for file in answer.files:
        page.line(f"{file.file}: {_KINDS[file.kind].get(language)}: {_state(file.state, language)}")
    _problems(page, answer.problems)
    for proof in answer.stayed:
        _stayed(page, proof)
    if answer.opened or any(c.dummies for c in answer.counts):
        page.section(_say("opened", language))
        _counts(page, answer.counts)
        most = len(answer.opened) if every else _LISTED
        for node in islice(answer.opened, most):
            fields = "; ".join(f"{key} = {value}" for key, value in sorted(node.fields.items()))
            page.entry(node.at, f"{node.rank}{': ' if fields else ''}{fields}", 2 * node.at.count("/"))
        if len(answer.opened) > most:
            page.line(_say("more", language, count=len(answer.opened) - most))
    elif not answer.stayed:
        page.line(_say("nothing", language))
    return str(page)


def _stayed(page: Page, proof: Stayed) -> None:
    page.section(_say("stayed", page.language))
    before = len(proof.stayed) + len(proof.only_earlier)
    page.line(_say("stayed-count", page.language, stayed=len(proof.stayed), before=before))
    for key, places in (("left", proof.only_earlier), ("came", proof.only_later)):
        if places:
            page.line(_say(key, page.language, places=_places(places)), 2)


def absent_text(answer: AbsentAnswer, language: str) -> str:
    """Return the page on an item that was found."""
    page = Page(language)
    a = answer.absence
    found = "; ".join(f"{key} = {value}" for key, value in answer.found.items())
    page.heading(_say("found", language, found=found) + f": {_state(a.state, language)}")
    values = {"count": a.looked_at, "rank": a.rank, "under": answer.under, "level": a.level}
    page.line(_say("looked", language, **values))
    if a.at:
        page.line(_say("at", language, places=_places(a.at)))
    elif a.gaps:
        page.line(_say("gaps", language, places=_places(a.gaps)))
    else:
        page.line(_say("undeclared", language))
    _problems(page, answer.problems)
    return str(page)


def status_text(answer: StatusAnswer, language: str) -> str:
    """Return the page on where an escrow stands."""
    page = Page(language)
    page.heading(_say("escrow", language, declarer=answer.declarer, period=answer.period) + f"; {answer.on}")
    _roots(page, answer.root, answer.commitment)
    if any(c.real or c.dummies for c in answer.counts):
        _counts(page, answer.counts)
    else:
        page.line(_say("nothing", language))
    if answer.requests:
        page.section(_say("requests", language))
        for request in answer.requests:
            _request(page, request)
    if answer.draws:
        page.section(_say("draws", language))
        for draw in answer.draws:
            _draw(page, draw)
    _problems(page, answer.problems)
    return str(page)


def _request(page: Page, request: Answered) -> None:
    values = {"party": request.party, "nodes": _places(request.nodes, 10), "level": request.level}
    state = _state(request.state, page.language)
    page.line(_say("request", page.language, before=request.before, state=state, **values))
    if request.gaps:
        page.line(_say("not-opened", page.language, places=_places(request.gaps, 10)), 2)


def _draw(page: Page, draw: DrawOutcome) -> None:
    values = {"number": draw.number, "population": draw.population, "before": draw.before}
    page.line(_say("draw", page.language, **values))
    for party in draw.parties:
        page.line(f"{party.party}: {_state(party.state, page.language)}", 2)
    if draw.drawn:
        page.line(_say("seed", page.language), 2)
        page.line(draw.seed, 4)
        page.line(_say("drawn", page.language, places=_places(draw.drawn, _LISTED)), 2)
    else:
        page.line(_say("no-sample", page.language), 2)


def draw_text(answer: DrawAnswer, language: str) -> str:
    """Return the page on what became of a draw."""
    page = Page(language)
    page.heading(f"{_say('draws', language)}; {answer.on}")
    _draw(page, answer.outcome)
    return str(page)
