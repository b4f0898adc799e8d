"""Whether a fact is of the kind that a question wants: a day, a number, a reason, somebody's name."""

import re

from bot.answer.asking.lexicon import Lexicon
from bot.answer.asking.question import Question
from bot.answer.asking.statement import Statement, until_it_begins
from bot.answer.asking.wanting import CRAFT

UNFIT = -0.5  # below it, a fact does not answer at all
_A_MONTH = 31  # days; what is dated by more does not tell a day

# How well a fact is of a kind, where it either is what is asked for or is not,
_IT, _NOT_IT = 1.0, -1.0
_GROUNDLESS = -0.6  # what gives no reason may still be all that is told
# and where it only may be.
_QUOTED, _UNQUOTED = 0.7, -0.3  # somebody said it; the words of a report are seldom asked for
_HAPPENED = 0.4  # an event or a statement, before plans and background
_FOREGROUND = 0.2  # anything but background
_LASTING = 0.3  # it names a time, though perhaps of something else
_UNDATED = -0.3  # it has numbers, which may be a date
_OTHERWISE_DATED = 0.2  # a plan, where it is asked what was; what was, where a plan is asked for
# What goes on, or went on until something else came: for how long is told by when it began.
_GOING_ON = re.compile(
    r"\b(?:how (?:long|many \w+|much time) (?:has|have|had|they|she|he|it|we)|since how|been)\b"
    r"|\bhow (?:long|many \w+) (?:is|are) .*ing\b"
)


def fit(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact is of the kind that is wanted: -1 to 1; below UNFIT it does not answer at all."""
    if question.wanted:
        return _IT if _names_one(question, statement, lexicon) else _NOT_IT
    fact = statement.fact
    match question.kind:
        case "when":
            return _dated(question, statement)
        case "why":
            return _IT if statement.causal else _GROUNDLESS
        case "how many":
            paid = any(term.meanings & lexicon.money for term in question.terms)
            return _IT if (statement.sums if paid else statement.counts) else _NOT_IT
        case "how long":
            return _LASTING if statement.lasts or _began(question, statement, lexicon) else _NOT_IT
        case "quote":
            return _QUOTED if fact.speaker else _UNQUOTED
        case "whether" if not question.focus and fact.kind == "background":
            return _HAPPENED  # it is asked what something is, and not what was done
        case "whether" | "status" | "change":
            return _HAPPENED if fact.kind in {"event", "statement"} else 0.0
        case _:
            return _FOREGROUND if fact.kind != "background" else 0.0


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
    if question.wanted != CRAFT:
        # Whom a description means, as "the head of the team", is not named by it.
        called = (
            term
            for term in question.terms
            if not term.light and {*term.name.lower().split()} & {*term.low.split()}
        )
        named -= {meaning for term in called for meaning in term.meanings}
    return bool(named if question.kind == "who" else named - statement.speakers)


def _dated(question: Question, statement: Statement) -> float:
    """How well a fact tells when something was."""
    date = statement.fact.date
    if date.first is None or statement.fact.kind == "background":
        return _UNDATED if statement.numbers else _NOT_IT
    if question.exact and date.last and (date.last - date.first).days > _A_MONTH:
        return _NOT_IT
    return _IT if (statement.fact.kind == "plan") == question.planned else _OTHERWISE_DATED
