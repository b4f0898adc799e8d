"""An answer, or that there is none, as a reply."""

from collections.abc import Mapping, Sequence

from bot.answer.asking.answers.answer import Answer
from bot.answer.asking.holding.matching import Match
from bot.answer.asking.reading.premise import premise
from bot.answer.asking.reading.question import Question
from bot.reply import Line, Section
from bot.store.shelf import Link
from bot.wording import fact_line

MOST_NEAR = 3


def told(
    found: Answer, overturned: Mapping[str, Sequence[Link]], amended: Mapping[str, str]
) -> tuple[Section, ...]:
    """The sections of an answer: what answers first stands first."""
    lines = [
        fact_line(fact, overturned=overturned.get(fact.id, ()), amended=amended.get(fact.id, ""))
        for fact in found.facts
    ]
    for at, word in enumerate(found.before[: len(lines)]):
        lines[at] = lines[at]._replace(text=f"{word[:1].upper()}{word[1:]}: {lines[at].text}")
    if found.lead:
        lines.insert(0, Line(found.lead.text, found.lead.facts))
    if found.verdict and lines:
        first = lines[0]
        lines[0] = first._replace(text=f"{found.verdict}. {first.text}")
    if found.span:
        ids = tuple(fact.id for fact in found.facts)
        lines.insert(0, Line(found.span.told, ids))
    return (Section("", tuple(lines)),)


def declined(question: Question, matches: Sequence[Match]) -> tuple[Section, ...]:
    """That nothing answers it, and what is nearest to an answer."""
    best = matches[0] if matches else None
    known = best and any(term.name or term not in best.missing for term in question.telling)
    if not known:
        return (Section("", (Line("That is not about this story, as far as its sources go."),)),)
    # Said only where all that is near tells of others, or of something else that was done.
    words = premise(question) if all(one.apart or one.blurred for one in matches[:MOST_NEAR]) else ""
    text = f"No source says that {words}." if words else "The corpus does not say."
    near = tuple(fact_line(one.statement.fact) for one in matches[:MOST_NEAR])
    return (Section("", (Line(text),)), Section("Nearest to it, though no answer", near))
