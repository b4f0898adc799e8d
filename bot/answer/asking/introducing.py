"""Who or what somebody or something is, by the facts that tell it; and who heads what."""

import re

from bot.answer.asking.answer import Answer
from bot.answer.asking.finding import Finder
from bot.answer.asking.lexicon import Term
from bot.answer.asking.question import Question
from bot.model import Name

_MOST = 2  # facts
_WHO_IS = r"(?:who|what)s? (?:is|was|are|were|the)\b"


def introduced(question: Question, finder: Finder) -> Answer | None:
    """`who is X`, `what is X`: the facts that tell it."""
    telling = question.telling
    if len(telling) != 1 or not telling[0].name or telling[0].genitive or question.times:
        return None
    # Whoever is described, as "who leads the team", is asked for by what is told of them.
    if not (question.kind == "who" and _is_described(telling[0])) and not re.match(_WHO_IS, question.low):
        return None
    return _told_of(finder.lexicon.names[f"={telling[0].name}"], finder)


def _is_described(term: Term) -> bool:
    """Whether a name is meant by other words than its own."""
    return not {*term.name.lower().split()} & {*term.low.split()}


def leader(question: Question, finder: Finder) -> Answer | None:
    """`who heads X`: who is of it, and is told to lead."""
    asked = [
        term
        for term in question.terms
        if not term.name and (not term.light or term.meanings & finder.lexicon.heads)
    ]
    named = [term for term in question.telling if term.name]
    if question.kind != "who" or len(named) != 1 or not asked:
        return None
    if not all(term.meanings & finder.lexicon.heads for term in asked):
        return None
    found = (
        name
        for name in finder.lexicon.names.values()
        if name.kind == "person" and named[0].name in name.part_of and _leads(name, finder)
    )
    leads = next(found, None)
    return _told_of(leads, finder) if leads else None


def _leads(name: Name, finder: Finder) -> bool:
    """Whether somebody is called by a word for who leads."""
    words = (word for text in name.also for word in text.split())
    return any(term.meanings & finder.lexicon.heads for word in words for term in finder.lexicon.terms(word))


def _told_of(name: Name, finder: Finder) -> Answer | None:
    """The facts that tell who or what something is: what stands before what was overturned."""
    facts = finder.facts(name.introduced)
    over = finder.overturned(list(facts.values()))
    found = sorted((facts[one] for one in name.introduced if one in facts), key=lambda one: one.id in over)
    return Answer(tuple(found[:_MOST])) if found else None
