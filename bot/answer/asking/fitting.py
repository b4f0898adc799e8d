"""Whether a fact is of the kind that a question wants: a day, a number, a reason, somebody's name."""

from bot.answer.asking.lexicon import Lexicon
from bot.answer.asking.question import Question
from bot.answer.asking.statement import Statement
from bot.answer.asking.wanting import CRAFT

UNFIT = -0.5  # below it, a fact does not answer at all
_A_MONTH = 31  # days


def fit(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact is of the kind that is wanted: -1 to 1; below UNFIT it does not answer at all."""
    if question.wanted:
        return 1.0 if _names_one(question, statement, lexicon) else -1.0
    fact = statement.fact
    match question.kind:
        case "when":
            return _dated(question, statement)
        case "why":
            return 1.0 if statement.causal else -0.6
        case "how many":
            paid = any(term.meanings & lexicon.money for term in question.terms)
            return 1.0 if (statement.sums if paid else statement.counts) else -1.0
        case "how long":
            return 0.3 if statement.lasts else -1.0
        case "quote":
            return 0.7 if fact.speaker else -0.3
        case "whether" | "status" | "change":
            return 0.4 if fact.kind in {"event", "statement"} else 0.0
        case _:
            return 0.2 if fact.kind != "background" else 0.0


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
        return -0.3 if statement.numbers else -1.0
    if question.exact and date.last and (date.last - date.first).days > _A_MONTH:
        return -1.0
    return 1.0 if (statement.fact.kind == "plan") == question.planned else 0.2
