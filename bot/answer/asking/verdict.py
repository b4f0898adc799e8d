"""Yes or no, where a fact decides."""

from bot.answer.asking.lexicon import Lexicon
from bot.answer.asking.matching import TOLD, Match
from bot.answer.asking.question import Question

_SURE = 0.52  # so much of what is asked a fact has to tell that decides


def verdict(question: Question, match: Match, lexicon: Lexicon, *, overturned: bool) -> str:
    """`Yes`, `No`, or nothing where the fact does not decide."""
    statement = match.statement
    if match.covers < _SURE or match.apart or match.blurred:
        return ""
    if overturned and (question.now or not question.past):
        return ""
    if statement.unreal and not question.planned and not question.speaks:
        return ""
    # What is denied in other words, and by a word for the contrary, is denied once.
    against = _denied(question, match, lexicon) or match.flipped
    return "No" if against != question.negated else "Yes"


def _denied(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact denies something of what is asked."""
    told = [term for term in match.statement.terms if term.at in match.statement.negated and not term.name]
    asked = {meaning for term in question.terms if not term.name for meaning in term.meanings}
    return any(lexicon.nearness(one, other) >= TOLD for one in asked for term in told for other in term.meanings)
