"""How well a fact answers a question: what of the question it tells, and whether it is of the kind wanted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.answer.asking.holding.dating import ANOTHER, in_time, weight_of
from bot.answer.asking.holding.fitting import UNFIT, fit
from bot.answer.asking.holding.granted import (
    never_came,
    of_a_new_one,
    of_what_is_to_come,
    only_of_the_whole,
    said_by_others,
    where_somebody_was,
)  # fmt: skip
from bot.answer.asking.holding.nearness import TOLD, alike, near, nearest, others_do, said_by
from bot.answer.asking.holding.statement import Statement
from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.language.likeness import likeness
from bot.answer.asking.reading.question import TODAY, Question

Weigh = Callable[[Term], float]
"""How much a term tells: 0 for what stands in every fact, 1 for what stands in hardly any, or in none."""

_A_YEAR = 366  # days; what is older when it is told is history
_ALL = 0.9  # so much of what is asked is all of it
_THINGS = frozenset(("craft", "mission", "thing", "place"))
_TELLING = 0.35  # how much a name tells of which another is not told in its place

# What a fact is still worth of which something is wrong.
_OF_ANOTHER_TIME = 0.5
_UNNAMED = 0.75
_OF_NONE = 0.85  # the more so where the day of it is asked for
_APART, _UNSAID = 0.6, 0.8
_BLURRED = 0.65
_UNREAL = 0.54
_FLIPPED = 0.5
_OF_ANOTHER_KIND = 0.4
# What is no more than background, or a plan that is not asked for, stands behind what happened.
_BACKGROUND, _PLAN = 0.01, 0.03
_GOING_ON = 0.1  # what it is worth to tell that something goes on, where that is asked
_COVERING = 0.42  # what counts of how much a fact tells, if something is wrong with it
_ALIKE = 1.4  # what it is worth to be written alike
_FITTING = 0.1  # what it is worth to be of the kind that is wanted
_LONGER = 0.006  # what a fact loses for each term: of two that tell the same, the shorter one is better

# How much the terms of a question tell, beside what is rare and what is not.
_LIGHT = 0.05
_LEAST, _MORE = 0.1, 0.2
_CARRIED = 0.5  # of a term from the question before
_SCENE = 0.25  # of a term that only sets the scene


class Match(NamedTuple):
    """A fact held against a question."""

    statement: Statement
    covers: float  # how much of what is asked it tells, less where something is wrong with it: 0 to 1
    tells: float  # how much of what is asked it tells, whatever is wrong with it: 0 to 1
    alike: float  # how alike it is written: 0 to 1
    fits: float  # how well it is of the kind wanted: -1 to 1
    missing: tuple[Term, ...]  # what of the question it does not tell
    worst: float  # how much the most telling of these tells
    blurred: bool  # it does not tell what is asked for most
    flipped: bool  # it tells the opposite of what is asked
    apart: bool  # somebody else does it
    unreal: bool  # it tells a plan, where something is asked that has happened
    standing: float  # how much less it is worth for being a plan, or no more than background

    @property
    def score(self) -> float:
        """The better the answer, the higher."""
        longer = _LONGER * len(self.statement.terms)
        told = _COVERING * self.covers + (1 - _COVERING) * self.tells
        return told + self.likeness + _FITTING * self.fits - longer - self.standing

    @property
    def likeness(self) -> float:
        """What it is worth that a fact is written alike."""
        return _ALIKE * self.alike


class _Held(NamedTuple):
    """One term of a question, held against a fact."""

    term: Term
    weight: float
    near: float  # how near the fact comes to it
    turned: bool  # it has the opposite

    @property
    def missing(self) -> bool:
        """Whether the fact does not tell it, and it matters."""
        return self.near < TOLD and not self.term.light


def match(question: Question, statements: Iterable[Statement], lexicon: Lexicon, weigh: Weigh) -> list[Match]:
    """Holds all of them against a question: the best first."""
    weights = {term.at: _weight(term, weigh) for term in question.terms}
    held = list(statements)
    alike = likeness([one.fact.says for one in held])
    text = " ".join((question.low, *(term.low for term in question.terms if term.carried)))
    found = [_match(question, one, lexicon, weights, alike(text, one.fact.says)) for one in held]
    return sorted(found, key=lambda one: (-one.score, one.statement.fact.id))


def _weight(term: Term, weigh: Weigh) -> float:
    if term.light:
        return _LIGHT
    rare = 1.0 if term.number else max(_LEAST, _MORE + weigh(term))
    return rare * (_CARRIED if term.carried else 1.0) * (_SCENE if term.scene else 1.0)


def _match(
    question: Question, statement: Statement, lexicon: Lexicon, weights: Mapping[int, float], alike: float
) -> Match:
    held = [_held(term, weights[term.at], question, statement, lexicon) for term in question.terms]
    missing = [one for one in held if one.missing]
    covers, of_the_time = _covers(held, question, statement)
    tells = covers
    blurred = any(
        one.term.at in question.focus or (one.term.number and not one.term.scene) for one in missing
    )
    flipped = _turned(held) % 2 == 1  # the contrary of the contrary is the same
    apart = _apart(held, question, statement, lexicon)
    unreal = _unreal(question, statement, lexicon)
    fits = fit(question, statement, lexicon)
    if question.kind == "why" and covers > _ALL and fits > -1:
        fits = max(fits, UNFIT)  # it may be told what was done, and nowhere why
    for wrong, worth in (
        (not of_the_time or _long_past(question, statement), _OF_ANOTHER_TIME),
        (_unnamed(missing, question, statement, lexicon), _UNNAMED),
        (_of_another_thing(missing, question, lexicon), _OF_NONE),
        (apart, _APART),
        (_of_others(question, statement, lexicon), _UNSAID),
        (blurred, _BLURRED),
        (unreal, _UNREAL),
        (flipped and not question.whether and not question.negated, _FLIPPED),
        (fits < UNFIT, _OF_ANOTHER_KIND),
        (only_of_the_whole(question, statement, lexicon), _BLURRED),
        (of_a_new_one(question, statement), _BLURRED),
        (said_by_others(question, statement, lexicon), _UNSAID * _APART),
        (never_came(question, statement, lexicon), _UNREAL),
        (where_somebody_was(question, statement, lexicon), _OF_ANOTHER_KIND),
        (of_what_is_to_come(question, statement, lexicon), _OF_ANOTHER_KIND),
    ):
        covers *= worth if wrong else 1.0
    return Match(
        statement,
        covers,
        tells,
        alike,
        fits,
        tuple(one.term for one in missing),
        max((one.weight for one in missing), default=0.0),
        blurred,
        flipped,
        apart,
        unreal,
        _behind(question, statement),
    )


def _held(term: Term, weight: float, question: Question, statement: Statement, lexicon: Lexicon) -> _Held:
    close, turned = near(term, statement, lexicon)
    if question.kind == "how many":
        turned = False  # "how high" asks as well how low
    if question.kind == "how many" and not term.name and close < 1 and not turned:
        # Countries are not counted by naming one.
        close = nearest(term.meanings, statement, lexicon, named=False)
    return _Held(term, weight, close, turned)


def _covers(held: Sequence[_Held], question: Question, statement: Statement) -> tuple[float, bool]:
    """How much of what is asked a fact tells, its times included; and whether it is of one of these."""
    total, matched, close = sum(one.weight for one in held), sum(one.weight * one.near for one in held), 1.0
    if times := [time for time in question.times if time.bound != "as of"]:
        weight, close = weight_of(times), max(in_time(time, statement) for time in times)
        total, matched = total + weight, matched + weight * close
    return matched / total if total else 0.0, close > ANOTHER


def _long_past(question: Question, statement: Statement) -> bool:
    """Whether a fact was history when it was told, where it is asked what is so today."""
    last, known = statement.fact.date.last, statement.fact.known_on
    if not TODAY & {*question.low.split()} or last is None or question.kind == "how long":
        return False
    return (known - last).days > _A_YEAR


def _turned(held: Sequence[_Held]) -> int:
    """Of how much that is asked a fact has the opposite; what means the same counts once."""
    found: list[frozenset[str]] = []
    for one in held:
        if one.turned and not any(one.term.meanings & other for other in found):
            found.append(one.term.meanings)
    return len(found)


def _unnamed(missing: Sequence[_Held], question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact does not tell a name that is asked for, or not of those who are said to act."""
    return any(
        (one.term.name and one.weight > _TELLING) or (one.term.proper and not one.term.scene)
        for one in missing
    ) or any(nearest((actor,), statement, lexicon) < TOLD for _, actor in question.actors)


def _of_another_thing(missing: Sequence[_Held], question: Question, lexicon: Lexicon) -> bool:
    """Whether a day is asked for, and a fact does not name the very thing of which it is."""
    return question.kind == "when" and any(
        one.term.name and one.weight > _TELLING and lexicon.names[f"={one.term.name}"].kind in _THINGS
        for one in missing
    )


def _apart(held: Sequence[_Held], question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether somebody else does, or says, what is asked."""
    actors = dict(question.actors)
    return not said_by(question.speakers, statement, lexicon) or any(
        others_do(actors[one.term.at], one.term, statement, lexicon)
        for one in held
        if one.near >= TOLD and one.term.at in actors and not one.term.light
    )


def _of_others(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether it is asked what somebody said, and a fact gives the words of others."""
    return question.kind in {"quote", "what", "whether"} and not said_by(
        question.speakers, statement, lexicon
    )


def _unreal(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells what was to be, where something is asked that has happened."""
    if question.planned:
        return False
    # What something is there to do, it does: that is asked of the present.
    if (question.past or question.whether) and _intended(question, statement, lexicon):
        return True
    if not statement.unreal or not question.past or question.whether:
        return False
    # Who asks for a threat is told of it.
    return not any(term.meanings & lexicon.threats and term.at in question.focus for term in question.terms)


def _intended(question: Question, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether the deed that is asked about is told only as what was to be done: "ready to fly"."""
    for term in question.telling:
        asked = question.whether or term.at in question.focus or not question.focus
        if not asked or _only_aimed_at(question, term):
            continue
        told = [one.at for one in statement.terms if alike(term.meanings, one.meanings, lexicon)]
        # When it came is told neither by what was intended nor by what was decided.
        intended = statement.intended - (frozenset() if question.kind == "when" else statement.settled)
        if not term.name and told and intended.issuperset(told):
            return True
    return False


def _only_aimed_at(question: Question, term: Term) -> bool:
    """Whether a question, too, names something as what was to be done: "the decision to end it"."""
    return 0 < term.at <= len(question.words) and question.words[term.at - 1].low == "to"


def _behind(question: Question, statement: Statement) -> float:
    """How much less a fact is worth than one of what happened."""
    plan = 0.0 if question.planned else _PLAN
    going_on = _GOING_ON if question.whether and question.lasting and statement.lasting else 0.0
    return {"background": _BACKGROUND, "plan": plan}.get(statement.fact.kind, 0.0) - going_on
