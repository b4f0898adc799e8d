"""The facts that tell most of what is asked, and yes or no where one of them decides it."""

from collections.abc import Sequence

from bot.answer.asking.answers.answer import MOST_FACTS, Answer
from bot.answer.asking.answers.finding import ALMOST, ENOUGH, Finder, day_of
from bot.answer.asking.answers.standing import lead_about
from bot.answer.asking.holding.matching import Match
from bot.answer.asking.holding.statement import Statement
from bot.answer.asking.holding.verdict import against, done_by_them, perhaps, untold, verdict
from bot.answer.asking.language.lexicon import Lexicon
from bot.answer.asking.reading.actors import ADJECTIVES
from bot.answer.asking.reading.question import Question
from bot.model import Fact

_AS_GOOD = 0.08  # how much worse another fact may answer that is told besides the best
_CLOSE = 0.15  # how much less a fact may tell and still come first, being newer, where it is asked what is
_CLOSER = 0.03  # and where it is asked what was
_OF_DEEDS = frozenset(("who", "why", "when", "how many", "how long"))  # a name alone is no deed
_ONE_THING = frozenset(("when", "where", "why", "how many", "how long"))  # two facts are enough of it
_AS_TELLING = 0.08  # how much less a fact may tell that decides, where the best does not
_LOOKED_AT = 6  # facts by which it may be yes or no
_ALL_OF_THEM = 2 * _AS_GOOD  # where several are asked for: each fact may name one of them
_OF_ITS_KIND = 0.06  # how much less of what is asked is enough in what is just of the kind that is wanted
_TAKEN_FOR_GRANTED = frozenset(("why", "when", "whether"))  # what they take for granted has to be told
_FAR_FROM_ENOUGH = 0.36
_ALL_OF_IT = 0.9  # so much of what is asked is all of it
_TWO = 2  # facts: that which answers, and one besides


def plainly(question: Question, finder: Finder) -> Answer | None:
    """Answers with the facts that tell most of what is asked; None where they tell too little."""
    matches = finder.matches(question)
    if not any(_tells_enough(question, one) for one in matches) or _says_too_little(question):
        return _by_the_lead(question, finder)
    if _is_contradicted(question, finder.matches(question)):
        return None
    if not question.times:
        # The last end is the one that counts; of all else that was, the age tells little.
        last = question.now or any(term.meanings & finder.lexicon.final for term in question.telling)
        matches = _newest_first(matches, finder, _CLOSE if last else _CLOSER)
    if question.kind == "why" and matches[0].apart and len(question.actors) == 1:
        return None  # what came last was done by another than is taken for granted
    narrow = question.kind == "who" and not (question.several or question.planned)
    if narrow and matches[0].covers < _FAR_FROM_ENOUGH:
        return None  # another fact tells more in other words, and this one would be shown
    if reason := _reason(question, matches[0].statement, finder.matches(question)):
        return Answer((reason, matches[0].statement.fact))
    chosen = _as_good(question, matches)
    best = chosen[0].statement
    over = finder.overturned([best.fact]).get(best.fact.id, [])
    # What was only planned, or so until something else came, does not stand first where it is asked what is.
    if over and not question.planned and (best.unreal or (question.whether and question.now)):
        return Answer((_newest([link.fact for link in over]), best.fact))
    facts = tuple(one.statement.fact for one in chosen)
    if not question.whether:
        return Answer(facts)
    first, decided = _deciding(question, finder, matches, chosen[0])
    others = (fact for fact in facts if fact != first.statement.fact)
    return Answer((first.statement.fact, *others)[:_TWO], verdict=decided)


def _deciding(question: Question, finder: Finder, matches: Sequence[Match], best: Match) -> tuple[Match, str]:
    """The fact by which it is yes or no, and which of these; the best and nothing where none decides."""
    for one in matches[:_LOOKED_AT]:
        if untold(question, one.statement, finder.lexicon) and one.tells >= ALMOST:
            return one, "" if question.negated else "No"
    near = [one for one in matches if one.covers >= best.covers - _AS_TELLING and one is not best]
    near = [best, *near[: _LOOKED_AT - 1]]
    over = finder.overturned([one.statement.fact for one in near])
    decided: list[tuple[Match, str]] = []
    for one in near:
        fact = one.statement.fact
        overturned = bool(over.get(fact.id)) or (
            question.now and _told_anew(question, one, matches, finder.lexicon)
        )
        if said := verdict(question, one, finder.lexicon, overturned=overturned):
            decided.append((one, said))
        if one is best and said:
            return decided[0]
    # None decides against what the best tells, though it may not tell all.
    theirs = [best] if done_by_them(question, best, finder.lexicon) else []  # what others do tells nothing
    ways = {against(question, one, finder.lexicon) for one in (*theirs, *(one for one, _ in decided))}
    return decided[0] if decided and len(ways) == 1 else (best, "")


def _reason(question: Question, best: Statement, matches: Sequence[Match]) -> Fact | None:
    """The fact that gives a reason, where the one that tells most of what was done gives none."""
    if question.kind != "why" or next(one for one in matches if one.statement is best).fits == 1.0:
        return None
    found = [
        one
        for one in matches
        if one.fits == 1.0  # it gives a reason, and is none itself
        and not (one.apart or one.unreal or one.flipped)
        and one.covers >= (ALMOST if _of_one_deed(best.fact, one.statement.fact) else ENOUGH)
    ]
    # Of several reasons that of the very deed counts, and not that of one like it.
    return max(found, key=lambda one: (one.covers, one.score)).statement.fact if found else None


def _of_one_deed(one: Fact, other: Fact) -> bool:
    """Whether two facts may tell of one deed in two ways: of one source, of one day, by one speaker."""
    alike = one.id.partition("#")[0] == other.id.partition("#")[0] and one.speaker == other.speaker
    return alike and one.date.exact and one.date == other.date


def _tells_enough(question: Question, match: Match) -> bool:
    """Whether a fact tells enough: a little less will do of what is just of the kind that is asked for."""
    # Whose a boat is need not be told beside the boat, but any other name has to be.
    # That somebody did it is taken for granted, and another did, or it was only to be done.
    # Where two names may be its subject, who did it is not plain.
    others = match.apart and len(question.actors) == 1
    if question.kind in {"why", "when"} and (others or (match.unreal and question.kind == "when")):
        return False
    names = [term for term in match.missing if (term.name or term.proper) and not term.scene]
    named = all(term.low.endswith(ADJECTIVES) for term in names)
    of_its_kind = match.fits == 1.0 and named and not match.blurred
    of_its_kind = of_its_kind and question.kind not in _TAKEN_FOR_GRANTED
    return match.covers >= ENOUGH - (_OF_ITS_KIND if of_its_kind else 0.0)


def _is_contradicted(question: Question, matches: Sequence[Match]) -> bool:
    """Whether the fact that tells most of what is taken for granted tells the contrary."""
    if question.kind not in {"why", "when"} or question.negated:
        return False
    best = max(matches, key=lambda one: (one.tells, one.score))
    return best.flipped and best.tells >= _ALL_OF_IT


def _says_too_little(question: Question) -> bool:
    """Whether a question has nothing but a name by which its answer could be known."""
    if not question.telling:
        return True
    # "The head of the club" and who that is are one.
    named = {term.name for term in question.telling}
    if question.counted.part and any(named):
        return False  # who gave a percentage is enough to know which
    return question.kind in _OF_DEEDS and all(named) and len(named) < _TWO


def _by_the_lead(question: Question, finder: Finder) -> Answer | None:
    """How the newest briefing begins, where it is asked whether that happened which was only planned."""
    named = any(term.name for term in question.telling)
    nearest = finder.matches(question)[:1]
    if not question.whether or not named or question.times or not any(one.unreal for one in nearest):
        return None
    lead = lead_about(question._replace(later=True), finder)
    return Answer((), lead=lead) if lead else None


def _newest(facts: Sequence[Fact]) -> Fact:
    return max(facts, key=lambda one: (one.known_on, day_of(one)))


def _told_anew(question: Question, match: Match, matches: Sequence[Match], lexicon: Lexicon) -> bool:
    """Whether something else became known after a fact, as telling as that."""
    return any(
        one.statement.fact.known_on > match.statement.fact.known_on
        and _turns(one, lexicon) != _turns(match, lexicon)
        and not perhaps(question, one.statement, lexicon)
        for one in matches
        if one.covers >= ENOUGH
    )


def _turns(match: Match, lexicon: Lexicon) -> bool:
    """Whether a fact tells the contrary of what is asked, or an end."""
    terms = match.statement.terms
    return match.flipped or any(
        term.meanings & lexicon.ending for term in terms if term.at not in match.statement.negated
    )


def _newest_first(matches: Sequence[Match], finder: Finder, most: float) -> list[Match]:
    """What stands, what overturned something, and what was told last, before what is as good otherwise.

    `most` is how much less such a fact may tell.
    """
    close = [one for one in matches if one.score >= matches[0].score - most]
    facts = [one.statement.fact for one in close]
    over, turns = finder.overturned(facts), finder.overturns(facts)
    days = sorted({fact.known_on for fact in facts})

    def worth(one: Match) -> float:
        fact = one.statement.fact
        age = 1 - (days.index(fact.known_on) + 1) / len(days)
        return one.score - most * age - most * (fact.id in over) + most / 2 * (fact.id in turns)

    return sorted(close, key=lambda one: (-worth(one), one.statement.fact.id))


def _as_good(question: Question, matches: Sequence[Match]) -> list[Match]:
    """The best, and those that tell as much."""
    best = matches[0]
    close = _ALL_OF_THEM if question.several else _AS_GOOD
    chosen = [one for one in matches if one.score >= best.score - close]
    return chosen[: _TWO if question.kind in _ONE_THING else MOST_FACTS]
