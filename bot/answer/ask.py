"""`ask`: a question in a reader's own words, answered by the facts that answer it, or declined."""

import math
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.answer.asking.answering import answer
from bot.answer.asking.building import lexicon
from bot.answer.asking.finding import Finder
from bot.answer.asking.lexicon import Lexicon, Term
from bot.answer.asking.matching import Match, match
from bot.answer.asking.mending import mender
from bot.answer.asking.question import Question, joined, understand
from bot.answer.asking.statement import read
from bot.answer.asking.telling import declined, told
from bot.answer.asking.times import Time
from bot.answer.asking.usage import rarity
from bot.answer.asking.words import words_of
from bot.answer.lines import later, next_after, nothing_loaded, whose
from bot.answer.since import since
from bot.answer.status import status
from bot.answer.timeline import timeline
from bot.command.entry import Ask
from bot.command.mistake import mistake, shortened
from bot.command.reporting import report_action
from bot.command.request import MAX_TYPED
from bot.edtf import Edtf, spoken_day
from bot.model import BACKGROUND, Fact, Sentence
from bot.reply import Action, Line, Reply, Section
from bot.store.asking import Words
from bot.store.looked import MINUTES, last_question, remember_question
from bot.wording import amended, fact_line, overturned_by


def ask(asked: Ask) -> Reply:
    """Answers `ask QUESTION`."""
    shelf = asked.shelf
    span = shelf.span()
    if span is None:
        return nothing_loaded(asked, "ask")
    lex = lexicon(shelf.vocabulary())
    typed = " ".join((asked.text("question") or "").split())
    if len(typed) > MAX_TYPED:  # a slash command lets more through than a line that is typed
        what = f"That is {len(typed):,} characters long; {MAX_TYPED} are read at most."
        return mistake(asked.call, "ask", what, ("help ask",))
    question, finder = _understood(asked, lex, typed, span[1])
    if reply := _of_a_time(asked, question):
        return reply._replace(command="ask", words="")
    found = answer(question, finder)
    before = _before(asked) if ARROW not in typed else ""
    if (
        before
        and before != typed
        and (question.leads_on or found is None or not any(term.name for term in question.terms))
    ):
        earlier, told_before = _understood(asked, lex, before, span[1])
        if earlier.kind == "status" and (lead := next(iter(told_before.lead()), None)):
            # It was answered by how things stand: of that it is asked now when, or why.
            earlier = _understood(asked, lex, lead.text, span[1])[0]._replace(times=())
            before = lead.text
        longer = joined(question, earlier)
        around = _finder(asked, lex, longer, span[1])
        if (question.leads_on or _belongs(question, finder, longer, around)) and (
            also := answer(longer, around)
        ):
            question, found, finder = longer, also, around
            typed = ARROW.join((*before.split(ARROW)[-MOST_BEFORE:], typed))
    if found is None:
        sections = declined(question, finder.matches(question))
    else:
        ids = [fact.id for fact in found.facts]
        since = later(shelf.as_told_on(finder.as_of).amendments("fact", ids), finder.as_of)
        notes = {name: amended(some, finder.as_of) for name, some in since.items()}
        sections = told(found, finder.overturned(found.facts), notes)
    as_of = finder.as_of
    name = f"{asked.name} as known on {spoken_day(as_of)}" if as_of else asked.name
    if as_of and shelf.horizon(as_of) is None:
        text = f"Nothing was known yet on {spoken_day(as_of)}: the first source counts as published from {spoken_day(span[0])}."
        found, sections = None, (Section("", (Line(text),)),)
    then = ("Built only from what was published by then.",) if as_of else ()
    return Reply(
        "ask",
        f"{name}: {shortened(typed.split(ARROW)[-1])}",
        sections,
        notes=then + tuple(f"“{word}” was read as “{other}”." for word, other in question.mended),
        actions=_actions(asked, typed, as_of)
        if found
        else (Action("Status", "status"), Action("Topics", "topic")),
        as_of=as_of or shelf.horizon(None),
        abstained=found is None,
        words=f"ask {typed}",
    )


def _of_a_time(asked: Ask, question: Question) -> Reply | None:
    """The answer to what asks for a time alone: "what did I miss since March?", "what was known on 5 March?"."""
    if any(not term.light for term in question.terms) or question.leads_on or question.whether:
        return None
    time = question.time
    if len(question.times) == 2:  # noqa: PLR2004  (from one to the other)
        first, last = question.times
        return timeline(asked._replace(args={"from": _edtf(first), "to": _edtf(last)}))
    if time is None:
        return status(asked._replace(args={})) if question.kind == "status" else None
    when = _edtf(time)
    if time.bound in {"since", "after"}:
        return since(asked._replace(args={"date": when}))
    if time.bound == "in":
        return _happened(asked, time) or timeline(asked._replace(args={"from": when, "to": when}))
    return status(asked._replace(args={"date": when}))


def _happened(asked: Ask, time: Time) -> Reply | None:
    """What happened, was said or planned within a time and not only about it; None where nothing was."""
    facts, _ = asked.shelf.timeline(time.first, time.last, None, None, MOST_OF_A_TIME)
    within = [
        one
        for one in facts
        if one.date.first and one.date.last and time.first <= one.date.first and one.date.last <= time.last
    ]
    if not within:
        return None
    over = overturned_by(asked.shelf, within)
    lines = tuple(fact_line(one, overturned=over.get(one.id, ())) for one in within[:MOST_TOLD])
    left = len(within) - len(lines)
    return Reply(
        "ask",
        f"{asked.name}: {time.typed.strip(' ?.,')}",
        (Section("", lines),),
        notes=(f"And {left} more: see the timeline.",) if left else (),
        actions=(Action("Timeline", f"timeline {time.first} {time.last}"),),
        as_of=asked.shelf.horizon(None),
    )


MOST_OF_A_TIME, MOST_TOLD = 200, 8
ARROW = " > "
"""Stands between a question and the one that leads on from it, where both are kept as one."""
MOST_BEFORE = 2  # questions


def _edtf(time: Time) -> Edtf:
    text = time.first.isoformat() if time.first == time.last else f"{time.first}/{time.last}"
    return Edtf(text, time.first, time.last)


def _belongs(question: Question, finder: Finder, longer: Question, around: Finder) -> bool:
    """Whether a question that could stand alone is better understood with the one before."""
    alone, both = finder.matches(question)[:1], around.matches(longer)[:1]
    if not (question.telling or question.times) or not both or both[0].covers < _BOTH:
        return False
    if alone and alone[0].covers > _ALONE:
        return False
    return not any(not term.carried for term in both[0].missing)


_BOTH, _ALONE = 0.6, 0.85  # how much a fact tells of the two questions, and of the second alone


def _actions(asked: Ask, typed: str, as_of: date | None) -> tuple[Action, ...]:
    after = next_after(as_of, asked.shelf.horizon(None))
    return (*after, Action("Timeline", "timeline"), report_action(f"ask {typed}"))


def remember(asked: Ask, reply: Reply, db: sqlite3.Connection) -> None:
    """Keeps the question for a few minutes: "and in March?" leads on from it."""
    typed = (asked.text("question") or "")[:MAX_TYPED]
    remember_question(db, *whose(asked), typed, asked.now)


def _before(asked: Ask) -> str:
    """What the same person asked here before, a few minutes ago at most."""
    after = asked.now - timedelta(minutes=MINUTES)
    return last_question(asked.shelf.connection, *whose(asked), after)


def _understood(asked: Ask, lex: Lexicon, text: str, newest: date) -> tuple[Question, Finder]:
    """A question, and where its answer is looked for; what stands before ARROW was asked before it."""
    *before, last = text.split(ARROW)
    # Read without mending first: of a past day, only words are known that were told by then.
    as_of = _as_of(understand(last, lex, asked.today, newest))
    known = Words(asked.shelf, as_of)
    mend = mender(lex, lambda stem: known.frequency([stem]) > 0, known.like)
    question = understand(last, lex, asked.today, newest, mend)
    for earlier in before[-MOST_BEFORE:]:
        question = joined(question, _understood(asked, lex, earlier, newest)[0])
    return question, _finder(asked, lex, question, newest)


def _as_of(question: Question) -> date | None:
    return next((time.last for time in question.times if time.bound == "as of"), None)


def _finder(asked: Ask, lex: Lexicon, question: Question, newest: date) -> Finder:
    as_of = _as_of(question)
    shelf = asked.shelf.as_told_on(as_of)
    words = Words(shelf, as_of)
    total = words.size()
    kept: dict[Question, list[Match]] = {}

    def matches(part: Question) -> list[Match]:
        if part not in kept:
            facts = shelf.facts(words.likely(_phrases(part.terms, lex)))
            statements = [read(one, lex) for one in facts.values()]
            kept[part] = match(part, statements, lex, lambda term: _rarity(words, term, lex, total))
        return kept[part]

    def ids(facts: Sequence[Fact]) -> list[str]:
        return [one.id for one in facts]

    def lead() -> Sequence[Sentence]:
        cards = [card for card in shelf.briefings(as_of, newest=4) if card.phase != BACKGROUND]
        return shelf.sentences(cards[-1].id, limit=1) if cards else ()

    return Finder(
        lex,
        as_of,
        lambda text: understand(text, lex, asked.today, newest),
        matches,
        lambda facts: shelf.links(ids(facts), "supersedes", as_of, back=True),
        lambda facts: shelf.links(ids(facts), "supersedes", as_of, back=False),
        shelf.facts,
        lead,
    )


def _phrases(terms: Iterable[Term], lex: Lexicon) -> dict[str, list[str]]:
    """All words by which facts are looked up that may tell these terms, with their stems."""
    found = {text: [word.stem for word in words_of(text)] for term in terms for text in _worded(term, lex)}
    return {text: stems for text, stems in found.items() if stems}


def _worded(term: Term, lex: Lexicon) -> Iterable[str]:
    yield term.low
    for meaning in term.meanings:
        for near in (meaning, *lex.beneath.get(meaning, ())):
            yield from lex.words.get(near, ())


def _rarity(known: Words, term: Term, lex: Lexicon, total: int) -> float:
    """How much a term tells: 0 for one that stands in every fact, 1 for one that hardly does."""
    count = max((_count(known, meaning, lex) for meaning in term.meanings), default=0)
    if count:
        return 1 - math.log(1 + min(count, total)) / math.log(2 + total)
    if term.name:
        return 1.0
    return min(1.0, 0.8 * min(rarity(word) for word in term.low.split()) - 0.1)


def _count(known: Words, meaning: str, lex: Lexicon) -> int:
    texts = lex.words.get(meaning) or ((meaning,) if meaning[0] not in "=~_" else ())
    return max((known.frequency([word.stem for word in words_of(text)]) for text in texts), default=0)
