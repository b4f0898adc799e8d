"""Where an answer is looked for: the facts of a story, held against any question about it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.asking.lexicon import Lexicon
from bot.answer.asking.matching import Match
from bot.answer.asking.question import Question
from bot.model import Fact, Sentence
from bot.store.shelf import Link

ENOUGH = 0.48  # so much of what is asked a fact has to tell that answers it
ABOUT = 0.3  # so much of it, where the question is about the story at all


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

    def about(self, text: str, question: Question) -> list[Match]:
        """The facts that tell a part of a question, of those that have a date."""
        part = self.read(text)._replace(kind="what", wanted=frozenset(), focus=frozenset(), planned=True)
        part = part._replace(times=part.times or ())
        return [one for one in self.matches(part) if one.statement.fact.date.first and one.covers >= ABOUT]


def current(finder: Finder, matches: Sequence[Match]) -> list[Match]:
    """Those that nothing has overturned; all of them, where everything has been."""
    over = finder.overturned([one.statement.fact for one in matches])
    return [one for one in matches if one.statement.fact.id not in over] or list(matches)
