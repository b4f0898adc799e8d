"""How things stand: as the newest briefing begins, and by what was told last."""

from bot.answer.asking.answer import AS_GOOD, MOST_FACTS, Answer
from bot.answer.asking.finding import ENOUGH, Finder, current
from bot.answer.asking.question import Question
from bot.answer.asking.words import listed
from bot.model import Sentence

_LOOKED_AT = 12  # facts, of those that tell most
_BESIDE_THE_LEAD = 2  # facts
_OVER = listed("dead over off cancelled canceled finished doomed done scrapped history ended terminated")
_GOING_ON = listed("alive on ahead happening")
_AN_END = _OVER | _GOING_ON


def how_it_stands(question: Question, finder: Finder) -> Answer | None:
    """Answers `what is the state of it`, `is it over`, `will it ever come`."""
    enough = [one for one in finder.matches(question) if one.covers >= ENOUGH]
    telling = current(finder, enough[:_LOOKED_AT])
    lead = lead_about(question, finder)
    if lead is None and not telling:
        return None
    best = [one for one in telling if one.covers >= telling[0].covers - 2 * AS_GOOD]
    # The state is what was told last, and by whoever reports it before those who have a part in it.
    best.sort(
        key=lambda one: (one.statement.fact.known_on, not one.statement.fact.speaker, one.score), reverse=True
    )
    chosen = tuple(one.statement.fact for one in best[: _BESIDE_THE_LEAD if lead else MOST_FACTS])
    return Answer(chosen, verdict=_ended(question, lead, finder) if lead else "", lead=lead)


def lead_about(question: Question, finder: Finder) -> Sentence | None:
    """How the newest briefing begins, where that tells of all that is asked about."""
    lead = next(iter(finder.lead()), None)
    if lead is None:
        return None
    told = _meanings(lead, finder)
    if question.telling and not any(term.name or term.meanings & told for term in question.telling):
        return None  # nothing that it tells is asked about
    telling = [
        term
        for term in question.telling
        if term.name or not (question.later or _AN_END & {*term.low.split()})
    ]
    return lead if all(term.meanings & told for term in telling) else None


def _ended(question: Question, lead: Sentence, finder: Finder) -> str:
    """Whether something is over, where the newest briefing begins with its end."""
    words = {*question.low.split()}
    if not question.whether or question.later or not _meanings(lead, finder) & finder.lexicon.ending:
        return ""
    if words & _OVER:
        return "No" if question.negated else "Yes"
    return "No" if words & _GOING_ON and not question.negated else ""


def _meanings(lead: Sentence, finder: Finder) -> set[str]:
    return {meaning for term in finder.lexicon.terms(lead.text) for meaning in term.meanings}
