"""How long something was: from the fact with which it began to the one with which it ended."""

from collections.abc import Sequence

from bot.answer.asking.answer import MOST_FACTS, Answer
from bot.answer.asking.finding import ENOUGH, Finder, dated, overlap
from bot.answer.asking.kinds import bare
from bot.answer.asking.matching import Match
from bot.answer.asking.parting import ends
from bot.answer.asking.question import Question
from bot.answer.asking.spans import span
from bot.model import Fact

_MOST_STARTS, _MOST_STOPS = MOST_FACTS, 2 * MOST_FACTS  # an end is told more often, and in more ways


def how_long(question: Question, finder: Finder) -> Answer | None:
    """Answers `how long was it from one thing to the other`, or `how long did it last`."""
    parts = ends(bare(question.text))
    if parts is None:
        return _lasted(question, finder)
    starts = dated(finder.about(f"{parts.both} {parts.one}"))[:_MOST_STARTS]
    stops = dated(finder.about(f"{parts.both} {parts.other}"))[:_MOST_STOPS]
    if not starts or not stops or min(starts[0].covers, stops[0].covers) < ENOUGH:
        return None
    for lasting in starts:
        if lasting.statement.lasts and overlap(lasting.statement.fact, stops[0].statement.fact):
            return Answer((lasting.statement.fact, stops[0].statement.fact))
    either_way = "between" in question.low
    for start, stop in _pairs(starts, stops):
        if found := span(start, stop) or (span(stop, start) if either_way else None):
            return Answer((found.start, found.end), span=found)
    return None


def _pairs(starts: Sequence[Match], stops: Sequence[Match]) -> list[tuple[Fact, Fact]]:
    """What may have begun it with what may have ended it: those first that tell most of what is asked."""
    pairs = [
        (one.covers + other.covers, one.statement.fact, other.statement.fact)
        for one in starts
        for other in stops
        if one.statement.fact.id != other.statement.fact.id
        and not overlap(one.statement.fact, other.statement.fact)
    ]
    return [(start, stop) for _, start, stop in sorted(pairs, key=lambda pair: -pair[0])]


def _lasted(question: Question, finder: Finder) -> Answer | None:
    """How long something was that began with one fact, and that another has ended."""
    if not question.past:
        return None  # how long something takes is another matter
    part = question._replace(kind="what", focus=frozenset())
    begun = [one.statement for one in dated(finder.matches(part)) if one.covers >= ENOUGH]
    if not begun or begun[0].lasts:
        return None  # that which tells itself how long it was is found plainly
    first = begun[0].fact
    over = finder.overturned([first]).get(first.id, [])
    found = next((one for link in over if (one := span(first, link.fact))), None)
    return Answer((found.start, found.end), span=found) if found else None
