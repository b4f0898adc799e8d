"""Where an answer is looked for: the facts of a story, held against any question about it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.asking.lexicon import Lexicon
from bot.answer.asking.matching import Match
from bot.answer.asking.question import Question
from bot.model import Fact, Sentence
from bot.store.shelf import Link

ENOUGH = 0.54  # so much of what is asked a fact has to tell that answers it
ALMOST = ENOUGH - 0.1  # so much of it, where another fact, or what it overturned, tells the rest
_ABOUT = 0.3  # so much of it, where the question is about the story at all


class Finder(NamedTuple):
    """All that an answer is made from."""

    lexicon: Lexicon
    as_of: date | None  # only what was known by then is seen
    read: Callable[[str], Question]  # a part of a question
    matches: Callable[[Question], Sequence[Match]]  # the best first
    overturned: Callable[[Sequence[Fact]], dict[str, list[Link]]]  # by what
    overturns: Callable[[Sequence[Fact]], dict[str, list[Link]]]  # what
    facts: Callable[[Sequence[str]], dict[str, Fact]]
    lead: Callable[[], Sequence[Sentence]]  # how the newest briefing begins

    def about(self, text: str) -> list[Match]:
        """The facts that tell a part of a question, of those that have a date of their own."""
        part = self.read(text)._replace(kind="what", wanted=frozenset(), focus=frozenset(), planned=True)
        return dated([one for one in self.matches(part) if one.covers >= _ABOUT])


def dated(matches: Sequence[Match]) -> list[Match]:
    """Those that have a date of their own: background is of no day."""
    return [
        one for one in matches if one.statement.fact.date.first and one.statement.fact.kind != "background"
    ]


def day_of(fact: Fact) -> str:
    """The first day of a fact, to put facts in order; what has none comes last."""
    return fact.date.first.isoformat() if fact.date.first else "9999"


def overlap(one: Fact, other: Fact) -> bool:
    """Whether two dated facts may be of one day, so that nobody can tell which was first."""
    first, second = one.date, other.date
    assert first.first
    assert first.last
    assert second.first
    assert second.last
    return first.first <= second.last and first.last >= second.first


def current(finder: Finder, matches: Sequence[Match]) -> list[Match]:
    """Those that nothing has overturned; all of them, where everything has been."""
    over = finder.overturned([one.statement.fact for one in matches])
    return [one for one in matches if one.statement.fact.id not in over] or list(matches)
