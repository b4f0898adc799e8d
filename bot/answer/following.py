"""Questions that lead on from the one before: "and in March?"."""

from datetime import timedelta
from typing import NamedTuple

from bot.answer.asking.answer import Answer
from bot.answer.asking.answering import answer
from bot.answer.asking.finding import Finder
from bot.answer.asking.question import Question, joined
from bot.answer.lines import whose
from bot.answer.lookup import Lookup
from bot.command.entry import Ask, Memory
from bot.command.request import MAX_TYPED
from bot.store.looked import MINUTES, last_question, remember_question

ARROW = " > "
"""Stands between a question and the one that leads on from it, where both are kept as one."""

_MOST_BEFORE = 2  # questions
_BOTH, _ALONE = 0.6, 0.85  # how much a fact tells of the two questions, and of the second alone


class Taken(NamedTuple):
    """A question as it was taken, and what answers it."""

    typed: str  # behind ARROW, where it leads on from others
    question: Question
    finder: Finder
    found: Answer | None


def understood(look: Lookup, typed: str) -> Question:
    """A question, joined with what stands before ARROW: that was asked before it."""
    *before, last = typed.split(ARROW)
    question = look.understood(last)
    for earlier in before[-_MOST_BEFORE:]:
        question = joined(question, understood(look, earlier))
    return question


def take(look: Lookup, typed: str, question: Question) -> Taken:
    """Answers a question as it was understood, or not."""
    finder = look.finder(question)
    return Taken(typed, question, finder, answer(question, finder))


def with_the_one_before(look: Lookup, alone: Taken) -> Taken:
    """The same question together with the one before, where it is better understood so; else as it was."""
    before = _before(look.asked) if ARROW not in alone.typed else ""
    if not before or before == alone.typed or not _may_lead_on(alone) or _stands_alone(alone):
        return alone
    earlier = understood(look, before)
    lead = next(iter(look.finder(earlier).lead()), None) if earlier.kind == "status" else None
    if lead:
        # It was answered by how things stand: of that it is asked now when, or why.
        earlier, before = look.understood(lead.text)._replace(times=()), lead.text
    longer = joined(alone.question, earlier)
    around = look.finder(longer)
    if not alone.question.leads_on and not _belongs(longer, around):
        return alone
    typed = ARROW.join((*before.split(ARROW)[-_MOST_BEFORE:], alone.typed))
    found = answer(longer, around)
    return Taken(typed, longer, around, found) if found else alone


def _may_lead_on(alone: Taken) -> bool:
    """Whether a question leaves anything open: it says so, nothing answers it, or it names nothing."""
    question = alone.question
    if question.kind == "status" and alone.found and not question.telling:
        return False  # "is it over?" is asked of the story
    return question.leads_on or alone.found is None or not any(term.name for term in question.terms)


def _stands_alone(alone: Taken) -> bool:
    """Whether a question needs none before it, as it is seen without looking that up."""
    question = alone.question
    if question.leads_on:
        return False
    by_itself = alone.finder.matches(question)
    if not (question.telling or question.times) or any(one.covers > _ALONE for one in by_itself[:1]):
        return True
    # What the one before was about may be left out where they are joined, and nothing of its own.
    return all(one.missing for one in by_itself)


def _belongs(longer: Question, around: Finder) -> bool:
    """Whether a question that could stand alone is better understood with the one before."""
    both = around.matches(longer)[:1]
    return any(one.covers >= _BOTH and all(term.carried for term in one.missing) for one in both)


def _before(asked: Ask) -> str:
    """What the same person asked here before, a few minutes ago at most."""
    after = asked.now - timedelta(minutes=MINUTES)
    return last_question(asked.shelf.connection, *whose(asked), after)


def memory(asked: Ask) -> Memory:
    """The question, for a few minutes: "and in March?" leads on from it."""
    who, typed, now = whose(asked), (asked.text("question") or "")[:MAX_TYPED], asked.now
    return lambda db: remember_question(db, *who, typed, now)
