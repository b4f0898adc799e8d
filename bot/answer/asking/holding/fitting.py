"""Whether a fact is of the kind that a question wants: a day, a number, a reason, somebody's name."""

import re

from bot.answer.asking.holding.names import frame, is_called, names_one, only_counted
from bot.answer.asking.holding.nearness import alike
from bot.answer.asking.holding.statement import Statement, until_it_begins
from bot.answer.asking.language.lexicon import Lexicon
from bot.answer.asking.reading.actors import ADJECTIVES
from bot.answer.asking.reading.counting import is_counted
from bot.answer.asking.reading.question import Question
from bot.answer.asking.reading.wanting import measured

UNFIT = -0.5  # below it, a fact does not answer at all
_PLACES = frozenset(("place", "country"))
_A_PERSON = frozenset(("person",))
_QUOTES = frozenset('"“”«»')
_SINCE = re.compile(r"\b(?:since|from) (?:\w+ )?(?:19|20)\d\d\b")
_A_MONTH = 31  # days; what is dated by more does not tell a day

_SUBJECT = 3  # words: a name within so many is that of whom it is asked

# What something is there for, and what tells that.
_FOR_WHAT = re.compile(
    r"\b(?:supposed|meant|intended|designed|there|built|sent) to (?:do|find|achieve|accomplish)\b"
    r"|\b(?:point|purposes?|goals?|aims?|objectives?|mission|task|job) (?:of|behind)\b"
    r"|\b(?:goal|aim|objective|purpose|task)s?$"
    r"|\bwhat (?:is|was|are|were) .* (?:for|good for|looking for|going to do|to do|after)$"
)
_TO_DO = re.compile(
    r"\b(?:aims?|aimed|goals?|purposes?|objectives?|tasks?|(?:meant|intended|designed|built|sent|there) to"
    r"|in order to|(?:look|search)(?:s|ed|ing)? for"
    r"|to (?:look|search|study|find|explore|examine|learn|understand|help|test|show|measure))\b",
    re.IGNORECASE,
)
# The first of several plans says so.
_ORIGINALLY = re.compile(r"\b(?:original\w*|initial\w*|at first|in the beginning)\b")
_AT_FIRST = re.compile(
    r"\b(?:original\w*|initial\w*|first (?:\w+ )?(?:scheduled|planned|meant|set|due)|at first)\b"
)

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
    match question.kind:
        case "when":
            return _dated(question, statement)
        case "why":
            return _reasoned(question, statement, lexicon)
        case "how many":
            return _counted(question, statement, lexicon)
        case "how long":
            return _lasting(question, statement, lexicon)
        case "quote":
            return _said(question, statement)
        case _:
            return _at_large(question, statement)


def _at_large(question: Question, statement: Statement) -> float:
    """How well a fact is of a kind, where neither a name nor a day, a reason nor a number is wanted."""
    fact = statement.fact
    match question.kind:
        case "what" if _FOR_WHAT.search(question.low):
            return _IT if _TO_DO.search(fact.says) else _UNQUOTED
        case "whether" if not question.focus and fact.kind == "background":
            return _HAPPENED  # it is asked what something is, and not what was done
        case "whether" | "status" | "change":
            return _HAPPENED if fact.kind in {"event", "statement"} else 0.0
        case _:
            return _FOREGROUND if fact.kind != "background" else 0.0


def _leaves_out(question: Question, statement: Statement) -> bool:
    """Whether a fact leaves out the very thing: how much it weighs, or which leaders."""
    unmeasured = measured(question.low) and not (statement.counts.any or statement.sums)
    return unmeasured or only_counted(question, statement)


def _named(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact names what is wanted."""
    if question.kind == "where":
        return _where(question, statement, lexicon)
    if not names_one(question, statement, lexicon):
        return _NOT_IT
    # Who told of a deed is told by whose words it is; not by who did it.
    return _IT if statement.fact.speaker or not question.tells else _UNQUOTED


def _reasoned(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact tells why something was."""
    if not statement.causal:
        return _GROUNDLESS
    return _NOT_IT if _is_reason(question, statement, lexicon) else _IT


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


def _is_reason(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether what was done is told as the reason of something else: "closed because of the flood"."""
    told = [
        one.at
        for term in question.telling
        if not term.name
        for one in statement.terms
        if alike(term.meanings, one.meanings, lexicon)
    ]
    if told and statement.causing.issuperset(told):
        return True
    # "Why did the mill close" is not told by what was closed because of the mill.
    first = next((term for term in question.telling if term.name), None)
    if first is None or first.at > _SUBJECT:
        return False
    named = [one.at for one in statement.terms if one.meanings & first.meanings]
    return bool(named) and statement.causing.issuperset(named)


def _where(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact tells where something is, or was said."""
    asked = {meaning for term in question.terms if is_called(term, lexicon) for meaning in term.meanings}
    places = {
        meaning
        for meaning in statement.located - asked
        if meaning in lexicon.names and lexicon.names[meaning].kind in question.wanted
    }
    if within := frame(question, lexicon):
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


def _dated(question: Question, statement: Statement) -> float:
    """How well a fact tells when something was."""
    date = statement.fact.date
    if date.first is None or statement.fact.kind == "background":
        if question.since and _SINCE.search(statement.fact.says):
            return _IT
        return _UNDATED if statement.numbers else _NOT_IT
    if question.exact and date.last and (date.last - date.first).days > _A_MONTH:
        return _NOT_IT
    if question.planned and _ORIGINALLY.search(question.low):
        return _IT if _AT_FIRST.search(statement.fact.says) else _GROUNDLESS
    return _IT if (statement.fact.kind == "plan") == question.planned else _OTHERWISE_DATED
