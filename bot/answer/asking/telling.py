"""An answer, or that there is none, as a reply."""

from collections.abc import Mapping, Sequence

from bot.answer.asking.answering import Answer
from bot.answer.asking.finding import ABOUT
from bot.answer.asking.matching import Match
from bot.answer.asking.premise import premise
from bot.answer.asking.question import Question
from bot.reply import Line, Section
from bot.store.shelf import Link
from bot.wording import fact_line

MOST_NEAR = 3


def told(found: Answer, overturned: Mapping[str, Sequence[Link]]) -> tuple[Section, ...]:
    """The sections of an answer: what answers first stands first."""
    lines = [fact_line(fact, overturned=overturned.get(fact.id, ())) for fact in found.facts]
    for at, word in enumerate(found.before[: len(lines)]):
        lines[at] = lines[at]._replace(text=f"{word[:1].upper()}{word[1:]}: {lines[at].text}")
    if found.verdict and lines:
        lines[0] = lines[0]._replace(text=f"{found.verdict}. {lines[0].text}")
    if found.lead:
        lines.insert(0, Line(found.lead.text, found.lead.facts))
    if found.span:
        ids = tuple(fact.id for fact in found.facts)
        lines.insert(0, Line(found.span.told, ids))
    return (Section("", tuple(lines)),)


def declined(question: Question, matches: Sequence[Match]) -> tuple[Section, ...]:
    """That nothing answers it, and what is nearest to an answer."""
    if not matches or matches[0].covers < ABOUT or not any(term.name or not term.light for term in question.terms):
        return (Section("", (Line("That is not about this story, as far as its sources go."),)),)
    words = premise(question)
    text = f"No source says that {words}." if words else "The corpus does not say."
    near = tuple(fact_line(one.statement.fact) for one in matches[:MOST_NEAR])
    return (Section("", (Line(text),)), Section("Nearest to it, though no answer", near))
