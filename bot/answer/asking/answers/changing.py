"""What changed: what overturned what, or how it was at one time and at another."""

import re
from collections.abc import Sequence

from bot.answer.asking.answers.answer import AS_GOOD, MOST_FACTS, Answer
from bot.answer.asking.answers.finding import ALMOST, ENOUGH, Finder, dated, day_of
from bot.answer.asking.holding.matching import Match
from bot.answer.asking.holding.nearness import said_by
from bot.answer.asking.reading.kinds import bare
from bot.answer.asking.reading.question import Question
from bot.answer.asking.reading.times import Time
from bot.model import Fact

_LOOKED_AT = 6  # facts: of those that tell most, the first that is part of a change is taken
_WEIGHED_BETWEEN, _WEIGHED_THEN = 40, 20  # facts of which it is looked up whether they overturned something
_MOST_BETWEEN = 3  # facts
_OWN = 0.1  # how much more a fact is worth that tells what he did of whom it is asked
_OVERTURNING = 0.1  # how much more a fact is worth that overturned something
_BETWEEN = r"\b(?:between|from)\b"
_HOW = r"(?:how|in what way|in which way)\b"
# What was otherwise than before is told by how it was at either time.
_COMPARED = r"\b(?:differen(?:t|ce)|compared?|contrast\w*|versus)\b"
# Whose words they are that changed: of a position, what was done tells as much.
_VIEW = r"(?:tone|language|rhetoric|message|wording|words|statements?|mood)"
_A_DATE = r"\b(?:dates?|schedule|timetable|timing|time frame|deadline)\b"
_MOVING = (
    rf"^{_HOW}|\b(?:did|was|has|have|had|were|been|over time|move[ds]?|moving|shift\w*|chang\w+|slip\w*)\b"
    r"|\bin the course of\b.*|\bduring\b.*|\bfrom\b.*|,.*"
)
_AFTERWARDS = r"^(?P<what>.+?),? (?:after|once|when|as soon as|following) (?P<event>.+)"
_CHANGING = (
    rf"^{_HOW}|^what\b|\b(?:did|was|is|are|were|has|have|had|became|become|now|chang\w+|differ\w+|shift\w*"
    r"|alter\w*|move[ds]?)\b|^\W*(?:for|with|w|in|at|on|about|to|of)\b"
)
_BY_A_VIEW = 2  # words: "the club's official stance"
_A_YEAR = 365  # days
_OF_BOTH = 0.3  # how much more what tells that it came of that is worth,
_FOLLOWING = 0.4  # and how much of what is asked is enough in it
_LATER = 0.1  # how much less a fact is worth for each year that it came after what it followed,
_MOST_LATER = 0.3  # and at most


def changed(question: Question, finder: Finder) -> Answer | None:
    """Answers `what changed`, over all the time or between two times."""
    if len(question.times) > 1:
        ways = (_between, then_and_then)
        # "How did it change from one time to the other" asks how it was at either.
        either = re.match(_HOW, question.low) or re.search(_COMPARED, question.low)
        ways = ways[::-1] if either or _as_said(question) is not question else ways
        return ways[0](question, finder) or ways[1](question, finder)
    if (
        found := _of_a_date(question, finder)
        or _afterwards(question, finder)
        or _in_these_words(question, finder)
    ):
        return found
    matches = [one for one in finder.matches(question) if one.covers >= ALMOST]
    if not matches:
        return None
    least = matches[0].covers - 2 * AS_GOOD
    facts = [one.statement.fact for one in matches[:_LOOKED_AT] if one.covers >= least]
    chain = _chain(facts, finder)
    ordered = sorted(chain, key=lambda one: (one.known_on, day_of(one)), reverse=True)
    return Answer(tuple(ordered[:MOST_FACTS])) if ordered else None


def _in_these_words(question: Question, finder: Finder) -> Answer | None:
    """Whether anything changed at all: what tells by that very word that it did, or did not."""
    if not question.whether or not question.telling:
        return None
    change = {meaning for term in question.terms if "chang" in term.low for meaning in term.meanings}
    found = [
        one for one in finder.matches(question) if one.covers >= ENOUGH and change & one.statement.told.keys()
    ]
    return Answer((found[0].statement.fact,)) if found else None


def _of_a_date(question: Question, finder: Finder) -> Answer | None:
    """How a date moved: all the days for which something was planned, the first one first."""
    if not re.search(_A_DATE, question.low) or not re.match(_HOW, question.low):
        return None
    subject = re.sub(_MOVING, "", bare(question.text), flags=re.IGNORECASE)
    planned: dict[str, Fact] = {}
    for one in finder.about(subject):
        fact = one.statement.fact
        told = fact.date.first is not None and str(fact.date.first.year) in fact.says
        if fact.kind == "plan" and told and one.covers >= ENOUGH:
            planned.setdefault(fact.date.text, fact)
    facts = sorted([*planned.values()][:MOST_FACTS], key=day_of)
    return Answer(tuple(facts)) if len(facts) > 1 else None


def _afterwards(question: Question, finder: Finder) -> Answer | None:
    """What changed after something: what is told of it from that day on."""
    parts = re.match(_AFTERWARDS, bare(question.text).strip(" ?!."), re.IGNORECASE)
    if not parts or not finder.read(parts["event"]).telling:
        return None
    what = parts["what"]
    while (shorter := re.sub(_CHANGING, "", what, flags=re.IGNORECASE).strip(" ,")) != what:
        what = shorter
    events = [one for one in finder.about(parts["event"], other=what) if one.covers >= ENOUGH]
    if not events or not finder.read(what).telling:
        return None
    event = events[0].statement.fact

    names = {meaning for term in finder.read(parts["event"]).terms if term.name for meaning in term.meanings}

    def follows(one: Match) -> bool:
        """Whether a fact tells that it came of the event: "after the mill was closed, they built …"."""
        told = one.statement
        return any(term.meanings & names for term in told.terms if term.at in told.causing)

    def worth(one: Match) -> float:
        first, since = one.statement.fact.date.first, event.date.last
        years = max(0, (first - since).days) / _A_YEAR if first and since else 0.0
        return one.score - min(_MOST_LATER, _LATER * years) + _OF_BOTH * follows(one)

    later = [
        one
        for one in finder.about(what)
        if one.covers >= (_FOLLOWING if follows(one) else ENOUGH)
        and one.statement.fact.id != event.id
        and not _was_before(one, event)
    ]
    later.sort(key=worth, reverse=True)
    best = [one for one in later if worth(one) >= worth(later[0]) - AS_GOOD]
    return Answer(tuple(_facts(best[:MOST_FACTS]))) if best else None


def _was_before(match: Match, event: Fact) -> bool:
    """Whether a fact is of a day before that of an event, as far as both are known."""
    last, first = match.statement.fact.date.last, event.date.first
    return bool(last and first and last < first)


def _chain(facts: Sequence[Fact], finder: Finder) -> list[Fact]:
    """The first of some facts that is part of a change, with what it overturned and what overturned it."""
    newer, older = finder.overturned(facts), finder.overturns(facts)
    for fact in facts:
        if around := [link.fact for link in (*newer.get(fact.id, ()), *older.get(fact.id, ()))]:
            latest_first = sorted(around, key=lambda one: one.known_on, reverse=True)
            chain: dict[str, Fact] = {}
            for one in (fact, *latest_first):
                chain.setdefault(one.id, one)
            return list(chain.values())
    return []


def _between(question: Question, finder: Finder) -> Answer | None:
    """What happened in between two days: that which overturned something first."""
    if not re.search(_BETWEEN, question.text.lower()):
        return None
    first, last = question.times[0], question.times[1]
    whole = first._replace(bound="in", last=max(last.last, first.first))
    found = [
        one
        for one in dated(finder.matches(question._replace(times=(whole,))))
        if one.covers >= ENOUGH and _within(one.statement.fact, whole)
    ]
    weighty = finder.overturns(_facts(found[:_WEIGHED_BETWEEN]))
    found.sort(key=lambda one: (-bool(weighty.get(one.statement.fact.id)), -one.score))
    ordered = sorted(_facts(found[:_MOST_BETWEEN]), key=day_of, reverse=True)
    return Answer(tuple(ordered)) if ordered else None


def _within(fact: Fact, time: Time) -> bool:
    """Whether all of a fact is of a time, and after its first day: on that day it was as asked."""
    first, last = fact.date.first, fact.date.last
    return bool(first and last and time.first < first and last <= time.last)


def _as_said(question: Question) -> Question:
    """The same; of whose view it is asked how that changed, as of what they said."""
    whose = [
        term
        for term in question.terms
        if term.name
        and term.genitive
        and any(re.fullmatch(_VIEW, word.low) for word in question.words[term.at + term.size :][:_BY_A_VIEW])
    ]
    if len(whose) != 1 or question.speakers:
        return question
    terms = tuple(
        term._replace(light=term.light or re.fullmatch(_VIEW, term.low) is not None)
        for term in question.terms
    )
    return question._replace(kind="quote", terms=terms, speakers=frozenset((f"={whose[0].name}",)))


def then_and_then(question: Question, finder: Finder) -> Answer | None:
    """How it was at one time, and how at another; None where that is the same fact."""
    question = _as_said(question)
    chosen: list[Fact] = []
    said: list[str] = []
    for time in question.times[:2]:
        if best := _then(question._replace(times=(time,)), finder):
            chosen.append(best)
            said.append(time.typed.strip(" ,.?"))
    return Answer(tuple(chosen), tuple(said)) if len({one.id for one in chosen}) > 1 else None


def names_two_times(question: Question) -> bool:
    """Whether it is asked of one time and of another: `what did they say in March and in May`."""
    if len(question.times) != 2 or any(time.bound != "in" for time in question.times):
        return False
    one, other = (re.escape(time.typed.strip(" ,.?")) for time in question.times)
    both = rf"{one},?\s+(?:and|vs\.?|versus)\s+(?:(?:then|again|later|in|on)\s+)*{other}"
    return re.search(both, question.text) is not None and not re.search(_BETWEEN, question.text.lower())


def _then(question: Question, finder: Finder) -> Fact | None:
    """What tells most of one time."""
    told = [one for one in finder.matches(question) if one.covers >= ENOUGH]
    weighty = finder.overturns(_facts(told[:_WEIGHED_THEN]))
    named = frozenset(f"={term.name}" for term in question.terms if term.name)

    def worth(one: Match) -> float:
        # Of whom alone it is asked, of him is told what he said or did.
        own = len(named) == 1 and said_by(named, one.statement, finder.lexicon)
        return one.score + _OVERTURNING * bool(weighty.get(one.statement.fact.id)) + _OWN * own

    return max(told, key=worth).statement.fact if told else None


def _facts(matches: Sequence[Match]) -> list[Fact]:
    return [one.statement.fact for one in matches]
