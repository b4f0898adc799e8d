"""Which names a question wants: of which class, from where, and of which others than those that it names."""

import re

from bot.answer.asking.holding.nearness import TOLD, near
from bot.answer.asking.holding.statement import Statement
from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.reading.question import Question
from bot.answer.asking.reading.wanting import CRAFT, is_class

_FARTHEST = 2  # words from "instead of" to a name
_ANOTHER_THAN = re.compile(r"\b(?:instead of|in place of|in lieu of|rather than|other than|not counting)\b")
_NAMES_OF = re.compile(r"\bnames? of\b")
_NAME_OF = re.compile(r"\bname of\b(?: the| its| his| her| their)?")
_WHERE_IN = re.compile(
    r"\b(?:where|(?:what|which) (?:site|place|spot|part|region|area|location|city))"
    r"(?: exactly)? (?:on|in|of)\b"
)
_WHICH, _TWO_WORDS = frozenset(("which", "what")), 2
_ANY_OF = r"all(?: the| its| his| their)?|many|several|most|numerous|various|hundreds of|dozens of|both"


def names_one(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact names something of the kinds that are wanted, and that the question does not name."""
    if not _tells_of(question, statement, lexicon):
        return False
    named = statement.named(question.wanted, lexicon)
    but = others_than(question)
    named = {one for one in named if not any(lexicon.nearness(no, one) >= TOLD for no in but)}
    if of_class := _class(question, lexicon):
        named &= of_class
    if within := frame(question, lexicon):
        named = {one for one in named if within & lexicon.above.get(one, {}).keys()}
    if _NAMES_OF.search(question.low):
        named -= statement.speakers  # who tells of them is none of them
    if question.wanted != CRAFT:
        # Whom a description means, as "the head of the team", is not named by it.
        called = (term for term in question.terms if not term.light and is_called(term, lexicon))
        named -= {meaning for term in called for meaning in term.meanings}
    if question.wanted > CRAFT:
        named -= statement.adjoined  # "five Acme launches" names no launch
    if statement.fact.speaker and (question.kind != "who" or question.naming):
        named -= statement.speakers
    return bool(named)


def _tells_of(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells of that of which the name is asked for: of the wife of "name of his wife"."""
    found = _NAME_OF.search(question.low)
    if not found:
        return True
    behind = len(question.low[: found.end()].split())
    whose = (term for term in question.telling if behind <= term.at <= behind + _FARTHEST and not term.name)
    return all(near(term, statement, lexicon)[0] >= TOLD for term in whose)


def only_counted(question: Question, statement: Statement) -> bool:
    """Whether a fact tells that there are such, and not which: "many leaders", where it is asked which."""
    words = question.words
    if len(words) < _TWO_WORDS or words[0].low not in _WHICH or question.kind not in {"what", "who"}:
        return False
    of_these = next((term for term in question.terms if term.at == 1 and not term.name), None)
    if of_these is None or not words[of_these.at + of_these.size - 1].low.endswith("s"):
        return False
    told = [term for term in statement.terms if term.meanings & of_these.meanings]
    says = statement.fact.says.lower()
    return bool(told) and all(re.search(rf"\b(?:{_ANY_OF})\s+{re.escape(term.low)}\b", says) for term in told)


def is_called(term: Term, lexicon: Lexicon) -> bool:
    """Whether a term names something by a name, and not by what it is: "Bell", "the Ottleyans"."""
    if not term.name:
        return False
    if {*term.name.lower().split()} & {*term.low.split()}:
        return True
    also = lexicon.names[f"={term.name}"].also
    return any(other[0].isupper() and " " not in other and other.lower() == term.low for other in also)


def others_than(question: Question) -> frozenset[str]:
    """The meanings of the names of which another is asked for: "instead of this one"."""
    found = _ANOTHER_THAN.search(question.low)
    if not found:
        return frozenset()
    behind = len(question.low[: found.end()].split())
    return frozenset(
        meaning
        for term in question.terms
        if term.name and behind <= term.at <= behind + _FARTHEST
        for meaning in term.meanings
    )


def _class(question: Question, lexicon: Lexicon) -> set[str]:
    """The meanings of all that is known to be of the class that is asked for: of "which rocket"."""
    classes = [
        term
        for term in question.terms
        if term.light and not term.name and is_class(term.low) and f"{term.low} or " not in question.low
    ]
    known = {
        lower
        for term in classes
        for meaning in term.meanings
        for lower in lexicon.beneath.get(meaning, ())
        if lower in lexicon.names and lexicon.names[lower].kind in question.wanted
    }
    # What is called so itself is of the class, too.
    called = {
        meaning
        for meaning, name in lexicon.names.items()
        for term in classes
        if any(term.low in text.lower() for text in (name.name, *name.also))
    }
    return known | called if known else known


def frame(question: Question, lexicon: Lexicon) -> set[str]:
    """The meanings of the place in which a place is asked for: the Alps of "where in the Alps"."""
    found = _WHERE_IN.search(question.low)
    if not found:
        return set()
    at = len(question.low[: found.end()].split())
    return {
        meaning
        for term in question.terms
        if term.at in (at, at + 1) and term.name
        for meaning in term.meanings
        if meaning in lexicon.names and lexicon.names[meaning].kind in {"place", "country"}
    }
