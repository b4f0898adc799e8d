"""What answers a question."""

from typing import NamedTuple

from bot.answer.asking.answers.spans import Span
from bot.model import Fact, Sentence

MOST_FACTS = 4  # in one answer: who wants more asks for a timeline
AS_GOOD = 0.035  # how much less another fact may tell that is told besides the best


class Answer(NamedTuple):
    """What answers a question."""

    facts: tuple[Fact, ...]  # that which answers first
    before: tuple[str, ...] = ()  # what stands before each of them: "First", "Then"
    verdict: str = ""  # yes or no
    span: Span | None = None  # how long it was, from the first of the facts to the second
    lead: Sentence | None = None  # of a briefing: how things stand
