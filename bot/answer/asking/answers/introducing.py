"""Who or what somebody or something is, by the facts that tell it; and who heads what."""

import re

from bot.answer.asking.answers.answer import Answer
from bot.answer.asking.answers.finding import Finder
from bot.answer.asking.language.lexicon import Term
from bot.answer.asking.language.words import listed
from bot.answer.asking.reading.question import Question
from bot.model import Name

_MOST = 2  # facts
_SOMEBODY = frozenset(("person", "body", "country"))  # kinds of names
_WHO_IS = re.compile(
    r"^(?:and |so )?(?:who|what)s? (?:exactly |really |even |on earth |the \w+ )?(?:is|was|are|were|the)\b"
    r"|^(?:tell (?:me|us) )?(?:more )?about\b|\bwh(?:o|at) (?:is|was|are|were) (?:that|this|it|he|she|they)$"
    r"|^what (?:do|can) (?:we|you|i) (?:know|tell (?:me|us)|say) (?:about|of)\b|^what is known (?:about|of)\b"
)
# What a name means or is short for, and what something is there for.
_MEANS = re.compile(
    r"\b(?:what|wat) (?:does|do|did) .+ (?:mean|means|stand for|stands for)$|^what means\b"
    r"|\b(?:meaning|full form|full name|long form|long name) of\b|\bstands? for what\b"
    r"|\b(?:short|an abbreviation|an acronym|the abbreviation|the acronym|standing) (?:for|of)$"
    r"|\bwhat (?:does|do) .+ do(?: for a living)?$"
    r"|\bwhat (?:is|are) .+ (?:for|there for|used for|good for)$"
)
_MEANING = listed(
    "mean means meaning stand stands short abbreviation acronym full long form name for do used good"
)


def introduced(question: Question, finder: Finder) -> Answer | None:
    """`who is X`, `what is X`: the facts that tell it."""
    means = _MEANS.search(question.low) is not None
    telling = [term for term in question.telling if not (means and {*term.low.split()} <= _MEANING)]
    if len(telling) != 1 or not telling[0].name or telling[0].genitive or (question.times and not means):
        return None
    # Whoever is described, as "who leads the team", is asked for by what is told of them.
    described = question.kind == "who" and _is_described(telling[0])
    if not described and not means and not _WHO_IS.search(question.low):
        return None
    name = finder.lexicon.names[f"={telling[0].name}"]
    if question.kind == "who" and name.kind not in _SOMEBODY:
        return None  # whom a thing is called after is another matter
    return _told_of(name, finder)


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
