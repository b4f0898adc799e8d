"""What came first: of two things that a question names, or of all that it tells of."""

import re

from bot.answer.asking.answer import Answer
from bot.answer.asking.finding import ALMOST, ENOUGH, Finder, dated, day_of, overlap
from bot.answer.asking.kinds import bare
from bot.answer.asking.parting import rivals
from bot.answer.asking.question import Question
from bot.answer.asking.statement import Statement
from bot.model import Fact

_AS_TELLING = 0.85  # so much of what the best fact tells another tells that may have been first
_FIRST = ("First", "Then")
_EITHER = r"\bbefore or\b|\bor after\b|\bafter or\b"


def in_order(question: Question, finder: Finder) -> Answer | None:
    """Answers `which was first`, `was this before that`, `did it happen before or after`."""
    parts = rivals(bare(question.text))
    if parts is None:
        return _earliest(question, finder)
    one, other = (dated(finder.about(f"{parts.both} {text}")) for text in (parts.one, parts.other))
    if not one or not other or min(one[0].covers, other[0].covers) < ALMOST:
        return None
    first, second = one[0].statement.fact, other[0].statement.fact
    if first.id == second.id:
        return None
    return Answer((first, second)) if overlap(first, second) else _of_two(question, first, second)


def _of_two(question: Question, one: Fact, other: Fact) -> Answer:
    """Two facts as they are asked for: by their order, by that of the question, or with yes or no."""
    swapped = day_of(other) < day_of(one)
    if re.search(_EITHER, question.low):
        return Answer((one, other), ("After", "First") if swapped else ("Before", "Then"))
    yes = ""
    if question.whether and re.search(r"\b(?:before|after)\b", question.low):
        yes = "Yes" if swapped == bool(re.search(r"\bafter\b", question.low)) else "No"
    return Answer((other, one) if swapped else (one, other), _FIRST, yes)


def _happened(question: Question, statement: Statement) -> bool:
    """Whether a fact tells in these very words that something was done."""
    return not statement.unreal and all(term.meanings & statement.told.keys() for term in question.telling)


def _earliest(question: Question, finder: Finder) -> Answer | None:
    """What was first of all that tells about as much as the best."""
    matches = finder.matches(question)
    told = [
        one
        for one in dated(matches)
        if one.covers >= max(ENOUGH, _AS_TELLING * matches[0].covers) and _happened(question, one.statement)
    ]
    if not told:
        return None
    ordered = sorted(told, key=lambda one: (day_of(one.statement.fact), -one.score))
    return Answer(tuple(one.statement.fact for one in ordered[: len(_FIRST)]), _FIRST)
