"""Yes or no, where a fact decides."""

import re

from bot.answer.asking.lexicon import Lexicon, Term
from bot.answer.asking.matching import Match
from bot.answer.asking.nearness import ITS_END, TOLD, contraries, near
from bot.answer.asking.question import Question
from bot.answer.asking.statement import Statement
from bot.answer.asking.wanting import MINDED, SAYING
from bot.answer.asking.words import listed

_SURE = 0.7  # so much of what is asked a fact has to tell that decides
_LITTLE = 0.65  # and so much may tell, at most, what it leaves out
_HOPING = listed(
    "confident positive likely hope hopes hoped hoping expect expects expected expecting evidence wanted"
)
_PREPOSITIONS = listed("against towards toward upon within without among despite")
_BE = frozenset(("is", "are", "was", "were"))
_WHICH = frozenset(("that", "which", "who"))
_MINDED = listed(
    "true right correct case sure certain confident optimistic hopeful likely clear evidence sign fact"
)
_ABOUT = re.compile(
    r"\b(?:about|after|despite|because of|over|on|from|for|of|during|since)(?: the| its| his| their)?$"
)
_PERHAPS = re.compile(
    r"\b(?:if|order\w*|sought|seek|threat\w*|meant|planned|(?:was|were) to|call(?:ed|s) for|suggest\w*"
    r"|offer\w*|asks? whether|may|might"
    # nor do hopes
    r"|confident|positive|likely|hop(?:es?|ed|ing)|expect\w*|evidence|wanted)\b"
)


def verdict(question: Question, match: Match, lexicon: Lexicon, *, overturned: bool) -> str:
    """`Yes`, `No`, or nothing where the fact does not decide."""
    statement = match.statement
    if match.covers < _SURE or match.apart or match.blurred:
        return ""
    if lexicon.means("chance", statement.terms) and statement.told.keys() & _meanings("low", lexicon):
        return _of_a_low_chance(question, lexicon)
    if (
        not _tells_enough(question, match)
        or not _tells_a_deed(question, match, lexicon)
        or perhaps(question, statement, lexicon)
        or _of_another_end(question, match, lexicon)
        or _not_now(question, match, overturned=overturned)
        or _only_intended(question, match, lexicon)
        or _by_the_way(question, match, lexicon)
        or not _done_by_them(question, match, lexicon)
    ):
        return ""
    if _ended(question, match, lexicon):
        return "" if question.negated else "No"
    return "No" if against(question, match, lexicon) != question.negated else "Yes"


def _not_now(question: Question, match: Match, *, overturned: bool) -> bool:
    """Whether a fact tells what no longer is so, or only is to be."""
    if overturned and (question.now or not question.past):
        return True
    return match.statement.unreal and not question.planned and not question.speaks


def _tells_a_deed(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells more than names: that two of them stand in one fact decides nothing."""
    if question.lasting and match.statement.lasting:
        return True
    return any(
        not term.name
        and term not in match.missing
        # Nor does it that one of them is a country, where one of several countries is asked for.
        and near(term, match.statement, lexicon, named=False)[0] >= TOLD
        for term in question.telling
    )


def _of_another_end(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells of an end, or of none, that is not the one asked for."""
    if not question.speaks and _other_end(question, match, lexicon):
        return True
    return _of_both_ends(question, match, lexicon)


def _meanings(word: str, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(meaning for term in lexicon.terms(word) for meaning in term.meanings)


def _of_a_low_chance(question: Question, lexicon: Lexicon) -> str:
    """Yes or no, by a fact that gives something a low chance: nobody who says so expects it."""
    asked = {meaning for term in question.telling for meaning in term.meanings}
    doubted = _meanings("low", lexicon) | _meanings("pessimistic", lexicon) | _meanings("doubt", lexicon)
    if asked & (lexicon.ending | _meanings("reject", lexicon) | _meanings("fail", lexicon)):
        return ""
    if asked & doubted:
        return "No" if question.negated else "Yes"
    minded = any(is_minded(word.low) for word in question.words)
    if not (minded or asked & (_meanings("chance", lexicon) | _meanings("expect", lexicon))):
        return ""
    return "Yes" if question.negated else "No"


def _by_the_way(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells the contrary only of a circumstance: "was he angry about the end"."""
    if not match.flipped:
        return False
    turned = [
        term for term in question.telling if not term.name and contraries(term, match.statement, lexicon)
    ]
    low = [word.low for word in question.words]
    return all(_ABOUT.search(" ".join(low[: term.at])) for term in turned)


def _tells_enough(question: Question, match: Match) -> bool:
    """Whether a fact tells all that is asked, but for names and what only describes another word."""
    left = [
        term for term in match.missing if term.low not in _PREPOSITIONS and not _describes(question, term)
    ]
    if not left:
        return True
    of_whom = next(iter(question.terms), None)
    return of_whom not in left and all(term.name for term in left) and match.worst <= _LITTLE


def _describes(question: Question, term: Term) -> bool:
    """Whether a term stands in a clause that only says which: "the measures that they imposed"."""
    before = [one for one in question.terms if one.at < term.at]
    for one, word in enumerate(question.words[: term.at]):
        if word.low in _WHICH and any(
            noun.at + noun.size == one and not noun.name and not is_minded(noun.low) for noun in before
        ):
            return True
    return False


def is_minded(word: str) -> bool:
    """Whether a word tells what somebody has in mind, or says: "afraid that" names no thing."""
    return word in MINDED | SAYING or word in _MINDED


def perhaps(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells an order, a wish, a condition that is not asked for, and not what came of it."""
    words = {*question.low.split()}
    asked = {meaning for term in question.terms for meaning in term.meanings}
    # Who offers something on a condition is willing, and who is reported to be may only be said to.
    allowed = {"if"} if asked & _meanings("willing", lexicon) else set()
    if words & MINDED or any(term.meanings & _meanings("expect", lexicon) for term in question.terms):
        allowed |= _HOPING
    allowed |= {"suggest", "suggested"} if asked & _meanings("report", lexicon) else set()
    return any(
        found[0] not in words | allowed
        and not any(
            lexicon.nearness(one, other) >= TOLD for one in asked for other in _meanings(found[0], lexicon)
        )
        for found in _PERHAPS.finditer(statement.fact.says)
    )


def against(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells that what is asked is not so."""
    if _contrary_denied(question, match, lexicon):
        return False
    statement = match.statement
    if question.lasting and any(
        term.meanings & lexicon.ending for term in statement.terms if term.at in statement.negated
    ):
        return False  # what is not to end goes on
    # What is denied in other words, and by a word for the contrary, is denied once.
    return match.flipped or _denied(question, match, lexicon)


def _contrary_denied(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact denies the contrary: who is not expected to leave is expected to stay."""
    statement = match.statement
    opposed = [
        told
        for term in question.telling
        if not term.name
        for told in statement.terms
        if told.meanings & contraries(term, statement, lexicon)
    ]
    return bool(opposed) and all(one.at in statement.negated for one in opposed)


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
    return all(_done_by(at, actor, question, match, lexicon) for at, actor in question.actors) and all(
        _takes_part(at, actor, question, match, lexicon) for at, actor in _taking_part(question, lexicon)
    )


def _doers(term: Term, match: Match, lexicon: Lexicon) -> list[str]:
    """Who does what a term says, or its opposite, as a fact tells it."""
    terms = match.statement.terms
    done = [
        told
        for told in terms
        if _alike(term.meanings, told.meanings, lexicon) or lexicon.opposed(term.meanings, told.meanings)
    ]
    # "Still" is no deed of anybody: whoever does something does it still.
    return [who for told in done or terms if (who := match.statement.actors.get(told.at))]


def _done_by(at: int, actor: str, question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether somebody who is asked about does it."""
    term = next((one for one in question.terms if one.at == at), None)
    if term is None or term.light:
        return True
    theirs = _doers(term, match, lexicon)
    return any(lexicon.nearness(actor, who) or lexicon.nearness(who, actor) for who in theirs)


def _takes_part(at: int, actor: str, question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether nobody else is told to take part instead."""
    term = next(one for one in question.terms if one.at == at)
    asked = {f"={one.name}" for one in question.terms if one.name} - {actor}
    theirs = [who for who in _doers(term, match, lexicon) if who not in asked]
    if lexicon.names[actor].kind == "person":
        return actor in theirs
    return not theirs or any(lexicon.nearness(actor, who) or lexicon.nearness(who, actor) for who in theirs)


def _taking_part(question: Question, lexicon: Lexicon) -> list[tuple[int, str]]:
    """Of whom it is asked whether it takes part: "is the town part of it"."""
    first = next(iter(question.terms), None)
    if first is None or not first.name or question.words[0].low not in _BE:
        return []
    going = [term for term in question.telling if not term.name and term.meanings & lexicon.going]
    return [(term.at, f"={first.name}") for term in going[:1]]


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


def _ended(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells the end of what is asked to go on now: "participation ended"."""
    asked = {meaning for term in question.terms for meaning in term.meanings}
    going = [term for term in match.statement.terms if term.meanings & lexicon.going]
    ends = [term for term in match.statement.terms if term.meanings & lexicon.ending]
    return (
        (question.now or question.lasting)
        and not match.flipped
        and bool(asked & lexicon.going)
        and not asked & lexicon.ending
        and any(abs(one.at - other.at) <= ITS_END for one in going for other in ends)
    )


def _of_both_ends(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells of what goes on and of an end as well, where one of them is asked for."""
    asked = {meaning for term in question.terms for meaning in term.meanings}
    terms = [term for term in match.statement.terms if term.at not in match.statement.negated]
    if _ended(question, match, lexicon):
        return False
    continued = _meanings("continue", lexicon)
    told = {meaning for term in terms for meaning in term.meanings}
    # Who took part until an end does not take part now.
    on_both = told & continued if not (question.now or question.lasting) else told & lexicon.going
    wanted = lexicon.going if question.now or question.lasting else continued
    return bool(asked & wanted and not asked & lexicon.ending and on_both and told & lexicon.ending)


def _other_end(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells of an end, or a delay, that is not asked for: what was put off did not begin."""
    asked = {meaning for term in question.terms for meaning in term.meanings}
    told = {meaning for term in match.statement.terms for meaning in term.meanings}
    if not told & lexicon.ending or asked & (lexicon.ending | lexicon.going):
        return False
    # What has ended may well have begun.
    against = {one for term in question.telling for one in contraries(term, match.statement, lexicon)}
    return not match.flipped or bool(against & lexicon.final)
