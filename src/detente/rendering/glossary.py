"""The glossary: what every word of the program means, in English and Russian, as help and documentation print it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from typing import NamedTuple

from detente.consultation.forums import STATE_WORDS as FORUM_WORDS
from detente.consultation.item import SECTIONS
from detente.instruments.schema import OBLIGATIONS
from detente.instruments.standings import STANDING_WORDS
from detente.instruments.standings import STANDINGS
from detente.obligations.finding import REASONS
from detente.obligations.finding import STATE_WORDS
from detente.record.registers import Words
from detente.record.statements import BASES
from detente.record.statements import KINDS
from detente.record.statements import SILENCES
from detente.record.statements import TIERS
from detente.rendering.kinds import OBLIGATION_KINDS
from detente.rendering.labels import LEVELS
from detente.rendering.labels import SOURCE_WORDS
from detente.rendering.statement_words import KIND_WORDS
from detente.rendering.statement_words import SILENCE_WORDS

__all__ = ["LISTS", "TERMS", "Term", "entries"]


class Term(NamedTuple):
    """One word: its code where the program has one, the word itself, and what it means ("" where the word says it)."""

    code: str
    word: Words
    means: Words


def _term(en: str, ru: str, means_en: str, means_ru: str) -> Term:
    return Term("", Words(en, ru), Words(means_en, means_ru))


TERMS: Final = (
    _term(
        "statement", "запись",
        "one dated, authored, sourced assertion; the only thing that the record holds",
        "одно утверждение с датой, автором и источником; ничего другого в записях нет",
    ),
    _term("record", "записи", "all statements of a casebook", "все записи одного собрания"),
    _term(
        "casebook", "собрание записей",
        "a folder of registers, statements and instruments", "папка с реестрами, записями и договорённостями",
    ),
    _term(
        "register", "реестр",
        "a list in which each party, source, issue, measure, forum or claim is named once",
        "список, в котором каждая сторона, источник, тема, показатель, форум или утверждение названы один раз",
    ),
    _term(
        "instrument", "договорённость",
        "a text that binds or commits parties; it has provisions",
        "текст, который обязывает стороны; состоит из положений",
    ),
    _term(
        "provision", "положение",
        "one requirement of an instrument, addressed by article, such as `II.1(b)`",
        "одно требование договорённости; указывается статьёй, например `II.1(b)`",
    ),
    _term(
        "obligation", "вычислимое обязательство",
        "a provision as computable: a kind and its parameters", "положение в вычислимом виде: вид и параметры",
    ),
    _term(
        "party", "сторона",
        "a state, body or group that may be bound or may state something",
        "государство, орган или группа, которые могут быть связаны обязательством или что-либо заявить",
    ),
    _term("author", "автор", "who states something", "тот, кто заявляет"),
    _term("source", "источник", "where a value was found", "где найдено значение"),
    _term("tier", "уровень источника", "how good a source is", "насколько надёжен источник"),
    _term(
        "act", "акт",
        "a step of treaty practice that moves an instrument or a standing",
        "шаг договорной практики, меняющий действие договорённости или статус стороны",
    ),
    _term(
        "standing", "статус",
        "how a party stands to an instrument on a day", "положение стороны по отношению к договорённости на день",
    ),
    _term(
        "reading", "прочтение",
        "one view of the record: a day, a knowledge day, an author, the rules",
        "один взгляд на записи: день, день сведений, автор, правила",
    ),
    _term(
        "common reading", "общее прочтение",
        "the reading in which every act counts", "прочтение, в котором учтены все акты",
    ),
    _term(
        "knowledge day", "день сведений",
        "only what was publicly known by it counts", "учитывается только то, что к этому дню было известно публично",
    ),
    _term(
        "finding", "оценка",
        "provision x party x author on a day, with a state and its reason",
        "положение x сторона x автор на день: состояние и его причина",
    ),
    _term(
        "duty", "обязанность",
        "what a party owes on a day by a provision", "что сторона должна по положению в этот день",
    ),
    _term(
        "evidence", "основание",
        "the statements that show a finding or an item", "записи, на которых основаны оценка или пункт",
    ),
    _term(
        "trace", "ход вычисления",
        "how a finding or an item was computed, step by step", "как вычислены оценка или пункт, шаг за шагом",
    ),
    _term("silence", "вид молчания", "why a value is there or is not", "почему значение есть или его нет"),
    _term(
        "dispute", "спор",
        "two authors whose findings or accounts differ; or a concern raised and not resolved",
        "два автора, чьи оценки или сведения расходятся; либо выраженная и не снятая озабоченность",
    ),
    _term("forum", "форум", "a body in which parties meet", "орган, в котором стороны встречаются"),
    _term(
        "charter", "мандат",
        "the text that founds a forum and says what it covers",
        "текст, который учреждает форум и определяет его предмет",
    ),
    _term(
        "umbrella", "вышестоящий форум",
        "the forum to which a group belongs", "форум, в состав которого входит группа",
    ),
    _term("session", "заседание", "one meeting of a forum", "одна встреча форума"),
    _term(
        "tie", "связь",
        "a live link between two parties: instrument in force, forum that meets, exchange that runs",
        "действующая связь двух сторон: договорённость в силе, работающий форум, идущий обмен",
    ),
    _term(
        "agenda", "повестка дня",
        "what two parties have to talk about on a day", "что двум сторонам есть обсудить в этот день",
    ),
    _term(
        "item", "пункт повестки",
        "one thing to talk about, with the rule that put it there",
        "один предмет разговора и правило, по которому он внесён",
    ),
    _term("horizon", "горизонт", "how far an agenda looks ahead", "насколько далеко вперёд смотрит повестка"),
    _term(
        "roll", "перечень участников",
        "`complete` where every party's acts are on record, else `partial`",
        "`complete`, если акты всех участников есть в записях, иначе `partial`",
    ),
    _term("measure", "показатель", "what a number counts", "что считает число"),
    _term(
        "stamp", "метка",
        "the line that names record, rules, day and knowledge day",
        "строка, которая называет записи, правила, день и день сведений",
    ),
    _term(
        "entry into force", "вступление в силу",
        "the day from which an instrument binds", "день, с которого договорённость обязательна",
    ),
    _term(
        "depositary", "депозитарий",
        "who keeps the text and the instruments of ratification", "хранитель текста и ратификационных грамот",
    ),
    _term(
        "notice of withdrawal", "уведомление о выходе",
        "the announcement that starts the time after which a party is out",
        "сообщение, с которого идёт срок, после чего сторона считается вышедшей",
    ),
    _term(
        "provisional application", "временное применение",
        "applying an instrument before it is in force", "применение договорённости до её вступления в силу",
    ),
    _term(
        "log", "журнал",
        "entries in order, each bound to all before it, so that none can be altered unnoticed",
        "записи по порядку; каждая связана со всеми прежними, и ни одну нельзя изменить незаметно",
    ),
    _term(
        "book", "книга",
        "the log of one side, with its copies of the others' logs", "журнал одной стороны и её копии чужих журналов",
    ),
    _term(
        "entry", "запись журнала",
        "one place of a log: when it was logged, what was stated and who signed it",
        "одно место журнала: когда внесено, что заявлено и кто подписал",
    ),
    _term(
        "checkpoint", "контрольная точка",
        "the signed head of a log: its name, its size and its root",
        "подписанная вершина журнала: имя, размер и корень",
    ),
    _term(
        "root", "корень",
        "one hash that stands for every entry of a log", "один хеш, который отвечает за все записи журнала",
    ),
    _term(
        "witness", "свидетель",
        "who countersigns a log's checkpoint only when it continues the last one seen",
        "тот, кто заверяет контрольную точку, только если она продолжает прежнюю",
    ),
    _term(
        "countersignature", "заверяющая подпись",
        "the dated signature of another side on a checkpoint",
        "подпись другой стороны под контрольной точкой, с датой",
    ),
    _term(
        "inclusion proof", "доказательство включения",
        "a few hashes that lead from an entry to the root", "несколько хешей, ведущих от записи к корню",
    ),
    _term(
        "consistency proof", "доказательство продолжения",
        "a few hashes that show that one log is the beginning of another",
        "несколько хешей, показывающих, что один журнал — начало другого",
    ),
    _term(
        "fork", "раздвоение журнала",
        "two histories that one log has signed", "две истории, подписанные одним журналом",
    ),
    _term(
        "tile", "блок",
        "a file of up to 256 hashes or entries of a log", "файл, в котором до 256 хешей или записей журнала",
    ),
    _term(
        "key", "ключ",
        "what an office signs with; its public part is what others check with",
        "то, чем ведомство подписывает; открытой частью проверяют другие",
    ),
    _term(
        "office", "ведомство",
        "who speaks for a party in a book: its keys, how many must sign, and what it may do",
        "кто говорит от имени стороны в книге: ключи, число нужных подписей и полномочия",
    ),
    _term(
        "draft", "проект записи",
        "a statement that is signed and not yet kept", "запись, которая подписана, но ещё не принята",
    ),
    _term(
        "receipt", "подтверждение получения",
        "a signed statement that another side's statement was received; clocks may run from it",
        "подписанная запись о том, что запись другой стороны получена; от неё могут идти сроки",
    ),
    _term(
        "acknowledgement", "квитирование",
        "logging a receipt of the other side's notifications", "внесение подтверждений получения чужих уведомлений",
    ),
    _term(
        "withheld cell", "скрытое поле",
        "a cell that is signed as a salted digest and not shown",
        "поле, которое подписано в виде хеша с солью и не показано",
    ),
    _term(
        "disclosure", "раскрытие поля",
        "salt, name and value of a withheld cell, which show that the signed digest is of it",
        "соль, имя и значение скрытого поля; по ним видно, что подписанный хеш — от него",
    ),
    _term(
        "joint text", "совместный текст",
        "one text that offices of several sides have signed; it stands in the book of each",
        "один текст, подписанный ведомствами нескольких сторон; стоит в книге каждой",
    ),
    _term(
        "tacit consent", "молчаливое согласие",
        "silence until a period from receipt has ended is agreement",
        "молчание до конца срока, идущего с получения, означает согласие",
    ),
    _term(
        "delayed effect", "отложенное действие",
        "what is notified takes effect when a period has ended",
        "то, о чём уведомили, вступает в действие по истечении срока",
    ),
    _term("co-chair", "сопредседатель", "who chairs a forum for one party", "председатель форума от одной из сторон"),
    _term(
        "joint statement", "совместное заявление",
        "what two authors state together", "то, что два автора заявляют вместе",
    ),
    _term(
        "escrow", "депонированное объявление",
        "a complete declaration to which a party commits at the outset and which it opens step by step",
        "полное объявление, которым сторона связывает себя с самого начала и которое раскрывает по шагам",
    ),
    _term(
        "commitment (of an escrow)", "обязательство (депонированного объявления)",
        "what is published of an escrow: its form and one root; it binds and shows nothing",
        "то, что публикуется: форма объявления и один корень; связывает и ничего не показывает",
    ),
    _term(
        "opening", "раскрытие",
        "part of an escrow that its declarer shows, with the proof that it was in it from the outset",
        "часть объявления, которую сторона показывает, с доказательством, что она была в нём с самого начала",
    ),
    _term(
        "dummy", "пустое место",
        "an entry of an escrow that stands for nothing, so that nobody can count the others",
        "запись без содержания, чтобы никто не мог сосчитать остальные",
    ),
    _term(
        "undeclared", "необъявленное",
        "found, and in none of the entries of an escrow, all of which were opened",
        "найдено, но нет ни в одной из записей, которые раскрыты все",
    ),
    _term(
        "joint draw", "совместный жребий",
        "a sample that follows from two nonces, one of each side, so that neither can bend it",
        "выборка из двух чисел, по одному от каждой стороны, так что ни одна не может её подправить",
    ),
)  # fmt: skip
"""The words of the design."""

_STATEMENTS: Final = {
    "act": Words(
        "signature, ratification, entry into force, suspension, withdrawal and so on",
        "подписание, ратификация, вступление в силу, приостановление, выход и так далее",
    ),
    "forum-act": Words(
        "a forum is chartered, suspended, resumed or ended",
        "форум учреждён, приостановлен, возобновлён или завершён",
    ),
    "meeting": Words("a session that was held or announced", "состоявшееся или объявленное заседание"),
    "report": Words(
        "a value of a measure, or the kind of silence about it", "значение показателя или вид молчания о нём"
    ),
    "notice": Words(
        "something told before or after an event, as a provision requires",
        "то, о чём сообщено до или после события, как требует положение",
    ),
    "event": Words(
        "something that happened: a test, a launch, an incident, an inspection",
        "то, что произошло: испытание, пуск, инцидент, инспекция",
    ),
    "concern": Words(
        "a charge or doubt about a party, or the answer to it", "обвинение или сомнение в отношении стороны либо ответ"
    ),
    "position": Words(
        "a vote, a proposal, an acceptance, a rejection, a contest",
        "голос, предложение, согласие, отклонение, оспаривание",
    ),
    "commitment": Words(
        "something undertaken, fulfilled or dropped", "то, что обязались сделать, выполнили или от чего отказались"
    ),
    "claim": Words("a public sentence with a measurable content", "публичная фраза, содержание которой можно измерить"),
}

_OBLIGATIONS: Final = {
    "limit": Words(
        "at most, or at least, so many; New START II.1, INF IV and V, the JCPOA's caps",
        "не более или не менее стольких; ДСНВ II.1, ДРСМД IV и V, пределы СВПД",
    ),
    "adherence": Words(
        "another instrument or act that must be in force in time; NPT III.4, resolution 1540",
        "другая договорённость или акт, которые должны вовремя вступить в силу; ДНЯО III.4, резолюция 1540",
    ),
    "notice": Words(
        "something must be told so long before or after an event; the 1988 agreement, New START Part Four",
        "о чём-то нужно сообщить за такое-то время до или после события; соглашение 1988 года, ДСНВ, часть четвёртая",
    ),
    "cadence": Words(
        "something that must come again and again; data exchanges, commission sessions, review conferences",
        "то, что должно повторяться; обмены данными, заседания комиссий, обзорные конференции",
    ),
    "quota": Words(
        "a right that may be used so often in a period; New START XI, INF XI",
        "право, которым можно пользоваться столько-то раз за период; ДСНВ XI, ДРСМД XI",
    ),
    "term": Words(
        "how long an instrument lasts, how it may be extended, and the notice that leaving it needs",
        "сколько действует договорённость, как её продлить и за какой срок уведомлять о выходе",
    ),
    "undertaking": Words(
        "what cannot be counted, judged only by concerns raised and resolved; NPT I, II, VI",
        "то, что нельзя сосчитать; оценивается только по выраженным и снятым озабоченностям; ДНЯО I, II, VI",
    ),
}

_STANDINGS: Final = {
    "none": Words("no act of the party is on record", "актов стороны в записях нет"),
    "signatory": Words(
        "signed, and not yet consented to be bound", "подписала, согласия на обязательность ещё не дала"
    ),
    "contracting": Words(
        "consented to be bound; it is not yet in force for the party (VCLT 2.1(f))",
        "дала согласие на обязательность; для неё ещё не вступила в силу (Венская конвенция, 2.1(f))",
    ),
    "provisional": Words("applies it provisionally", "применяет временно"),
    "bound": Words("its obligations bind", "обязательства действуют"),
    "suspended": Words(
        "suspended its participation; its duties do not apply while that lasts",
        "приостановила участие; пока это длится, обязанности не применяются",
    ),
    "leaving": Words(
        "gave notice of withdrawal, which has not taken effect; still bound",
        "уведомила о выходе, который ещё не вступил в силу; пока связана",
    ),
    "out": Words("left, or was released", "вышла или освобождена от обязательств"),
    "ended": Words(
        "the instrument ended while the party was in it", "договорённость прекратилась, пока сторона в ней была"
    ),
}

_STATES: Final = {
    "met": Words("the evidence shows that it is met", "основания показывают, что выполнено"),
    "not met": Words(
        "the evidence, or the author's open concern, shows that it is not met",
        "основания или открытая озабоченность автора показывают, что не выполнено",
    ),
    "not yet due": Words("the time for it has not come", "время для этого не пришло"),
    "not applicable": Words(
        "it does not bind now: ended, out or suspended",
        "сейчас не обязывает: прекращено, сторона вышла или приостановила",
    ),
    "cannot tell": Words(
        "evidence is missing, and the finding names what", "оснований не хватает, и оценка говорит, каких"
    ),
}

_FORUMS: Final = {
    "not yet": Words("no charter and no session by that day", "к этому дню не было ни мандата, ни заседаний"),
    "alive": Words(
        "met within the time that the register allows, or needs no sessions",
        "собирался в пределах срока, который допускает реестр, либо заседания ему не нужны",
    ),
    "lapsed": Words(
        "silent for longer than the register allows; nobody said so",
        "молчит дольше, чем допускает реестр; никто об этом не объявлял",
    ),
    "suspended": Words(
        "suspended by a statement, or with its umbrella", "приостановлен заявлением или вместе с вышестоящим форумом"
    ),
    "ended": Words(
        "ended by a statement, or with its umbrella", "завершён заявлением или вместе с вышестоящим форумом"
    ),
}

_SILENCES: Final = {
    "nil": Words("the value is 0", "значение — 0"),
    "unknown": Words("nobody on record knows; never zero", "никто в записях не знает; никогда не ноль"),
}

_TIERS: Final = {
    "primary": Words(
        "the treaty text, and the parties' own official data", "текст договора и официальные данные самих сторон"
    ),
    "official": Words("other official publications", "другие официальные публикации"),
    "scholarly": Words("research institutes, journals, datasets", "институты, журналы, наборы данных"),
    "press": Words("news agencies, newspapers, broadcasters", "агентства, газеты, вещатели"),
    "unconfirmed": Words(
        "the lowest: a source that still has to be replaced by a better one",
        "низший: источник, который ещё предстоит заменить лучшим",
    ),
}

_BASES: Final = {
    "seen": Words("the source states it", "источник прямо это говорит"),
    "computed": Words(
        "worked out from numbers that the source states", "вычислено по числам, которые приводит источник"
    ),
    "inferred": Words("it follows from what the source states", "следует из того, что говорит источник"),
    "unconfirmed": Words(
        "not found yet, and marked so in every trace", "ещё не найдено, что отмечено в каждом ходе вычисления"
    ),
}

_NOTHING: Final = Words("", "")
_NONE: Final[dict[str, Words]] = {}

LISTS: Final[dict[str, tuple[tuple[str, ...], dict[str, Words], dict[str, Words]]]] = {
    "kinds": (tuple(KINDS), KIND_WORDS, _STATEMENTS),
    "obligations": (OBLIGATIONS, OBLIGATION_KINDS, _OBLIGATIONS),
    "standings": (STANDINGS, STANDING_WORDS, _STANDINGS),
    "states": (tuple(STATE_WORDS), STATE_WORDS, _STATES),
    "reasons": (tuple(REASONS), REASONS, _NONE),
    "silences": (SILENCES, SILENCE_WORDS, _SILENCES),
    "forum-states": (tuple(FORUM_WORDS), FORUM_WORDS, _FORUMS),
    "levels": (tuple(LEVELS), LEVELS, _NONE),
    "sections": (tuple(SECTIONS), SECTIONS, _NONE),
    "tiers": (TIERS, SOURCE_WORDS, _TIERS),
    "bases": (BASES, SOURCE_WORDS, _BASES),
}
"""The program's own lists: the codes in their order, the words for them, and what they mean."""


def entries(name: str) -> Iterator[Term]:
    """Yield the words of a list in their order; `terms` are the words of the design."""
    if name == "terms":
        yield from TERMS
        return
    codes, words, means = LISTS[name]
    for code in codes:
        # A section is read by its title; its code stands in addresses and ids alone.
        yield Term("" if name == "sections" else code, words[code], means.get(code, _NOTHING))
