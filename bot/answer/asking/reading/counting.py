"""What is counted: of what a question asks a number, and of what a fact gives one."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.language.predicate import is_verb
from bot.answer.asking.language.words import Word, listed
from bot.edtf import MONTHS

_IN_WORDS = listed("hundreds hundred thousands thousand dozens dozen million millions half both")
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = frozenset(month.lower() for month in MONTHS)
_PARTS = listed("percent percents pct")
_DEGREES = listed("low high slim small good better worse unlikely likely")
_SHARES = listed("all none every most half both entire entirely full fully completely totally whole each")
_BEHIND = 5  # words from a number to what it counts: "300 people had been injured"
_CLAUSES = listed("of to for by from at on in and but with among")
_ANAPHORA = listed("that which who were was are")  # "among five that were cancelled"
_LEAD = 3  # words from "many" to what is asked of: "how many more people"
_A_SHARE = re.compile(r"\bhow (?:many|much) of (?:the|its|his|her|their|these|those|all|\w+s)\b")
_A_PART = re.compile(r"\b(?:percent|percentage|per cent)\b")
_A_DEGREE = re.compile(r"\b(?:likely|odds|chances?|probability|likelihood)\b")


class Counted(NamedTuple):
    """Of what a question asks a number."""

    things: frozenset[str]  # the meanings of what is counted; none where any number will do
    share: bool  # it asks how much of something: "all" is an answer
    part: bool  # it asks for a percentage
    degree: bool  # it asks how likely something is: "low" is an answer


class Counts(NamedTuple):
    """The numbers of a fact."""

    any: bool  # it has a number, other than a year, a day, or a part of a name
    things: frozenset[str]  # the meanings of all that it counts
    part: bool  # it has a percentage
    share: bool  # it says "all", or "half"
    degree: bool  # it says "low", or "likely"


def counted(low: str, words: Sequence[Word], terms: Sequence[Term]) -> Counted:
    """Of what a question asks a number."""
    things: frozenset[str] = frozenset()
    for at, word in enumerate(words):
        if word.low not in {"many", "number", "few"}:
            continue
        things = _noun([term for term in terms if at < term.at <= at + _LEAD])
        break
    return Counted(
        things,
        _A_SHARE.search(low) is not None,
        _A_PART.search(low) is not None,
        _A_DEGREE.search(low) is not None,
    )


def _noun(terms: Sequence[Term]) -> frozenset[str]:
    """The meanings of the noun that these begin with: "school bus drivers", and not "said" behind them."""
    found: frozenset[str] = frozenset()
    end = -1
    for term in terms:
        if term.name or term.light:
            continue
        if found and (term.at != end or is_verb(term.low.split()[0])):
            break
        found |= term.meanings
        end = term.at + term.size
    return found


def counts(says: str, words: Sequence[Word], terms: Sequence[Term]) -> Counts:
    """The numbers of a fact."""
    named = {at for term in terms if term.name for at in range(term.at, term.at + term.size)}
    places = [at for at in range(len(words)) if at not in named and _is_count(words, at)]
    lows = {word.low for word in words}
    things = (term for term in terms if not term.name and any(_is_of(words, at, term.at) for at in places))
    return Counts(
        bool(places),
        frozenset(meaning for term in things for meaning in (*term.meanings, *_head(term))),
        bool(lows & _PARTS) or "%" in says,
        bool(lows & _SHARES),
        bool(lows & _DEGREES),
    )


def _head(term: Term) -> frozenset[str]:
    """The meanings of the noun that a phrase ends with: 22 member states are 22 states."""
    return term.parts[-1] if term.parts else frozenset()


def _is_count(words: Sequence[Word], at: int) -> bool:
    """Whether a word is a number of things, and not of a day or a year."""
    low = words[at].low
    if low in _IN_WORDS:
        return True
    if not low[0].isdigit() or not low.replace(",", "").replace(".", "").isdigit() or _A_YEAR.fullmatch(low):
        return False
    beside = {word.low for word in words[max(0, at - 1) : at + 2]}
    return not beside & _MONTHS


def _is_of(words: Sequence[Word], place: int, at: int) -> bool:
    """Whether what stands at a place is counted by a number: "137 civilians", "launches, one of five"."""
    if at < place:
        return place + 1 == len(words) or words[place + 1].low in _ANAPHORA
    begin = place + 1
    if words[place].low in _IN_WORDS and begin < at and words[begin].low == "of":
        begin += 1  # hundreds of them
    between = {word.low for word in words[begin:at]}
    return place < at <= place + _BEHIND and not between & (_CLAUSES | _PARTS)


def is_counted(asked: Counted, told: Counts, lexicon: Lexicon) -> bool:
    """Whether a fact gives a number of what is asked for."""
    if asked.part:
        return told.part
    if asked.degree:
        return told.any or told.degree
    if asked.share and told.share:
        return True
    if not asked.things:
        return told.any and not told.part
    return any(lexicon.nearness(one, thing) for one in asked.things for thing in told.things)
