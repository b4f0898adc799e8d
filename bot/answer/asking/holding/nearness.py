"""How near what a fact tells is to what is asked: the same, a part of it, or the opposite."""

from collections.abc import Collection, Iterable, Mapping

from bot.answer.asking.holding.statement import BY_TAG, Statement
from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.language.words import listed

TOLD = 0.5  # from here on a term counts as told
ITS_END = 4  # words, at most, from what goes on to the word that ends it
_NOTHING: Mapping[str, float] = {}
_WITHOUT_ITS_HEAD = 0.4  # how near a phrase is at most of which the last word is not told
_PARTICLES = listed("yes no not off out up down over away back for in on with")
_BY_OPPOSITE = 0.8  # how near the opposite is: who left no longer takes part


def near(term: Term, statement: Statement, lexicon: Lexicon, *, named: bool = True) -> tuple[float, bool]:
    """How well a fact tells a term, and whether by its opposite; `named` is whether names count as well."""
    best = nearest(term.meanings, statement, lexicon, named=named)
    if best < 1 and not term.name and (contrary := contraries(term, statement, lexicon)):
        return _BY_OPPOSITE, not _ended(contrary, statement, lexicon)
    if best < TOLD and term.parts and (term.name or not _is_phrasal(term)):
        told = [nearest(part, statement, lexicon) for part in term.parts]
        by_parts = sum(told) / len(told)
        # A drop test is a test, but no drop; who names the test alone may mean another one.
        best = max(best, by_parts if told[-1] >= TOLD else min(by_parts, _WITHOUT_ITS_HEAD))
    return best, False


def _is_phrasal(term: Term) -> bool:
    """Whether a phrase means something else than its verb: to call off is not to call."""
    return term.low.split()[-1] in _PARTICLES


def contraries(term: Term, statement: Statement, lexicon: Lexicon) -> frozenset[str]:
    """What a fact tells, and not by its tags alone, that is the opposite of a term."""
    return frozenset(
        told
        for one in term.meanings
        for told in lexicon.opposites.get(one, ())
        if statement.told.get(told, 0.0) > BY_TAG
    )


def _ended(contrary: frozenset[str], statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells the end of what is the contrary: who no longer takes part has left."""
    going = [term for term in statement.terms if term.meanings & contrary & lexicon.going]
    ends = [term for term in statement.terms if term.meanings & lexicon.ending - contrary]
    return any(abs(one.at - other.at) <= ITS_END for one in going for other in ends)


def nearest(meanings: Iterable[str], statement: Statement, lexicon: Lexicon, *, named: bool = True) -> float:
    """How near a fact comes to any of these meanings; `named` is whether names count as well."""
    best, plainly = 0.0, statement.told
    for asked in meanings:
        if asked in plainly:
            best = max(best, plainly[asked])
            continue
        others = lexicon.stands_for.get(asked, _NOTHING)
        # Few meanings stand for what is asked: these are looked up, and not each that is told.
        for told in others.keys() & plainly.keys():
            if not named and told in lexicon.names:
                continue
            if others[told] > best and not (
                told in lexicon.above.get(asked, ()) and _of_another(asked, told, statement, lexicon)
            ):
                best = max(best, others[told] * plainly[told])
    return best


def _of_another(asked: str, wider: str, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact that names something wider is about another part of it: a bow, and not the stern."""
    kind = lexicon.names[asked].kind if asked in lexicon.names else ""
    return any(
        plainly == 1.0
        and told != asked
        and told in lexicon.names
        and lexicon.names[told].kind == kind
        and wider in lexicon.above.get(told, ())
        and not lexicon.nearness(asked, told)
        for told, plainly in statement.told.items()
    )


def alike(asked: Iterable[str], told: Iterable[str], lexicon: Lexicon) -> bool:
    """Whether two terms mean about the same."""
    theirs = list(told)
    return any(lexicon.nearness(one, other) >= TOLD for one in asked for other in theirs)


def others_do(actor: str, term: Term, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells that somebody else does what a term says."""
    theirs = [
        statement.actors[told.at]
        for told in statement.terms
        if told.at in statement.actors and alike(term.meanings, told.meanings, lexicon)
    ]
    theirs += [one for pair in statement.joined for one in pair if {*pair} & {*theirs}]
    return bool(theirs) and not any(
        lexicon.nearness(actor, one) or lexicon.nearness(one, actor) for one in theirs
    )


def _alike(asked: Term, told: Term, lexicon: Lexicon) -> bool:
    """Whether what is told is what is asked, a part of it, or the opposite."""
    return lexicon.opposed(asked.meanings, told.meanings) or any(
        lexicon.nearness(one, other) >= TOLD for one in asked.meanings for other in told.meanings
    )


def said_by(speakers: Collection[str], statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact gives the words of one of those, or of somebody of theirs, or tells that they spoke."""
    say = {meaning for term in lexicon.terms("said") for meaning in term.meanings}
    spoke = {
        statement.actors[told.at]
        for told in statement.terms
        if told.at in statement.actors and alike(say, told.meanings, lexicon)
    }
    theirs = statement.speakers | spoke
    return not speakers or any(lexicon.nearness(one, their) >= TOLD for one in speakers for their in theirs)
