"""How long something was: from the fact with which it began to the one with which it ended."""

import re
from collections.abc import Sequence

from bot.answer.asking.answers.answer import MOST_FACTS, Answer
from bot.answer.asking.answers.finding import ENOUGH, Finder, dated, overlap
from bot.answer.asking.answers.spans import span
from bot.answer.asking.holding.matching import Match
from bot.answer.asking.holding.nearness import TOLD
from bot.answer.asking.holding.statement import because, until_it_begins
from bot.answer.asking.language.predicate import is_participle, predicate
from bot.answer.asking.language.words import listed
from bot.answer.asking.reading.kinds import bare
from bot.answer.asking.reading.question import Question
from bot.answer.asking.wording.parting import Parts, all_ends, half
from bot.model import Fact

_MOST_STARTS, _MOST_STOPS = MOST_FACTS, 2 * MOST_FACTS  # an end is told more often, and in more ways
_NEARLY = 0.2  # how much less than the best a fact may tell that it began or ended with
_AS_WELL = 0.06  # and one that tells itself how long it was
_PARTIES = frozenset(("person", "body", "country"))  # kinds of names between which something is, and no time
_FOR_GOOD = frozenset(("for good", "finally", "officially", "formally"))
_WERE = frozenset(("were", "was", "been"))
_ORDINALS = listed(
    "first second third fourth fifth last next old new original earlier later former latter 2 3"
)
_START = r"(?:begin\w*|start\w*|signing|signature|inception|birth|outset)"
_STOP = r"(?:end\w*|finish|stop|close|death|termination)"
_WHOLE = rf"^(?:(?:the |its )?{_START}|it (?:was )?(?:began|begun|started|signed))$"
_OVER = (
    rf"^(?:(?:the |its )?(?:very |bitter |official |final )?{_STOP}"
    r"|(?:it|they|that|this) (?:\w+ ){0,2}?\w+)$"
)
_LASTED = (
    r"\b(?:last|lasted|hold|held|endure|endured|survive|survived|exist|existed|in (?:force|place|effect))\b"
)
_WENT_ON = r"\s+(?:been\s+)?(?:going on|going|under way|running|raging|lasting|on|in (?:force|place|effect))$"
_ASKED = r"^(?:for |since |roughly |about )*how (?:long|many \w+|much \w+)\s*"


def how_long(question: Question, finder: Finder) -> Answer | None:
    """Answers `how long was it from one thing to the other`, or `how long did it last`."""
    text = bare(question.text)
    parts = next((one for one in all_ends(text) if not _are_parties(one, finder)), None)
    if parts is None:
        return _lasted(question, finder)
    if re.match(_WHOLE, parts.one, re.IGNORECASE) and re.match(_OVER, parts.other, re.IGNORECASE):
        return _lived(_subject(parts.both), finder)
    if found := _from_to(question, _with_its_noun(parts, finder), finder):
        return found
    return _lived(_subject(parts.one), finder) if _is_an_end(parts.other, finder) else None


def _from_to(question: Question, parts: Parts, finder: Finder) -> Answer | None:
    """How long it was from what one half tells to what the other does."""
    going_on = re.sub(_WENT_ON, "", parts.one, flags=re.IGNORECASE).strip() or parts.one
    starts = finder.about(going_on, parts.both, parts.other)
    if _is_a_state(parts.one, finder):
        starts = [one for one in starts if until_it_begins(one.statement.fact.says) or one.statement.lasts]
    stops = finder.about(parts.other, parts.both, parts.one)
    if not _is_an_end(parts.one, finder):
        # What ended it is not what it began with, though it may tell of both.
        starts = [one for one in starts if not _tells_an_end(one, finder)]
    if not starts or not stops or min(starts[0].covers, stops[0].covers) < ENOUGH:
        return None
    for lasting in _within(starts, _AS_WELL):
        if lasting.statement.lasts and overlap(lasting.statement.fact, stops[0].statement.fact):
            return Answer((lasting.statement.fact, stops[0].statement.fact))
    if _is_an_end(parts.other, finder) and (over := _ended(_within(starts, _AS_WELL), finder)):
        return over
    first, last = starts[0].statement.fact, stops[0].statement.fact
    if first.id != last.id and overlap(first, last):
        return Answer((first, last))  # no more can be said than when either was
    either_way = "between" in question.low
    for start, stop in _pairs(starts, stops):
        if found := span(start, stop) or (span(stop, start) if either_way else None):
            return Answer((found.start, found.end), span=found)
    return None


def _ended(starts: Sequence[Match], finder: Finder) -> Answer | None:
    """From the first of some facts that something overturned, to that."""
    facts = [one.statement.fact for one in starts]
    over = finder.overturned(facts)
    pairs = ((fact, link.fact) for fact in facts for link in over.get(fact.id, ()))
    found = next((one for start, stop in pairs if (one := span(start, stop))), None)
    return Answer((found.start, found.end), span=found) if found else None


def _is_an_end(text: str, finder: Finder) -> bool:
    """Whether a half tells nothing but that it was over."""
    telling = [term for term in finder.read(text).telling if term.low not in _FOR_GOOD]
    return bool(telling) and all(term.meanings & finder.lexicon.final for term in telling)


def _is_a_state(text: str, finder: Finder) -> bool:
    """Whether a half tells how something had been, and not what had been done: `been partners`."""
    words = [word for word in finder.read(text).words if word.low not in {"going", "running"}]
    return "been" in {word.low for word in words} and predicate(words, ()) is None


def _within(matches: Sequence[Match], less: float) -> list[Match]:
    """Those that tell nearly as much as the first."""
    return [one for one in matches if one.covers >= matches[0].covers - less]


def _are_parties(parts: Parts, finder: Finder) -> bool:
    """Whether the two halves are two sides: an agreement between them is not a time between them."""
    for text in (parts.one, re.sub(rf"(?:{_LASTED}|,).*", "", parts.other, flags=re.IGNORECASE)):
        telling = finder.read(text).telling
        kinds = {finder.lexicon.names[f"={term.name}"].kind for term in telling if term.name}
        if not kinds or not kinds <= _PARTIES or not all(term.name for term in telling):
            return False
    return True


def _with_its_noun(parts: Parts, finder: Finder) -> Parts:
    """The first and the second launch are both launches."""
    words = [word.low for word in finder.read(parts.one).words if word.low not in {"the", "a"}]
    if not words or not {*words} <= _ORDINALS:
        return parts
    noun = [word for word in parts.other.split() if word.lower() not in _ORDINALS | {"the", "a"}]
    return parts._replace(one=" ".join((*words, *noun)))


def _pairs(starts: Sequence[Match], stops: Sequence[Match]) -> list[tuple[Fact, Fact]]:
    """What may have begun it with what may have ended it: those first that tell most of what is asked."""
    pairs = [
        (at + place, one.statement.fact, other.statement.fact)
        for at, one in enumerate(_within(starts, _NEARLY)[:_MOST_STARTS])
        for place, other in enumerate(_within(stops, _NEARLY)[:_MOST_STOPS])
        if one.statement.fact.id != other.statement.fact.id
        and not overlap(one.statement.fact, other.statement.fact)
    ]
    return [(start, stop) for _, start, stop in sorted(pairs, key=lambda pair: pair[0])]


def _lasted(question: Question, finder: Finder) -> Answer | None:
    """How long something was that began with one fact, and that another has ended."""
    if not question.past:
        return None  # how long something takes is another matter
    if all(term.name or term.meanings & finder.lexicon.heads for term in question.telling):
        return None  # who somebody is has no beginning that is told
    text = bare(question.text)
    if _was_something(question) and (found := _lived(_subject(text), finder)):
        return found
    part = question._replace(kind="what", focus=frozenset())
    begun = [one for one in dated(finder.matches(part)) if one.covers >= ENOUGH]
    if not begun or begun[0].statement.lasts:
        return None  # that which tells itself how long it was is found plainly
    over = _ended(begun[:1], finder)
    if over and not (re.search(_LASTED, text, re.IGNORECASE) and _of_another(over, question, finder)):
        return over
    return _lived(_subject(text), finder) if re.search(_LASTED, text, re.IGNORECASE) else None


def _of_another(over: Answer, question: Question, finder: Finder) -> bool:
    """Whether the fact of the end tells nothing of what lasted: "how long did the talks last"."""
    told = {meaning for term in finder.lexicon.terms(over.facts[-1].says) for meaning in term.meanings}
    asked = [term for term in question.telling if not term.name]
    return bool(asked) and not any(
        finder.lexicon.nearness(one, other) >= TOLD
        for term in asked
        for one in term.meanings
        for other in told
    )


def _was_something(question: Question) -> bool:
    """Whether it is asked how long two were something, and not how long something was done."""
    done = {term.at for term in question.telling if not term.name and is_participle(term.low.split()[0])}
    return bool(_WERE & {word.low for word in question.words}) and not done


def _subject(text: str) -> str:
    """What it is that lasted, without the words that say that it did."""
    plain = re.sub(_ASKED, "", text.strip(" ?!.,"), flags=re.IGNORECASE)
    plain = re.sub(r"^(?:did|was|were|had|has|have|does|do|is)\b", "", plain, flags=re.IGNORECASE)
    return half(re.sub(rf"{_LASTED}|\bbeen\b|\bin (?:total|all)\b", "", plain, flags=re.IGNORECASE))


def _lived(subject: str, finder: Finder) -> Answer | None:
    """From the fact that tells of a thing first to that which tells its end; None where none does."""
    asked = finder.read(subject).telling
    told = [one for one in finder.about(subject) if one.covers >= ENOUGH]
    starts = [one for one in told if until_it_begins(one.statement.fact.says)]
    if not starts or not any(term.name for term in asked):
        return None  # of what has no name, another thing of its kind may have ended
    start = starts[0].statement.fact
    # Of several that tell it, that which tells the day.
    for one in sorted(finder.about("end", subject), key=lambda one: not one.statement.fact.date.exact):
        if one.covers < ENOUGH or not _tells_an_end(one, finder) or not _is_its_end(one, subject, finder):
            continue
        if found := span(start, one.statement.fact):
            return Answer((found.start, found.end), span=found)
    return None


def _tells_an_end(match: Match, finder: Finder) -> bool:
    """Whether a fact tells an end for good."""
    return bool(finder.lexicon.final & match.statement.told.keys())


def _is_its_end(match: Match, subject: str, finder: Finder) -> bool:
    """Whether that which has ended is the thing itself, and not that something else ended because of it."""
    says = because(match.statement.fact.says)[0]
    told = {meaning for term in finder.lexicon.terms(says) for meaning in term.meanings}
    asked = finder.read(subject).telling
    near = [
        max((finder.lexicon.nearness(one, other) for one in term.meanings for other in told), default=0.0)
        for term in asked
    ]
    return any(close >= TOLD and term.name for close, term in zip(near, asked, strict=True))
