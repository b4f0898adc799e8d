"""Whether a fact is of the kind that a question wants: a day, a number, a reason, somebody's name."""

import re

from bot.answer.asking.actors import ADJECTIVES
from bot.answer.asking.counting import is_counted
from bot.answer.asking.lexicon import Lexicon, Term
from bot.answer.asking.nearness import TOLD
from bot.answer.asking.question import Question
from bot.answer.asking.statement import Statement, until_it_begins
from bot.answer.asking.wanting import CRAFT, is_class, measured

UNFIT = -0.5  # below it, a fact does not answer at all
_PLACES = frozenset(("place", "country"))
_A_PERSON = frozenset(("person",))
_QUOTES = frozenset('"“”«»')
_SINCE = re.compile(r"\b(?:since|from) (?:\w+ )?(?:19|20)\d\d\b")
_A_MONTH = 31  # days; what is dated by more does not tell a day

_FARTHEST = 2  # words from "instead of" to a name
_ANOTHER_THAN = re.compile(r"\b(?:instead of|in place of|in lieu of|rather than|other than|not counting)\b")
_NAMES_OF = re.compile(r"\bnames? of\b")
_WHERE_IN = re.compile(
    r"\b(?:where|(?:what|which) (?:site|place|spot|part|region|area|location|city))"
    r"(?: exactly)? (?:on|in|of)\b"
)

_WHICH, _TWO_WORDS = frozenset(("which", "what")), 2
_ANY_OF = r"all(?: the| its| his| their)?|many|several|most|numerous|various|hundreds of|dozens of|both"

# How well a fact is of a kind, where it either is what is asked for or is not,
_IT, _NOT_IT = 1.0, -1.0
_GROUNDLESS = -0.6  # what gives no reason may still be all that is told
# and where it only may be.
_QUOTED, _UNQUOTED = 0.7, -0.3  # somebody said it; the words of a report are seldom asked for
_HAPPENED = 0.4  # an event or a statement, before plans and background
_FOREGROUND = 0.2  # anything but background
_LASTING = 0.3  # it names a time, though perhaps of something else
_UNDATED = -0.3  # it has numbers, which may be a date
_SOMEWHERE = 0.2  # it names a place, where it is asked by what something was said
_PERHAPS_THERE = 0.0  # it names a place, and not as one where anything was
_LISTED = 0.7  # it names some, who may be counted
_OF_ANOTHER = -0.6  # it has a number, and not of what is counted
_OTHERWISE_DATED = 0.2  # a plan, where it is asked what was; what was, where a plan is asked for
# What goes on, or went on until something else came: for how long is told by when it began.
_GOING_ON = re.compile(
    r"\b(?:how (?:long|many \w+|much time) (?:has|have|had|they|she|he|it|we)|since how|been)\b"
    r"|\bhow (?:long|many \w+) (?:is|are) .*ing\b"
)


def fit(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact is of the kind that is wanted: -1 to 1; below UNFIT it does not answer at all."""
    if _leaves_out(question, statement):
        return _NOT_IT
    if question.wanted:
        return _named(question, statement, lexicon)
    fact = statement.fact
    match question.kind:
        case "when":
            return _dated(question, statement)
        case "why":
            return _reasoned(question, statement)
        case "how many":
            return _counted(question, statement, lexicon)
        case "how long":
            return _lasting(question, statement, lexicon)
        case "quote":
            return _said(question, statement)
        case "whether" if not question.focus and fact.kind == "background":
            return _HAPPENED  # it is asked what something is, and not what was done
        case "whether" | "status" | "change":
            return _HAPPENED if fact.kind in {"event", "statement"} else 0.0
        case _:
            return _FOREGROUND if fact.kind != "background" else 0.0


def _leaves_out(question: Question, statement: Statement) -> bool:
    """Whether a fact leaves out the very thing: how much it weighs, or which leaders."""
    unmeasured = measured(question.low) and not (statement.counts.any or statement.sums)
    return unmeasured or _only_counted(question, statement)


def _named(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact names what is wanted."""
    if question.kind == "where":
        return _where(question, statement, lexicon)
    if not _names_one(question, statement, lexicon):
        return _NOT_IT
    # Who told of a deed is told by whose words it is; not by who did it.
    return _IT if statement.fact.speaker or not question.tells else _UNQUOTED


def _reasoned(question: Question, statement: Statement) -> float:
    """How well a fact tells why something was."""
    if not statement.causal:
        return _GROUNDLESS
    return _NOT_IT if _is_reason(question, statement) else _IT


def _lasting(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact tells how long something was, or has been."""
    if question.since and _SINCE.search(statement.fact.says):
        return _IT
    return _LASTING if statement.lasts or _began(question, statement, lexicon) else _NOT_IT


def _said(question: Question, statement: Statement) -> float:
    """How well a fact tells somebody's words: the very words, where these are asked for."""
    if not statement.fact.speaker:
        return _UNQUOTED
    if question.verbatim:
        return _IT if _QUOTES & {*statement.fact.says} else _UNQUOTED
    return _QUOTED


def _began(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells since when something goes on, where that is asked, and of what is asked about."""
    lead = until_it_begins(statement.fact.says)
    if not lead or statement.fact.date.first is None or not _GOING_ON.search(question.low):
        return False
    asked = {term.name for term in question.terms if term.name}
    return not asked or any(term.name in asked for term in lexicon.terms(lead))


def _names_one(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact names something of the kinds that are wanted, and that the question does not name."""
    named = statement.named(question.wanted, lexicon)
    but = others_than(question)
    named = {one for one in named if not any(lexicon.nearness(no, one) >= TOLD for no in but)}
    if of_class := _class(question, lexicon):
        named &= of_class
    if within := _frame(question, lexicon):
        named = {one for one in named if within & lexicon.above.get(one, {}).keys()}
    if _NAMES_OF.search(question.low):
        named -= statement.speakers  # who tells of them is none of them
    if question.wanted != CRAFT:
        # Whom a description means, as "the head of the team", is not named by it.
        called = (term for term in question.terms if not term.light and _is_called(term, lexicon))
        named -= {meaning for term in called for meaning in term.meanings}
    if question.wanted > CRAFT:
        named -= statement.adjoined  # "five Acme launches" names no launch
    if statement.fact.speaker and (question.kind != "who" or question.naming):
        named -= statement.speakers
    return bool(named)


def _is_called(term: Term, lexicon: Lexicon) -> bool:
    """Whether a term names something by a name, and not by what it is: "Bell", "the Ottleyans"."""
    if not term.name:
        return False
    if {*term.name.lower().split()} & {*term.low.split()}:
        return True
    also = lexicon.names[f"={term.name}"].also
    return any(other[0].isupper() and " " not in other and other.lower() == term.low for other in also)


def _is_reason(question: Question, statement: Statement) -> bool:
    """Whether what was done is told as the reason of something else: "closed because of the flood"."""
    told = [
        one.at
        for term in question.telling
        if not term.name
        for one in statement.terms
        if one.meanings & term.meanings
    ]
    return bool(told) and statement.causing.issuperset(told)


def _where(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact tells where something is, or was said."""
    asked = {meaning for term in question.terms if _is_called(term, lexicon) for meaning in term.meanings}
    places = {
        meaning
        for meaning in statement.located - asked
        if meaning in lexicon.names and lexicon.names[meaning].kind in question.wanted
    }
    if within := _frame(question, lexicon):
        places = {one for one in places if within & lexicon.above.get(one, {}).keys()}
    things = {one for one in places if lexicon.names[one].kind == "thing"}
    if question.tells and (statement.medium or things):
        return _IT
    if places - things:
        elsewhere = question.tells or (question.origin and not places & statement.origins)
        return _SOMEWHERE if elsewhere else _IT
    named = (
        term
        for term in statement.terms
        if term.name and lexicon.names[f"={term.name}"].kind in _PLACES and not term.low.endswith(ADJECTIVES)
    )
    if within:
        return _IT if places else _NOT_IT
    there = {f"={term.name}" for term in named} - asked - statement.speakers
    return _PERHAPS_THERE if there else _NOT_IT


def _counted(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact tells how many there are of what is asked for."""
    if any(term.meanings & lexicon.money for term in question.terms):
        return _IT if statement.sums else _NOT_IT
    if is_counted(question.counted, statement.counts, lexicon):
        return _IT
    if not question.counted.things and len(statement.named(_A_PERSON, lexicon) - statement.speakers) > 1:
        return _LISTED
    return _OF_ANOTHER if statement.counts.any else _NOT_IT


def _only_counted(question: Question, statement: Statement) -> bool:
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


def _frame(question: Question, lexicon: Lexicon) -> set[str]:
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


def _dated(question: Question, statement: Statement) -> float:
    """How well a fact tells when something was."""
    date = statement.fact.date
    if date.first is None or statement.fact.kind == "background":
        if question.since and _SINCE.search(statement.fact.says):
            return _IT
        return _UNDATED if statement.numbers else _NOT_IT
    if question.exact and date.last and (date.last - date.first).days > _A_MONTH:
        return _NOT_IT
    return _IT if (statement.fact.kind == "plan") == question.planned else _OTHERWISE_DATED
