"""Where an answer is looked for: the facts of a story, held against any question about it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.asking.holding.matching import Match
from bot.answer.asking.language.lexicon import Lexicon
from bot.answer.asking.language.predicate import predicate
from bot.answer.asking.reading.question import Question, joined
from bot.answer.asking.reading.wanting import SAYING
from bot.model import Fact, Sentence
from bot.store.shelf import Link

ENOUGH = 0.54  # so much of what is asked a fact has to tell that answers it
ALMOST = ENOUGH - 0.1  # so much of it, where another fact, or what it overturned, tells the rest
_ABOUT = 0.3  # so much of it, where the question is about the story at all
_AN_EVENT = 0.05  # how much more what happened is worth than what was said, where no words are asked for
_WITHIN = 0.25  # how much less a fact may tell that is dated more exactly than the best
_AS_PLAINLY = 0.1  # how much less a fact may tell of an end and still count as telling one
_FOR_ANOTHER = frozenset(("it", "its", "they", "them", "their"))


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

    def about(self, text: str, both: str = "", other: str = "") -> list[Match]:
        """The facts that tell a part of a question, of those that have a date of their own.

        `both` is what belongs to more than this part; `other` what a pronoun of it may mean.
        """
        alone = self.read(text)
        part = self.read(f"{both} {text}") if both else alone
        if other and _FOR_ANOTHER & {*text.lower().split()} and not any(term.name for term in alone.terms):
            part = joined(part, _things(self.read(other)), repeated=False)
        part = part._replace(
            kind="what", wanted=frozenset(), focus=_done(part, alone, both=bool(both)), planned=True
        )
        speaks = any(word.low in SAYING for word in alone.words)

        def worth(one: Match) -> float:
            # A part is too short to be held against facts letter by letter.
            return one.score - one.likeness + _AN_EVENT * (one.statement.fact.kind == "event" and not speaks)

        found = dated([one for one in self.matches(part) if one.covers >= _ABOUT])
        found.sort(key=lambda one: -worth(one))
        if alone.telling and all(term.meanings & self.lexicon.final for term in alone.telling) and not both:
            # "The end", and no more: of those that tell one, the last is the one that counts.
            least = max((one.covers for one in found), default=0.0) - _AS_PLAINLY
            found.sort(key=lambda one: (one.covers < least, -_told_on(one)))
        return _more_exact(found)


def _told_on(match: Match) -> int:
    """The day on which a fact became known, as a number."""
    return match.statement.fact.known_on.toordinal()


def _done(part: Question, alone: Question, *, both: bool) -> frozenset[int]:
    """The places of what a part of a question says is done; without it, nothing tells that part."""
    if both:
        mine = {term.low for term in alone.telling if not term.name}
        return frozenset(term.at for term in part.telling if term.low in mine)
    acted = {at for at, _ in part.actors}
    return frozenset(term.at for term in part.telling if term.at in acted or term.at == _predicate(part))


def _predicate(part: Question) -> int | None:
    """The place of the term that says what is done: `the deal was paused`."""
    done = predicate(part.words, part.terms)
    return next(
        (term.at for term in part.terms if done is not None and term.at <= done < term.at + term.size), None
    )


def _things(of: Question) -> Question:
    """What a pronoun may stand for: what is named, and not what was done with it."""
    done = {at for at, _ in of.actors} | {_predicate(of)}
    return of._replace(terms=tuple(term for term in of.terms if term.at not in done), times=())


def _more_exact(matches: list[Match]) -> list[Match]:
    """The same, with what tells the day before a best that only says between which days it was."""
    if not matches or "/" not in (around := matches[0].statement.fact.date).text:
        return matches
    assert around.first
    assert around.last
    for one in matches[1:]:
        date = one.statement.fact.date
        if one.covers < matches[0].covers - _WITHIN:
            continue
        if date.exact and date.first and around.first <= date.first <= around.last:
            return [one, *(other for other in matches if other is not one)]
    return matches


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
