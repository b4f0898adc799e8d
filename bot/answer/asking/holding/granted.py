"""What a question takes for granted, and a fact tells otherwise: that it came, that it is said of a part."""

import re

from bot.answer.asking.holding.nearness import alike
from bot.answer.asking.holding.statement import BY_TAG, Statement
from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.language.words import listed
from bot.answer.asking.reading.question import Question
from bot.answer.asking.reading.wanting import CRAFT

_OF_WHAT_CAME = frozenset(("when", "where"))
_ANEW = listed("new another replacement")
_NO_CRAFT = listed("date year time day month plan schedule target")  # "the new date" is told by the date
_DID = listed("did do does have has")
_LEADING = 6  # words: who says something stands among the first of a fact
_SAID_TO = 2  # the place of the noun of "what did the crew say"
_WHERE_WAS = re.compile(r"^where (?:is|was|are|were) (?:\w+ ){1,3}?(?:when|while|as|at the time)\b")
_MAY_BE = re.compile(r"\b(?:will|would|could|may|might|future|plans?|planned|look(?:s|ed|ing)?)\b")
_TO_COME_OF = re.compile(r"^what (?:will|is going to|would|does|is gonna) .*\bhappens? (?:to|with)\b")


def never_came(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells that what is taken to have come, or to come, was called off."""
    if question.negated or not (question.kind in _OF_WHAT_CAME or question.wanted == CRAFT):
        return False
    asked = {meaning for term in question.telling for meaning in term.meanings}
    if asked & (lexicon.ending | lexicon.final | lexicon.going) or question.tells:
        return False
    deeds = [term for term in question.telling if term.at in question.focus]
    told = [
        one
        for one in statement.terms
        if one.meanings & lexicon.final and one.at not in statement.negated | statement.causing
    ]
    return bool(told) and any(
        alike(term.meanings, one.meanings, lexicon)
        for term in deeds
        for one in statement.terms
        if not one.meanings & lexicon.final
    )


def only_of_the_whole(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a deed is asked of a craft, and a fact tells only of that to which the craft belongs.

    What has ended for the whole has ended for a part; but who built, paid for or moved it is told of each.
    """
    deeds = [term for term in question.telling if term.at in question.focus and not term.name]
    if question.kind not in {"who", "when"} or not deeds:
        return False
    parts = {f"={term.name}" for term in question.telling if _is_a_part(term, statement, lexicon)}
    if {"did", "does", "will"} & {*question.low.split()} and any(one in parts for _, one in question.actors):
        return True  # what it does itself the whole does not do
    said = lexicon.ending | lexicon.going | lexicon.final
    return bool(parts) and not any(term.meanings & said for term in deeds)


def _is_a_part(term: Term, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a term names a craft, and a fact names neither that nor a part of it."""
    if not term.name or lexicon.names[f"={term.name}"].kind != "craft":
        return False
    named = {f"={term.name}", *lexicon.beneath.get(f"={term.name}", ())}
    return not any(statement.told.get(one, 0.0) > BY_TAG for one in named | term.meanings)


def of_a_new_one(question: Question, statement: Statement) -> bool:
    """Whether another is asked for than there was, "the new boat", and a fact tells of none that is new."""
    if question.kind not in {"who", "when"}:
        return False
    low = question.low.split()
    asked = any(
        one in _ANEW and not {*low[at + 1 : at + 3]} & _NO_CRAFT and "as" not in low[max(0, at - 2) : at]
        for at, one in enumerate(low)
    )
    return asked and not re.search(r"\b(?:new|other|another|alternative|replac\w+)\b", statement.fact.says)


def said_by_others(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether it is asked what some said who have no name, "the sailors", and a fact tells it of another."""
    low = [word.low for word in question.words]
    if question.kind != "quote" or low[:1] != ["what"] or not {*low[1:2]} & _DID:
        return False
    first = next((term for term in question.terms if term.at == _SAID_TO + ("the" in low[2:3])), None)
    if first is None or first.name or first.light or not first.low.endswith("s"):
        return False
    if not any(one in lexicon.names and lexicon.names[one].kind == "person" for one in statement.speakers):
        return False
    told = [one for one in statement.terms if alike(first.meanings, one.meanings, lexicon)]
    return all(one.at > _LEADING for one in told)


def where_somebody_was(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether it is asked where somebody was at the time, and a fact names no place for it."""
    if question.kind != "where" or not _WHERE_WAS.search(question.low):
        return False
    return not any(
        one in lexicon.names and lexicon.names[one].kind in {"place", "country"} for one in statement.located
    )


def of_what_is_to_come(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether it is asked what will become of something, and a fact tells what it had been before."""
    if not _TO_COME_OF.search(question.low):
        return False
    if statement.fact.kind in {"background", "plan"}:
        return True
    told = lexicon.ending | lexicon.going
    return not any(term.meanings & told for term in statement.terms) and not _MAY_BE.search(
        statement.fact.says
    )
