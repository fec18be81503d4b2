"""Answers about logs as text of 80 columns, in English and Russian."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from typing import Final

import msgspec

from detente.reading import log_answers as answers
from detente.record.registers import Words
from detente.rendering.text import Page

__all__ = ["log_text"]

_SAID: Final = {
    "log": Words("Log", "Журнал"),
    "root": Words("Root", "Корень"),
    "entries": Words("entries: {n}", "записей в журнале: {n}"),
    "keys": Words("Keys of {origin}", "Ключи: {origin}"),
    "signs_log": Words(
        "signs statements and the log: a verifier must know it",
        "подписывает заявления и журнал: проверяющий должен его знать",
    ),
    "signs_countersignature": Words("countersigns other logs", "заверяет чужие журналы"),
    "quantum": Words("it withstands quantum computers", "устойчив к квантовым компьютерам"),
    "begun": Words("Started the book of {origin} in {folder}.", "Журнал {origin} начат в папке {folder}."),
    "begun_next": Words(
        "Serve {folder}/log to everyone; keep {folder}/state and the key to yourself.",
        "Папку {folder}/log можно показывать всем; {folder}/state и ключ — никому.",
    ),
    "countersigned": Words("Countersigned", "Заверено"),
    "nobody": Words("Nobody has countersigned it yet.", "Никем ещё не заверено."),
    "countersigned_row": Words("{size} entries, {time}, {kind}", "записей: {size}, {time}, {kind}"),
    "none_given": Words("By no key that was given.", "Ни одним из данных ключей."),
    "others": Words("Other sides", "Другие стороны"),
    "copied": Words("copy of {n} entries", "копия, записей: {n}"),
    "not_copied": Words("no copy yet", "копии ещё нет"),
    "we": Words("countersigned here: {size} entries, {time}", "заверено здесь: {size}, {time}"),
    "we_not": Words("not yet countersigned here", "здесь ещё не заверено"),
    "appended": Words("Kept as {which} of {origin}.", "Внесено в {origin}: {which}."),
    "entry": Words("entry {n}", "запись {n}"),
    "span": Words("entries {a} to {b}", "записи с {a} по {b}"),
    "whole": Words(
        "The log is whole: every entry and every tile is as its head says, and the head is signed.",
        "Журнал цел: каждая запись и каждый блок соответствуют подписанной вершине.",
    ),
    "verified": Words("statements with a verified signature: {n}", "заявлений с проверенной подписью: {n}"),
    "unknown": Words("statements of keys not known here: {n}", "заявлений с неизвестными здесь ключами: {n}"),
    "foreign": Words("entries of other programs: {n}", "записей других программ: {n}"),
    "bodies": Words("bodies beside the log: {n}", "текстов рядом с журналом: {n}"),
    "wrong": Words("entry {n}: {what}", "запись {n}: {what}"),
    "wrongs": Words("Wrong in it", "Что неверно"),
    "met": Words("'{name}' is {origin} from now on.", "'{name}' — теперь {origin}."),
    "met_next": Words(
        "Compare the ids of its keys by another way: detente key show FILE.pub",
        "Сверьте номера ключей другим путём: detente key show FILE.pub",
    ),
    "proved": Words(
        "Entry {index} of {origin} is proved by {file}, at {size} entries.",
        "Запись {index} журнала {origin} доказывает {file}, при {size} записях.",
    ),
    "proof": Words(
        "Proved: {origin} has this entry at {index}, among {size} entries.",
        "Доказано: в журнале {origin} эта запись стоит под номером {index} из {size}.",
    ),
    "logged": Words("logged (by the clock of the log)", "внесено (по часам журнала)"),
    "signed": Words("signed by", "подписано"),
    "unverified": Words("named, key not given", "названо, ключ не дан"),
    "body": Words("the statement stands beside the log; its SHA-256", "текст стоит рядом с журналом; его SHA-256"),
    "foreign_entry": Words("an entry of another program", "запись другой программы"),
    "disclosed": Words("disclosures after it: {n}", "раскрытий после неё: {n}"),
    "uncounted": Words("also named, keys not given", "также названы, ключи не даны"),
    "fork": Words(
        "Proved: {origin} signed two histories; what it has at {old} entries differs.",
        "Доказано: {origin} подписал две истории; при {old} записях они расходятся.",
    ),
    "rollback": Words(
        "An account, not a proof: {origin} served {new} entries after it had signed {old}.",
        "Рассказ, не доказательство: {origin} показал {new} записей, подписав до того {old}.",
    ),
    "withheld": Words(
        "An account, not a proof: {origin} did not show that its {new} entries continue {old}.",
        "Рассказ, не доказательство: {origin} не показал, что {new} записей продолжают {old}.",
    ),
    "kept_signed": Words(
        "Both heads are signed by its key. When each was served is only said.",
        "Обе вершины подписаны его ключом. Когда их показали — только сказано.",
    ),
    "witnessed": Words(
        "{origin} continues: {since} entries at the last visit, {size} now; countersigned.",
        "{origin} продолжен: {since} записей в прошлый раз, {size} теперь; заверено.",
    ),
    "asked": Words("The request for {size} entries is in {file}.", "Запрос на {size} записей — в файле {file}."),
    "answered": Words("{size} entries were countersigned.", "Заверено записей: {size}."),
    "synced": Words(
        "{origin}: {new} new entries were checked and kept; the copy has {after}.",
        "{origin}: новых записей проверено и принято: {new}; в копии их {after}.",
    ),
    "home": Words("It has countersigned {n} entries of this log.", "Она заверила записей этого журнала: {n}."),
    "home_not": Words("It has not countersigned this log yet.", "Этот журнал она ещё не заверяла."),
}


def log_text(answer: answers.LogAnswer, language: str, color: bool = False) -> str:
    """Return an answer about a log as text."""
    page = _Page(language, color)
    _WRITERS[type(answer)](page, answer)
    return str(page)


class _Page(Page):
    def say(self, key: str, indent: int = 0, **values: object) -> None:
        self.line(self.said(key, **values), indent)

    def said(self, key: str, **values: object) -> str:
        return _SAID[key].get(self.language).format_map(values)

    def rows(self, rows: list[answers.CountersignedRow], none: str = "nobody") -> None:
        if not rows:
            self.say(none, 2)
        for row in rows:
            said = self.said("countersigned_row", size=row.size, time=row.time, kind=row.kind)
            self.entry(row.name, said)


def _key(page: _Page, answer: answers.KeyAnswer) -> None:
    page.heading(page.said("keys", origin=answer.origin))
    for row in answer.keys:
        more = f"; {page.said('quantum')}" if row.kind == "ML-DSA-44" else ""
        page.entry(row.id, f"{row.kind}: {page.said(f'signs_{row.signs}')}{more}")


def _begun(page: _Page, answer: answers.BegunAnswer) -> None:
    page.say("begun", origin=answer.origin, folder=answer.folder)
    page.say("begun_next", folder=answer.folder)


def _head(page: _Page, answer: answers.HeadAnswer) -> None:
    page.heading(f"{page.said('log')} {answer.origin}")
    page.say("entries", n=answer.size)
    page.line(f"{page.said('root')}: {answer.root}")
    page.section(page.said("countersigned"))
    page.rows(answer.countersigned)
    if answer.others:
        page.section(page.said("others"))
    for other in answer.others:
        copied = "not_copied" if other.copied is None else "copied"
        page.entry(other.name, f"{other.origin}; {page.said(copied, n=other.copied)};")
        seen = other.countersigned[:1]
        for row in seen:
            page.say("we", 4, size=row.size, time=row.time)
        if not seen:
            page.say("we_not", 4)


def _appended(page: _Page, answer: answers.AppendedAnswer) -> None:
    first, last = answer.entries[0], answer.entries[-1]
    which = page.said("entry", n=first) if first == last else page.said("span", a=first, b=last)
    page.say("appended", which=which, origin=answer.origin)
    page.line(f"{page.said('entries', n=answer.size)}; {page.said('root').lower()} {answer.root}")


def _verified(page: _Page, answer: answers.VerifiedAnswer) -> None:
    page.heading(f"{page.said('log')} {answer.origin}")
    page.say("entries", n=answer.size)
    page.line(f"{page.said('root')}: {answer.root}")
    page.say("whole")
    for key in ("verified", "unknown", "foreign", "bodies"):
        number = getattr(answer, key)
        if number or key == "verified":
            page.say(key, 2, n=number)
    if answer.countersigned:
        page.section(page.said("countersigned"))
        page.rows(answer.countersigned)
    if answer.wrong:
        page.section(page.said("wrongs"))
    for row in answer.wrong:
        page.say("wrong", 2, n=row.index, what=row.what)


def _met(page: _Page, answer: answers.MetAnswer) -> None:
    page.say("met", name=answer.name, origin=answer.origin)
    page.say("met_next")


def _proved(page: _Page, answer: answers.ProvedAnswer) -> None:
    page.say("proved", index=answer.index, origin=answer.origin, file=answer.file, size=answer.size)
    page.rows(answer.countersigned)


def _checked(page: _Page, answer: answers.CheckedAnswer) -> None:
    if answer.evidence:
        found = answer.evidence
        page.say(found.kind, origin=answer.origin, old=found.old, new=found.new)
        if not found.proved:
            page.say("kept_signed")
    if answer.proof:
        _proof(page, answer.origin, answer.proof)


def _proof(page: _Page, origin: str, proof: answers.ProofRow) -> None:
    page.say("proof", origin=origin, index=proof.index, size=proof.size)
    if proof.logged:
        page.line(f"{page.said('logged')}: {proof.logged}", 2)
    else:
        page.say("foreign_entry", 2)
    for key, names in (("signed", proof.signed), ("unverified", proof.unverified)):
        if names:
            page.line(f"{page.said(key)}: {', '.join(names)}", 2)
    if proof.body:
        page.line(f"{page.said('body')}:", 2)
        page.line(proof.body, 4)
    if proof.disclosed:
        page.say("disclosed", 2, n=proof.disclosed)
    for depth, line in _readable(proof.statement):
        page.line(line, 4 + 2 * min(depth, 10))
    page.section(page.said("countersigned"))
    page.rows(proof.countersigned, "none_given")
    if proof.uncounted:
        page.line(f"{page.said('uncounted')}: {', '.join(proof.uncounted)}", 2)


def _readable(value: Any, depth: int = 0) -> Iterator[tuple[int, str]]:  # noqa: ANN401 - whatever JSON can say
    """Yield a statement as lines with their depth; control characters are written out, so that none moves the page."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict | list) and inner:
                yield depth, f"{' '.join(_plain(key))}:"
                yield from _readable(inner, depth + 1)
            else:
                first, *more = _plain(inner)
                yield depth, f"{' '.join(_plain(key))}: {first}"
                yield from ((depth + 1, line) for line in more)
    elif isinstance(value, list):
        for inner in value:
            lines = (
                list(_readable(inner, depth + 1))
                if isinstance(inner, dict | list)
                else [(depth + 1, line) for line in _plain(inner)]
            )
            yield depth, f"- {lines[0][1]}" if lines else "- "
            yield from lines[1:]


def _plain(value: Any) -> list[str]:  # noqa: ANN401 - whatever JSON can say
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return ["".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line) for line in text.split("\n")]


def _witnessed(page: _Page, answer: answers.WitnessedAnswer) -> None:
    page.say("witnessed", origin=answer.origin, since=answer.since, size=answer.size)
    page.rows(answer.countersigned)


def _asked(page: _Page, answer: answers.AskedAnswer) -> None:
    if answer.file:
        page.say("asked", size=answer.size, file=answer.file)
    else:
        page.say("answered", size=answer.size)
        page.rows(answer.countersigned)


def _synced(page: _Page, answer: answers.SyncedAnswer) -> None:
    page.say("synced", origin=answer.origin, new=answer.after - answer.before, after=answer.after)
    page.say("home_not" if answer.countersigned is None else "home", n=answer.countersigned)


_WRITERS: Final[dict[type[answers.LogAnswer], Any]] = {
    answers.KeyAnswer: _key,
    answers.BegunAnswer: _begun,
    answers.HeadAnswer: _head,
    answers.AppendedAnswer: _appended,
    answers.VerifiedAnswer: _verified,
    answers.MetAnswer: _met,
    answers.ProvedAnswer: _proved,
    answers.CheckedAnswer: _checked,
    answers.WitnessedAnswer: _witnessed,
    answers.AskedAnswer: _asked,
    answers.SyncedAnswer: _synced,
}
