"""What came first: of two things that a question names, or of all that it tells of."""

from collections.abc import Sequence

from bot.answer.asking.answers.answer import MOST_FACTS, Answer
from bot.answer.asking.answers.finding import ALMOST, ENOUGH, Finder, dated, day_of, overlap
from bot.answer.asking.holding.matching import Match
from bot.answer.asking.holding.nearness import alike, said_by
from bot.answer.asking.holding.statement import Statement
from bot.answer.asking.holding.verdict import perhaps, verdict
from bot.answer.asking.language.lexicon import Lexicon
from bot.answer.asking.language.predicate import is_verb
from bot.answer.asking.language.words import listed, words_of
from bot.answer.asking.reading.actors import ADJECTIVES
from bot.answer.asking.reading.kinds import bare
from bot.answer.asking.reading.question import Question
from bot.answer.asking.wording.parting import Parts, left_open, rivals, row, says_after
from bot.model import Fact

_AS_TELLING = 0.85  # so much of what the best fact tells another tells that may have been first
_ALL = 0.9  # so much of what is asked is all of it
_FIRST = ("First", "Then")
_AGAIN = frozenset(("again", "ever", "still", "anymore"))
_ARTICLES = listed("the a an its their his her")
_AT_LEAST = 2  # terms
_LOOKED_AT = 4  # facts


def in_order(question: Question, finder: Finder) -> Answer | None:
    """Answers `which was first`, `was this before that`, `did it happen before or after`."""
    text = bare(question.text)
    if some := row(text):
        return _in_a_row(some, finder)
    parts = rivals(text)
    if parts is None:
        return _earliest(question, finder)
    if question.whether and not left_open(text) and tells_the_order(question, finder):
        return None  # it is found plainly
    return _in_two(question, parts, finder)


def _in_two(question: Question, parts: Parts, finder: Finder) -> Answer | None:
    """Two things in their order, or yes or no of it."""
    text = bare(question.text)
    one = _telling(parts.one, finder.about(parts.one, parts.both, parts.other), finder)
    other = _telling(parts.other, finder.about(parts.other, parts.both, parts.one), finder)
    if parts.both:
        one, other = _by_each(parts, one, other, finder)
    decided = question.whether and not left_open(text)
    if decided:
        one = _with_the_other(question, one, finder)
    if decided and other and says_after(question.low):
        if found := _since_then(question, parts.one, other[0], finder):
            return found
        if _AGAIN & {*question.low.split()} or _goes_on(parts.one, finder):
            return None  # what was so before may have been so again
    if not one or not other or min(one[0].covers, other[0].covers) < ALMOST:
        return None
    if one[0].statement.fact.id == other[0].statement.fact.id:
        return None
    if decided and _is_denied(parts.one, one[0], finder):
        return None if question.negated else Answer((one[0].statement.fact,), verdict="No")
    if decided and not _is_told(parts.one, one[0], finder):
        return None  # that it was so at all is not told
    first, second = one[0].statement.fact, other[0].statement.fact
    return Answer((first, second)) if overlap(first, second) else _of_two(question, first, second)


def _with_the_other(question: Question, one: list[Match], finder: Finder) -> list[Match]:
    """The same, that first which tells of both halves: who hit back at the ban did so after that."""
    best = next(iter(finder.matches(question)), None)
    if best is None or best.covers < _ALL:
        return one
    return sorted(one, key=lambda match: match.statement is not best.statement)


def _by_each(
    parts: Parts, one: list[Match], other: list[Match], finder: Finder
) -> tuple[list[Match], list[Match]]:
    """The same, with what either did himself, where that is told: "who closed first, the mill or the inn"."""

    def own(part: str, matches: list[Match]) -> list[Match]:
        who = frozenset(f"={term.name}" for term in finder.read(part).terms if term.name)
        mine = [match for match in matches if said_by(who, match.statement, finder.lexicon)] if who else []
        least = max(ENOUGH, _AS_TELLING * max((match.covers for match in mine), default=0.0))
        # What somebody did first is the first of what he did.
        return sorted((match for match in mine if match.covers >= least), key=_day_of) or matches

    return own(parts.one, one), own(parts.other, other)


def _day_of(match: Match) -> str:
    return day_of(match.statement.fact)


def _since_then(question: Question, part: str, event: Match, finder: Finder) -> Answer | None:
    """Yes or no, by what is told of the time after something: "did they stop after the flood"."""
    asked = finder.read(f"{question.words[0].low} {part}")
    since = event.statement.fact.date.first
    if event.covers < ENOUGH or since is None or len(asked.telling) < _AT_LEAST:
        return None
    if not any(term.name for term in asked.telling):
        return None
    for one in finder.matches(asked)[:_LOOKED_AT]:
        first = one.statement.fact.date.first
        if first is None or first < since or one.covers < ENOUGH:
            continue
        if said := verdict(asked, one, finder.lexicon, overturned=False):
            return Answer((one.statement.fact,), verdict=said)
    return None


def _goes_on(part: str, finder: Finder) -> bool:
    """Whether it is asked of something that goes on, which was so before and after."""
    return any(term.meanings & finder.lexicon.going for term in finder.read(part).terms)


def tells_the_order(question: Question, finder: Finder) -> bool:
    """Whether one fact tells in its own words what was before or after what."""
    best = next(iter(finder.matches(question)), None)
    if best is None or best.covers < _ALL:
        return False
    return says_after(best.statement.fact.says) == says_after(question.low)


def _telling(part: str, matches: Sequence[Match], finder: Finder) -> list[Match]:
    """Those that tell more of a half than the names in it: the ban on the arm, and not the arm."""
    deeds = {term.low for term in finder.read(part).telling if not (term.name or term.number)}
    asked = [term.meanings for term in finder.read(part).telling if term.low in deeds]
    return [
        one
        for one in matches
        if not deeds
        or not (
            deeds <= {term.low for term in one.missing} or _is_reason(asked, one.statement, finder.lexicon)
        )
    ]


def _is_reason(asked: Sequence[frozenset[str]], statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells all of a half as a reason: "closed after the flood" is not of the flood's day."""
    told = [one.at for one in statement.terms for some in asked if alike(some, one.meanings, lexicon)]
    return bool(told) and statement.causing.issuperset(told)


def _is_told(part: str, match: Match, finder: Finder) -> bool:
    """Whether a fact decides that a half of a question is so: an order to stop is no stop."""
    if match.apart or match.flipped or match.statement.unreal:
        return False
    return not perhaps(finder.read(part), match.statement, finder.lexicon)


def _is_denied(part: str, match: Match, finder: Finder) -> bool:
    """Whether a fact denies what a half of a question tells."""
    asked = {meaning for term in finder.read(part).telling if not term.name for meaning in term.meanings}
    if finder.lexicon.ending & match.statement.told.keys() and not finder.lexicon.ending & asked:
        return False  # what is not to end goes on
    return any(term.meanings & asked for term in match.statement.terms if term.at in match.statement.negated)


def _of_two(question: Question, one: Fact, other: Fact) -> Answer:
    """Two facts as they are asked for: by their order, by that of the question, or with yes or no."""
    swapped = day_of(other) < day_of(one)
    if left_open(bare(question.text)):
        return Answer((one, other), ("After", "First") if swapped else ("Before", "Then"))
    after = says_after(question.low)
    # What was planned has the day that it was planned for, and may not have come.
    decided = question.whether and after is not None and "plan" not in {one.kind, other.kind}
    yes = ("Yes" if swapped == after else "No") if decided else ""
    return Answer((other, one) if swapped else (one, other), _FIRST, yes)


def _in_a_row(some: tuple[str, ...], finder: Finder) -> Answer | None:
    """More than two things in their order; None where one of them is told nowhere, or two as one."""
    found = [matches[0] for one in some if (matches := finder.about(one)) and matches[0].covers >= ENOUGH]
    facts = sorted((one.statement.fact for one in found), key=day_of)
    if len({one.id for one in facts}) < len(some) or len(facts) > MOST_FACTS:
        return None
    return Answer(tuple(facts), (_FIRST[0], *_FIRST[1:] * (len(facts) - 1)))


def _happened(question: Question, statement: Statement) -> bool:
    """Whether a fact tells in these very words that something was done."""
    return not statement.unreal and all(term.meanings & statement.told.keys() for term in question.telling)


def _is_done(question: Question, statement: Statement) -> bool:
    """Whether a fact tells by a verb all that is asked by one: not "the pullout", but "pulled out"."""
    deeds = [term for term in question.telling if not term.name and is_verb(term.low.split()[0])]
    return all(
        any(
            is_verb(one.low.split()[0]) and not _is_a_noun(statement, one.at)
            for one in statement.terms
            if one.meanings & deed.meanings and not one.name
        )
        for deed in deeds
    )


def _is_a_noun(statement: Statement, at: int) -> bool:
    """Whether the word at a place stands behind an article or an adjective of a country: "the Dutch exit"."""
    lead = words_of(statement.fact.says)[at - 1].low if at else ""
    adjective = any(
        term.name and term.at + term.size == at and term.low.endswith(ADJECTIVES) for term in statement.terms
    )
    return lead in _ARTICLES or adjective


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
    # What only mentions a deed, as "the pullout", comes behind what tells that somebody did it.
    told = [one for one in told if _is_done(question, one.statement)] or told
    ordered = sorted(told, key=lambda one: (day_of(one.statement.fact), -one.score))
    return Answer(tuple(one.statement.fact for one in ordered[: len(_FIRST)]), _FIRST)
