"""Yes or no, where a fact decides."""

import re

from bot.answer.asking.holding.matching import Match
from bot.answer.asking.holding.nearness import ITS_END, TOLD, contraries, near
from bot.answer.asking.holding.statement import Statement
from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.language.words import listed
from bot.answer.asking.reading.question import Question
from bot.answer.asking.reading.wanting import MINDED, SAYING

_EITHER = re.compile(r"\bor (?!not\b|no\b)")  # "is it this or that" is answered by neither word
_SURE = 0.7  # so much of what is asked a fact has to tell that decides
_TWO = 2  # names
_LITTLE = 0.65  # and so much may tell, at most, what it leaves out
_HOPING = listed(
    "confident positive likely hope hopes hoped hoping expect expects expected expecting evidence wanted"
)
_PREPOSITIONS = listed("against towards toward upon within without among despite")
_NOT = frozenset(("not", "never", "no", "nobody"))
_CAN = frozenset(("can", "could", "may", "might"))
_POSSIBLE = re.compile(r"\b(?:can|could|may|might|able|possible|impossible|chances?)\b")
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


_ASKS_WHAT_WAS_SAID = re.compile(
    r"\b(?:say|said|tell|told|reveal\w*|disclose\w*|explain\w*|announce\w*|inform\w*|publish\w*|mention\w*)"
    r"(?: \w+){0,2}? (?:how|what|why|who|whom|which|when|where|whether|if)\b"
)
_DID_NOT_SAY = re.compile(
    r"\b(?:did not|would not|declined to|refused to) (?:say|tell|comment|reveal|disclose|explain|give)\b"
)


def untold(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether it is asked if somebody told something, and a fact says that they did not."""
    if not asks_what_was_said(question) or not _DID_NOT_SAY.search(statement.fact.says):
        return False
    # That one of two did not tell it says nothing of the other.
    first = question.actors[0][1] if question.actors else next(iter(statement.speakers), "")
    return any(
        lexicon.nearness(first, who) >= TOLD or lexicon.nearness(who, first) >= TOLD
        for who in statement.speakers
    )


def asks_what_was_said(question: Question) -> bool:
    """Whether it is asked if somebody told what is not known: "did they say how it went"."""
    return _ASKS_WHAT_WAS_SAID.search(question.low) is not None


def verdict(question: Question, match: Match, lexicon: Lexicon, *, overturned: bool) -> str:
    """`Yes`, `No`, or nothing where the fact does not decide."""
    statement = match.statement
    if match.covers < _SURE or match.apart or match.blurred or asks_what_was_said(question):
        return ""  # who says something does not tell by it how it went
    if _EITHER.search(question.low):
        return ""
    if question.words[0].low in _CAN and not _POSSIBLE.search(match.statement.fact.says):
        return ""  # what may be is not told by what was
    if told := _who_is_who(question, lexicon) or _came_to_grief(question, match, lexicon):
        return told
    if lexicon.means("chance", statement.terms) and statement.told.keys() & _meanings("low", lexicon):
        return _of_a_low_chance(question, lexicon)
    if (
        not _tells_enough(question, match)
        or not _tells_a_deed(question, match, lexicon)
        or perhaps(question, statement, lexicon)
        or _of_another_end(question, match, lexicon)
        or _not_now(question, match, overturned=overturned)
        or _only_intended(question, match, lexicon)
        or _of_its_members(question, match, lexicon)
        or _by_the_way(question, match, lexicon)
        or not done_by_them(question, match, lexicon)
    ):
        return ""
    if _ended(question, match, lexicon):
        return "" if _denies(question) else "No"
    return "No" if against(question, match, lexicon) != _denies(question) else "Yes"


def _denies(question: Question) -> bool:
    """Whether it is asked if something is not so; "without them" denies nothing of what is asked."""
    low = [word.low for word in question.words]
    return question.negated and bool(_NOT & {*low})


def _who_is_who(question: Question, lexicon: Lexicon) -> str:
    """Yes or no, where it is asked whether two names are of one: "is Bell the head of the club"."""
    named = question.telling
    if len(named) != _TWO or not all(term.name for term in named) or question.words[0].low not in _BE:
        return ""
    one, other = named
    if one.genitive or other.at - one.at - one.size > 1 or question.words[-1].low != other.low.split()[-1]:
        return ""
    if one.name == other.name:
        return "No" if _denies(question) else "Yes"
    kinds = {lexicon.names[f"={term.name}"].kind for term in named}
    return "No" if kinds == {"person"} and not _denies(question) else ""


def _came_to_grief(question: Question, match: Match, lexicon: Lexicon) -> str:
    """No, where it is asked whether something landed, and a fact tells that it crashed."""
    asked = {meaning for term in question.telling for meaning in term.meanings}
    failing = {one for meaning in _meanings("succeed", lexicon) for one in lexicon.opposites.get(meaning, ())}
    told = {meaning for term in match.statement.terms for meaning in term.meanings}
    if not asked & _meanings("land", lexicon) or asked & failing or not told & failing:
        return ""
    return "" if _denies(question) else "No"


def _of_its_members(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells of members, and not who is one: "the club asked its members"."""
    member = _meanings("member", lexicon)
    asked = [term for term in question.telling if term.meanings & member and not term.low.endswith("s")]
    told = [term for term in match.statement.terms if term.meanings & member]
    return bool(asked and told) and all(term.low.endswith("s") for term in told)


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
        return "No" if _denies(question) else "Yes"
    minded = any(is_minded(word.low) for word in question.words)
    if not (minded or asked & (_meanings("chance", lexicon) | _meanings("expect", lexicon))):
        return ""
    return "Yes" if _denies(question) else "No"


def _by_the_way(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells the contrary only of a circumstance: "was he angry about the end"."""
    if not match.flipped:
        return False
    # "To go on" may say little by itself, and yet the contrary of it decides.
    turned = [term for term in question.terms if not term.name and contraries(term, match.statement, lexicon)]
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
        for term in question.terms
        if not term.name
        for told in statement.terms
        if told.meanings & contraries(term, statement, lexicon)
    ]
    return bool(opposed) and all(one.at in statement.negated for one in opposed)


def _denied(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact denies something of what is asked."""
    told = [term for term in match.statement.terms if term.at in match.statement.negated and not term.name]
    asked = {meaning for term in question.terms if not term.name for meaning in term.meanings}
    return any(
        lexicon.nearness(one, other) >= TOLD for one in asked for term in told for other in term.meanings
    )


def done_by_them(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells that those do it who are asked about."""
    return all(
        _done_by(_deed_at(at, question), actor, question, match, lexicon) for at, actor in question.actors
    ) and all(
        _takes_part(at, actor, question, match, lexicon) for at, actor in _taking_part(question, lexicon)
    )


def _deed_at(at: int, question: Question) -> int:
    """The place of what somebody is said to do: `stop` of "do they want to stop"."""
    words = [word.low for word in question.words]
    term = next((one for one in question.terms if one.at == at), None)
    if term and term.light and words[at + term.size : at + term.size + 1] == ["to"]:
        return at + term.size + 1
    return at


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


def _doing(term: Term, match: Match, lexicon: Lexicon) -> list[str]:
    """Who is doing what a term says, right before it: "that the club was going on"."""
    terms = match.statement.terms
    ends = {one.at + one.size: f"={one.name}" for one in terms if one.name}
    return [
        ends[at]
        for told in terms
        if told.low.split()[0].endswith("ing") and _alike(term.meanings, told.meanings, lexicon)
        for at in range(told.at - 2, told.at + 1)
        if at in ends
    ]


def _done_by(at: int, actor: str, question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether somebody who is asked about does it."""
    term = next((one for one in question.terms if one.at == at), None)
    if term is None or term.light:
        return True
    theirs = _doers(term, match, lexicon)
    if not theirs and not match.statement.fact.speaker:
        # Where no word is seen to be done by anybody, it is done by whom the fact begins with.
        return actor in match.statement.speakers
    theirs += _doing(term, match, lexicon)
    theirs += [one for pair in match.statement.joined for one in pair if {*pair} & {*theirs}]
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
    member = _meanings("member", lexicon)
    going = [term for term in question.telling if not term.name and term.meanings & (lexicon.going | member)]
    return [(term.at, f"={first.name}") for term in going[:1]]


def _only_intended(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether something that is asked is told only as what was to be done."""
    if question.planned or question.speaks:
        return False
    for term in question.telling:
        told = [one for one in match.statement.terms if _alike(term.meanings, one.meanings, lexicon)]
        if term.at < len(question.words) and question.words[term.at - 1].low == "to":
            continue  # "ready to fly" is asked for as what is to be done
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


def _asks_for_either(question: Question, told: set[str], lexicon: Lexicon) -> bool:
    """Whether it is asked if something ended or goes on, in these words or in others: "quit", "a member"."""
    asked = {meaning for term in question.terms for meaning in term.meanings}
    either = lexicon.ending | lexicon.going
    deeds = {meaning for term in question.telling if not term.name for meaning in term.meanings}
    return bool(asked & either) or any(
        lexicon.nearness(one, other) >= TOLD for one in deeds for other in told & either
    )


def _other_end(question: Question, match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells of an end, or a delay, that is not asked for: what was put off did not begin."""
    told = {meaning for term in match.statement.terms for meaning in term.meanings}
    if not told & lexicon.ending or _asks_for_either(question, told, lexicon):
        return False
    # What has ended may well have begun.
    against = {one for term in question.telling for one in contraries(term, match.statement, lexicon)}
    return not match.flipped or bool(against & lexicon.final)
