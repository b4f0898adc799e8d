"""How things stand: as the newest briefing begins, and by what was told last."""

import re
from datetime import date

from bot.answer.asking.answers.answer import AS_GOOD, MOST_FACTS, Answer
from bot.answer.asking.answers.finding import ENOUGH, Finder, current
from bot.answer.asking.holding.dating import in_time
from bot.answer.asking.holding.matching import Match
from bot.answer.asking.holding.nearness import TOLD
from bot.answer.asking.language.lexicon import Term
from bot.answer.asking.language.words import listed
from bot.answer.asking.reading.kinds import how_far
from bot.answer.asking.reading.question import Question
from bot.model import Sentence

_LOOKED_AT = 12  # facts, of those that tell most
_BESIDE_THE_LEAD = 2  # facts
_OVER = listed("dead over off cancelled canceled finished doomed done scrapped history ended terminated")
_GOING_ON = listed("alive on ahead happening")
_AN_END = _OVER | _GOING_ON
_A_FATE = r"\b(?:(?:became|become) of|happen(?:ed|s|ing)? (?:to|with)|fate of)\b"
_MORE = 0.06
_EARLY = 4  # words: what a fact names within so many it is about
_DEEDS = frozenset(("event", "statement"))


def how_it_stands(question: Question, finder: Finder) -> Answer | None:
    """Answers `what is the state of it`, `is it over`, `will it ever come`."""
    enough = [one for one in finder.matches(question) if one.covers >= ENOUGH]
    of_then = [one for one in enough if all(in_time(time, one.statement) == 1 for time in question.times)]
    telling = current(finder, (of_then or enough)[:_LOOKED_AT])
    # How far something has come, or what happened in a time, is not told by how it stands now.
    within = any(time.bound != "as of" for time in question.times)
    lead = None if within or how_far(question.low) else lead_about(question, finder)
    if lead is None and question.whether and question.telling:
        return None  # it is yes or no, by what was told of it
    if lead is None and not telling:
        return None
    best = [one for one in telling if one.covers >= telling[0].covers - _less(question, one, finder)]
    best.sort(key=lambda one: _tells_the_state(question, one, finder), reverse=True)
    chosen = tuple(one.statement.fact for one in best[: _BESIDE_THE_LEAD if lead else MOST_FACTS])
    return Answer(chosen, verdict=_ended(question, lead, finder) if lead else "", lead=lead)


def _less(question: Question, match: Match, finder: Finder) -> float:
    """How much less a fact may tell than the best: more, where it tells that something goes on, or ended."""
    return 2 * AS_GOOD + (_MORE if _tells_the_state(question, match, finder)[0] else 0)


def _tells_the_state(question: Question, match: Match, finder: Finder) -> tuple[object, ...]:
    """How well a fact tells how something stands: the greater, the better."""
    statement, lexicon = match.statement, finder.lexicon
    fact = statement.fact
    asked: tuple[bool, ...]
    if how_far(question.low):
        far = {meaning for term in lexicon.terms("progress") for meaning in term.meanings}
        asked = (any(lexicon.nearness(one, told) for one in far for told in statement.told),)
    elif re.search(_A_FATE, question.low):
        # What became of something is what happened to it, and is told of it.
        asked = (_is_about(question.telling, match), fact.kind in _DEEDS)
    else:
        # It goes on, or it does not.
        told = {meaning for term in statement.terms for meaning in term.meanings}
        asked = (bool(told & (lexicon.ending | lexicon.going)),)
    # The state is what was told last, and by whoever reports it before those who have a part in it.
    return (*asked, fact.known_on, fact.date.first or date.min, not fact.speaker, match.score)


def _is_about(terms: tuple[Term, ...], match: Match) -> bool:
    """Whether a fact begins with what is asked about."""
    asked = {meaning for term in terms for meaning in term.meanings}
    return any(term.at < _EARLY and term.meanings & asked for term in match.statement.terms)


def lead_about(question: Question, finder: Finder) -> Sentence | None:
    """How the newest briefing begins, where that tells of all that is asked about."""
    lead = next(iter(finder.lead()), None)
    if lead is None:
        return None
    told = _meanings(lead, finder)
    if question.telling and not any(term.name or term.meanings & told for term in question.telling):
        return None  # nothing that it tells is asked about
    low = [word.low for word in question.words]
    # "Dead or only sleeping": of the two, one is enough.
    either = low.index("or") if "or" in low and _AN_END & {*low[: low.index("or")]} else len(low)
    telling = [
        term
        for term in question.telling
        if term.name
        or not (
            term.at > either or question.later or _AN_END & {*term.low.split()} or _describes(term, question)
        )
    ]
    return lead if all(_is_told(term, told, finder) for term in telling) else None


def _is_told(term: Term, told: set[str], finder: Finder) -> bool:
    """Whether the lead tells a term; what somebody's country did is told of them as well."""
    if term.meanings & told:
        return True
    acting = term.name and finder.lexicon.names[f"={term.name}"].kind == "body"
    return bool(acting) and any(
        finder.lexicon.nearness(one, other) >= TOLD for one in term.meanings for other in told
    )


def _describes(term: Term, question: Question) -> bool:
    """Whether a term only describes the name behind it: "the joint mission"."""
    return not term.genitive and any(
        other.name and other.at == term.at + term.size for other in question.telling
    )


def _ended(question: Question, lead: Sentence, finder: Finder) -> str:
    """Whether something is over, where the newest briefing begins with its end."""
    words = {*question.low.split()}
    if " or " in question.low:
        return ""  # "is it dead or alive"
    if not question.whether or question.later or not _meanings(lead, finder) & finder.lexicon.ending:
        return ""
    if words & _OVER:
        return "No" if question.negated else "Yes"
    return "No" if words & _GOING_ON and not question.negated else ""


def _meanings(lead: Sentence, finder: Finder) -> set[str]:
    return {meaning for term in finder.lexicon.terms(lead.text) for meaning in term.meanings}
