"""The answer to a question: the facts that answer it, and in which order; None where there are none."""

from bot.answer.asking.answers.answer import Answer
from bot.answer.asking.answers.changing import changed, names_two_times, then_and_then
from bot.answer.asking.answers.finding import Finder
from bot.answer.asking.answers.introducing import introduced, leader
from bot.answer.asking.answers.lasting import how_long
from bot.answer.asking.answers.ordering import in_order, tells_the_order
from bot.answer.asking.answers.plainly import plainly
from bot.answer.asking.answers.standing import how_it_stands
from bot.answer.asking.reading.question import Question


def answer(question: Question, finder: Finder) -> Answer | None:
    """Answers a question, or not: by what is made for its kind, and else plainly."""
    return (
        _by_its_kind(question, finder)
        or introduced(question, finder)
        or leader(question, finder)
        or _plainly(question, finder)
    )


def _plainly(question: Question, finder: Finder) -> Answer | None:
    """Answers plainly; that something was is no yes where it is asked whether it was before another."""
    found = plainly(question, finder)
    if found and question.kind == "change":
        return found._replace(verdict="")  # that it is told of is no yes where it is asked whether it changed
    if found and question.kind == "order" and not tells_the_order(question, finder):
        return found._replace(verdict="")
    return found


def _by_its_kind(question: Question, finder: Finder) -> Answer | None:
    match question.kind:
        case "how long":
            return how_long(question, finder)
        case "order":
            return in_order(question, finder)
        case "change":
            return changed(question, finder)
        case "status":
            return how_it_stands(question, finder)
        case "quote" | "what" if names_two_times(question):
            return then_and_then(question, finder)
        case _:
            return None
