"""The answer to a question: the facts that answer it, and in which order; None where there are none."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.answer.asking.finding import ENOUGH, Finder, current
from bot.answer.asking.kinds import bare
from bot.answer.asking.matching import TOLD, Match
from bot.answer.asking.parting import ends, rivals
from bot.answer.asking.question import Question
from bot.answer.asking.spans import Span, span
from bot.answer.asking.times import Time
from bot.answer.asking.verdict import verdict
from bot.model import Fact, Sentence

MOST_FACTS = 4
_CLOSE = 0.15  # how much less it may tell and still come first, being newer
_AS_GOOD = 0.05  # how much less another fact may tell that is told besides the best


class Answer(NamedTuple):
    """What answers a question."""

    facts: tuple[Fact, ...]  # that which answers first
    before: tuple[str, ...] = ()  # what stands before each of them: "First", "Then"
    verdict: str = ""  # yes or no
    span: Span | None = None  # how long it was, from the first of the facts to the second
    lead: Sentence | None = None  # of a briefing: how things stand


def answer(question: Question, finder: Finder) -> Answer | None:
    """Answers a question, or not."""
    found: Answer | None = None
    match question.kind:
        case "how long":
            found = _how_long(question, finder)
        case "order":
            found = _in_order(question, finder)
        case "change":
            found = _changed(question, finder)
        case "status":
            found = _status(question, finder)
    return found or _plainly(question, finder)


def _plainly(question: Question, finder: Finder) -> Answer | None:
    if found := _introduced(question, finder):
        return found
    matches = finder.matches(question)
    if not matches or matches[0].covers < ENOUGH:
        return None
    if question.now:
        matches = _newest_first(matches, finder)
    chosen = _as_good(question, matches)
    if question.kind == "whether" or question.whether:
        best = chosen[0].statement.fact
        over = finder.overturned([best]).get(best.id, [])
        if over and question.now and not question.planned:
            newest = max((link.fact for link in over), key=lambda one: (one.known_on, _day(one)))
            return Answer((newest, best))
        return Answer(
            tuple(one.statement.fact for one in chosen[:2]),
            verdict=verdict(question, chosen[0], finder.lexicon, overturned=bool(over)),
        )
    return Answer(tuple(one.statement.fact for one in chosen))


def _newest_first(matches: Sequence[Match], finder: Finder) -> list[Match]:
    """Where it is asked what is so now: what stands, and what was told last, before what is as good otherwise."""
    close = [one for one in matches if one.covers >= max(ENOUGH, matches[0].covers - _CLOSE)]
    over = finder.overturned([one.statement.fact for one in close])
    days = sorted({one.statement.fact.known_on for one in close})

    def worth(one: Match) -> float:
        fact = one.statement.fact
        age = 1 - (days.index(fact.known_on) + 1) / len(days)
        return one.score - _CLOSE * age - _CLOSE * (fact.id in over)

    return sorted(close, key=lambda one: (-worth(one), one.statement.fact.id))


def _as_good(question: Question, matches: Sequence[Match]) -> list[Match]:
    best = matches[0]
    chosen = [one for one in matches if abs(one.score - best.score) <= _AS_GOOD and one.covers >= best.covers - _AS_GOOD]
    return chosen[:MOST_FACTS]


def _introduced(question: Question, finder: Finder) -> Answer | None:
    """`who is X`, `what is X`: the facts that tell it."""
    telling = question.telling
    if not re.match(r"(?:who|what)s? (?:is|was|are|were|the)\b", question.low) or question.times:
        return None
    if len(telling) != 1 or not telling[0].name or telling[0].genitive:
        return None
    ids = finder.lexicon.names[f"={telling[0].name}"].introduced
    facts = finder.facts(ids)
    found = tuple(facts[one] for one in ids if one in facts)
    return Answer(found[:2]) if found else None


def _how_long(question: Question, finder: Finder) -> Answer | None:
    parts = ends(bare(question.text))
    if parts is None:
        return _lasting(question, finder)
    starts = _events(finder.about(f"{parts.both} {parts.one}", question))[:MOST_FACTS]
    stops = _events(finder.about(f"{parts.both} {parts.other}", question))[: 2 * MOST_FACTS]
    if not starts or not stops or min(starts[0].covers, stops[0].covers) < ENOUGH:
        return None
    for lasting in starts:
        if lasting.statement.lasts and _overlap(lasting.statement.fact, stops[0].statement.fact):
            return Answer((lasting.statement.fact, stops[0].statement.fact))
    pairs = sorted(
        ((one.covers + other.covers, one.statement.fact, other.statement.fact) for one in starts for other in stops
         if one.statement.fact.id != other.statement.fact.id and not _overlap(one.statement.fact, other.statement.fact)),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    for _, start, stop in pairs:
        if found := span(start, stop) or (span(stop, start) if "between" in question.low else None):
            return Answer((found.start, found.end), span=found)
    return None


def _lasting(question: Question, finder: Finder) -> Answer | None:
    """How long something was that began with one fact, and that another has ended."""
    part = question._replace(kind="what", focus=frozenset())
    begun = [one for one in _events(finder.matches(part)) if one.covers >= ENOUGH]
    if not begun:
        return None
    if begun[0].statement.lasts:
        return None
    first = begun[0].statement.fact
    over = finder.overturned([first]).get(first.id, [])
    found = next((one for link in over if (one := span(first, link.fact))), None)
    return Answer((found.start, found.end), span=found) if found else None


def _in_order(question: Question, finder: Finder) -> Answer | None:
    parts = rivals(bare(question.text))
    if parts is None:
        return _earliest(question, finder)
    one, other = (_events(finder.about(text, question)) for text in (parts.one, parts.other))
    if not one or not other or min(one[0].covers, other[0].covers) < ENOUGH - 0.1:
        return None
    first, second = one[0].statement.fact, other[0].statement.fact
    if first.id == second.id or _overlap(first, second):
        return Answer((first, second))
    swapped = _day(second) < _day(first)
    early, late = (second, first) if swapped else (first, second)
    said = ("First", "Then")
    yes = ""
    if re.search(r"\bbefore or\b|\bor after\b|\bafter or\b", question.low):
        said = ("After", "First") if swapped else ("Before", "Then")
        early, late = first, second
    elif question.whether and re.search(r"\b(?:before|after)\b", question.low):
        yes = "Yes" if swapped == bool(re.search(r"\bafter\b", question.low)) else "No"
    return Answer((early, late), said, yes)


def _earliest(question: Question, finder: Finder) -> Answer | None:
    matches = finder.matches(question)
    told = [one for one in _events(matches) if one.covers >= max(ENOUGH, 0.85 * matches[0].covers)]
    if not told:
        return None
    ordered = sorted(told, key=lambda one: (_day(one.statement.fact), -one.score))
    return Answer(tuple(one.statement.fact for one in ordered[:2]), ("First", "Then"))


def _changed(question: Question, finder: Finder) -> Answer | None:
    if len(question.times) > 1:
        return _between(question, finder) or _then_and_then(question, finder)
    matches = [one for one in finder.matches(question) if one.covers >= ENOUGH - 0.1]
    if not matches:
        return None
    facts = [one.statement.fact for one in matches[:6] if one.covers >= matches[0].covers - 2 * _AS_GOOD]
    newer, older = finder.overturned(facts), finder.overturns(facts)
    chain: dict[str, Fact] = {}
    for fact in facts:
        around = [link.fact for link in (*newer.get(fact.id, ()), *older.get(fact.id, ()))]
        if not around:
            continue
        for one in (fact, *sorted(around, key=lambda one: one.known_on, reverse=True)):
            chain.setdefault(one.id, one)
        break
    ordered = sorted(chain.values(), key=lambda one: (one.known_on, _day(one)), reverse=True)
    return Answer(tuple(ordered[:MOST_FACTS])) if ordered else None


def _between(question: Question, finder: Finder) -> Answer | None:
    """What happened in between two days: that which overturned something first."""
    if not re.search(r"\b(?:between|from)\b", question.text.lower()):
        return None
    first, last = question.times[0], question.times[1]
    whole = first._replace(bound="in", last=max(last.last, first.first))
    found = [
        one
        for one in _events(finder.matches(question._replace(times=(whole,))))
        if one.covers >= ENOUGH and _within(one.statement.fact, whole)
    ]
    weighty = finder.overturns([one.statement.fact for one in found[:40]])
    found.sort(key=lambda one: (-bool(weighty.get(one.statement.fact.id)), -one.score))
    ordered = sorted((one.statement.fact for one in found[:3]), key=_day, reverse=True)
    return Answer(tuple(ordered)) if ordered else None


def _within(fact: Fact, time: Time) -> bool:
    return bool(fact.date.first and fact.date.last and time.first < fact.date.first and fact.date.last <= time.last)


def _then_and_then(question: Question, finder: Finder) -> Answer | None:
    chosen: list[Fact] = []
    said: list[str] = []
    for time in question.times[:2]:
        told = [one for one in finder.matches(question._replace(times=(time,))) if one.covers >= ENOUGH]
        weighty = finder.overturns([one.statement.fact for one in told[:20]])
        told.sort(key=lambda one: -(one.score + 0.1 * bool(weighty.get(one.statement.fact.id))))
        for one in told[:1]:
            chosen.append(one.statement.fact)
            said.append(time.typed.strip(" ,.?"))
    return Answer(tuple(chosen), tuple(said)) if len({one.id for one in chosen}) > 1 else None


def _status(question: Question, finder: Finder) -> Answer | None:
    matches = finder.matches(question)
    enough = [one for one in matches if one.covers >= ENOUGH]
    telling = current(finder, enough[:12])
    lead = _lead(question, finder)
    if lead is None and not telling:
        return None
    best = [one for one in telling if one.covers >= telling[0].covers - 2 * _AS_GOOD]
    # The state is what was told last, and by whoever reports it before those who have a part in it.
    best.sort(key=lambda one: (one.statement.fact.known_on, not one.statement.fact.speaker, one.score), reverse=True)
    return Answer(tuple(one.statement.fact for one in best[: 2 if lead else MOST_FACTS]), lead=lead)


def _lead(question: Question, finder: Finder) -> Sentence | None:
    """How the newest briefing begins, where that tells of all that is asked about."""
    lead = next(iter(finder.lead()), None)
    if lead is None:
        return None
    told = {meaning for term in finder.lexicon.terms(lead.text) for meaning in term.meanings}
    telling = [term for term in question.telling if term.name or not _AN_END & {*term.low.split()}]
    known = (any(finder.lexicon.nearness(asked, one) >= TOLD for asked in term.meanings for one in told) for term in telling)
    return lead if all(known) else None


_AN_END = frozenset("dead alive over off on cancelled canceled finished doomed done ahead happening scrapped history".split())


def _events(matches: Sequence[Match]) -> list[Match]:
    """Those that have a date of their own."""
    return [one for one in matches if one.statement.fact.date.first and one.statement.fact.kind != "background"]


def _overlap(one: Fact, other: Fact) -> bool:
    first, second = one.date, other.date
    assert first.first and first.last and second.first and second.last
    return first.first <= second.last and first.last >= second.first


def _day(fact: Fact) -> str:
    return fact.date.first.isoformat() if fact.date.first else "9999"


