"""Yes or no, where a fact decides."""

import re

from bot.answer.asking.lexicon import Lexicon
from bot.answer.asking.matching import Match
from bot.answer.asking.nearness import TOLD
from bot.answer.asking.question import Question

_SURE = 0.7  # so much of what is asked a fact has to tell that decides
_LITTLE = 0.65  # and so much may tell, at most, what it leaves out
_PERHAPS = re.compile(
    r"\b(?:if|order\w*|sought|seek|threat\w*|meant|planned|(?:was|were) to|call(?:ed|s) for|suggest\w*"
    r"|offer\w*|asks? whether)\b"
)


def verdict(question: Question, match: Match, lexicon: Lexicon, *, overturned: bool) -> str:
    """`Yes`, `No`, or nothing where the fact does not decide."""
    statement = match.statement
    if (
        match.covers < _SURE
        or any(not term.name for term in match.missing)
        or match.worst > _LITTLE
        or match.apart
        or match.blurred
    ):
        return ""
    if leaves_open(question, statement.fact.says, lexicon):
        return ""  # an order, a wish, a condition: what came of it is not told
    if not question.speaks and _other_end(question, match, lexicon):
        return ""
    if overturned and (question.now or not question.past):
        return ""
    if not _done_by_them(question, match, lexicon) or _only_intended(question, match, lexicon):
        return ""
    if statement.unreal and not question.planned and not question.speaks:
        return ""
    if not any(not term.name and not term.light and term not in match.missing for term in question.terms):
        return ""  # that two names stand in one fact decides nothing
    # What is denied in other words, and by a word for the contrary, is denied once.
    against = _denied(question, match, lexicon) or match.flipped
    return "No" if against != question.negated else "Yes"


def leaves_open(question: Question, says: str, lexicon: Lexicon) -> bool:
    """Whether a fact tells an order, a wish or a condition that is not itself asked for."""
    return any(not lexicon.means(found[0], question.terms) for found in _PERHAPS.finditer(says))


def _denied(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact denies something of what is asked."""
    told = [term for term in match.statement.terms if term.at in match.statement.negated and not term.name]
    asked = {meaning for term in question.terms if not term.name for meaning in term.meanings}
    return any(
        lexicon.nearness(one, other) >= TOLD for one in asked for term in told for other in term.meanings
    )


def _done_by_them(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells that those do it who are asked about."""
    for at, actor in question.actors:
        term = next((one for one in question.terms if one.at == at), None)
        if term is None or term.light:
            continue
        theirs = [
            who
            for told in match.statement.terms
            if (who := match.statement.actors.get(told.at))
            and (
                _alike(term.meanings, told.meanings, lexicon) or lexicon.opposed(term.meanings, told.meanings)
            )
        ]
        if not any(lexicon.nearness(actor, who) or lexicon.nearness(who, actor) for who in theirs):
            return False
    return True


def _only_intended(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether something that is asked is told only as what was to be done."""
    if question.planned or question.speaks:
        return False
    for term in question.telling:
        told = [one for one in match.statement.terms if _alike(term.meanings, one.meanings, lexicon)]
        if not term.name and told and all(one.at in match.statement.intended for one in told):
            return True
    return False


def _alike(asked: frozenset[str], told: frozenset[str], lexicon: Lexicon) -> bool:
    return any(lexicon.nearness(one, other) >= TOLD for one in asked for other in told)


def _other_end(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells of an end, or a delay, that is not asked for: what was put off did not begin."""
    asked = {meaning for term in question.terms for meaning in term.meanings}
    told = {meaning for term in match.statement.terms for meaning in term.meanings}
    return not match.flipped and bool(told & lexicon.ending) and not asked & (lexicon.ending | lexicon.going)
