"""How well a fact answers a question: what of the question it tells, and whether it is of the kind wanted."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.answer.asking.lexicon import Lexicon, Term
from bot.answer.asking.question import CRAFT, Question
from bot.answer.asking.statement import Statement
from bot.answer.asking.times import Time

Weigh = Callable[[Term], float]
"""How much a term tells: 0 for what stands in every fact, 1 for what stands in hardly any, or in none."""

_A_MONTH = 31  # days
_LOOSELY = 0.55  # what a word is worth that is told only by another
_TELLING = 0.6  # how much a name tells of which another is not told in its place
TOLD = 0.5  # from here on a term counts as told


class Match(NamedTuple):
    """A fact held against a question."""

    statement: Statement
    covers: float  # how much of what is asked it tells: 0 to 1
    fits: float  # how well it is of the kind wanted: -1 to 1
    missing: tuple[Term, ...]  # what of the question it does not tell
    worst: float  # how much the most telling of these tells
    blurred: bool  # it does not tell what is asked for most
    flipped: bool  # it tells the opposite of what is asked
    apart: bool  # somebody else does it
    unreal: bool  # it tells a plan, where something is asked that has happened

    @property
    def score(self) -> float:
        """The better the answer, the higher."""
        standing = 0.03 if self.statement.fact.kind == "background" else 0.0
        return self.covers + 0.12 * self.fits - 0.003 * len(self.statement.terms) - standing


def match(question: Question, statements: Iterable[Statement], lexicon: Lexicon, weigh: Weigh) -> list[Match]:
    """Holds all of them against a question: the best first."""
    weights = {term.at: _weight(term, weigh) for term in question.terms}
    actors = dict(question.actors)
    found = [_match(question, one, lexicon, weights, actors) for one in statements]
    return sorted(found, key=lambda one: (-one.score, one.statement.fact.id))


def _weight(term: Term, weigh: Weigh) -> float:
    if term.light:
        return 0.05
    rare = 1.0 if term.number else 0.2 + weigh(term)
    return rare * (0.5 if term.carried else 1.0)


def _match(  # noqa: PLR0914
    question: Question,
    statement: Statement,
    lexicon: Lexicon,
    weights: Mapping[int, float],
    actors: Mapping[int, str],
) -> Match:
    total = matched = worst = 0.0
    missing: list[Term] = []
    flipped = apart = blurred = unnamed = False
    for term in question.terms:
        weight = weights[term.at]
        near, turned = _near(term, statement, lexicon)
        if question.kind == "how many" and not term.name and near < 1 and not turned:
            near *= _LOOSELY  # countries are not counted by naming one
        total += weight
        matched += weight * near
        if near < TOLD and not term.light:
            missing.append(term)
            worst = max(worst, weight)
            blurred = blurred or term.at in question.focus or term.number
            unnamed = unnamed or (bool(term.name) and weight > _TELLING) or term.proper
        elif turned:
            flipped = not flipped
        if near >= TOLD and term.at in actors and not term.light and _others(actors[term.at], term, statement, lexicon):
            apart = True
    unnamed = unnamed or any(_nearest((one,), statement, lexicon) < TOLD for one in actors.values())
    near, then = 1.0, [time for time in question.times if time.bound != "as of"]
    if then:
        weight, near = max(map(_precise, then)), max(in_time(time, statement) for time in then)
        total, matched = total + weight, matched + weight * near
    apart = apart or not _said_by(question.speakers, statement, lexicon)
    unreal = statement.unreal and question.past and not question.planned and not question.whether
    unreal = unreal and not any(term.meanings & lexicon.threats for term in question.terms)
    fits = _fit(question, statement, lexicon)
    covers = matched / total if total else 0.0
    for wrong, worth in (
        (near <= 0.5, 0.5),
        (unnamed, 0.75),
        (apart, 0.6),
        (blurred, 0.65),
        (unreal, 0.55),
        (flipped and not question.whether and not question.negated, 0.5),
        (fits < -0.5, 0.4),
    ):
        covers *= worth if wrong else 1.0
    return Match(statement, covers, fits, tuple(missing), worst, blurred, flipped, apart, unreal)


def _precise(time: Time) -> float:
    """How much it tells that a fact is of a time: a day tells more than a year."""
    days = (time.last - time.first).days
    return 1.0 if days < 3 else 0.6 if days < 40 else 0.4


def _said_by(speakers: Collection[str], statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact gives the words of one of those, or of somebody of theirs."""
    theirs = statement.speakers
    return not speakers or any(lexicon.nearness(one, their) for one in speakers for their in theirs)


def _near(term: Term, statement: Statement, lexicon: Lexicon) -> tuple[float, bool]:
    """How well a fact tells a term, and whether by its opposite."""
    best = _nearest(term.meanings, statement, lexicon)
    if best < 1 and not term.name and lexicon.opposed(term.meanings, statement.told):
        # The end of what is the contrary is no contrary: who no longer takes part has left.
        return 0.8, not any(one in lexicon.ending for one in statement.told)
    if best < TOLD and term.parts:
        best = max(best, sum(_nearest(part, statement, lexicon) for part in term.parts) / len(term.parts))
    return best, False


def _nearest(meanings: Iterable[str], statement: Statement, lexicon: Lexicon) -> float:
    best = 0.0
    for asked in meanings:
        if asked in statement.told:
            best = max(best, statement.told[asked])
            continue
        for told, plainly in statement.told.items():
            near = lexicon.nearness(asked, told)
            if near > best and not (told in lexicon.above.get(asked, ()) and _of_another(asked, told, statement, lexicon)):
                best = max(best, near * plainly)
    return best


def _of_another(asked: str, wider: str, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact that names something wider is about another part of it: a bow, where a stern is asked."""
    kind = lexicon.names[asked].kind if asked in lexicon.names else ""
    return any(
        told != asked and told in lexicon.names and lexicon.names[told].kind == kind
        and wider in lexicon.above.get(told, ()) and not lexicon.nearness(asked, told)
        for told, plainly in statement.told.items() if plainly == 1.0
    )  # fmt: skip


def _others(actor: str, term: Term, statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a fact tells that somebody else does what a term says."""
    theirs = [
        statement.actors[told.at]
        for told in statement.terms
        if told.at in statement.actors and (told.meanings & term.meanings)
    ]
    return bool(theirs) and not any(
        lexicon.nearness(actor, one) or lexicon.nearness(one, actor) for one in theirs
    )


def in_time(time: Time, statement: Statement) -> float:
    """1 where a fact is of a time, else how much it is worth for that time."""
    if time.bound == "as of":
        return 1.0
    fact = statement.fact
    first, last = fact.date.first, fact.date.last
    if first is None or last is None:
        return 0.6
    if time.bound in {"since", "after"}:
        return 1.0 if last >= time.first else 0.6
    if time.bound == "before":
        return 1.0 if first <= time.last else 0.6
    if first <= time.last and last >= time.first:
        return 1.0
    if time.month and (first.month <= time.month <= last.month or time.month_name in fact.says.lower()):
        return 1.0
    year = str(time.first.year)
    if time.first.year == time.last.year and (time.last - time.first).days > 300 and year in statement.numbers:
        return 0.95
    # What was said then of another time: a plan of January for September.
    return 0.9 if time.typed.lower().split()[0] in fact.says.lower() and year in statement.numbers else 0.5


def _fit(question: Question, statement: Statement, lexicon: Lexicon) -> float:
    """How well a fact is of the kind that is wanted; below -0.5 it does not answer at all."""
    fact = statement.fact
    if question.wanted:
        asked = {meaning for term in question.terms if not term.light for meaning in term.meanings}
        named = statement.named(question.wanted, lexicon) - (asked if question.wanted != CRAFT else set())
        return 1.0 if (named if question.kind == "who" else named - statement.speakers) else -1.0
    match question.kind:
        case "when":
            if fact.date.first is None or fact.kind == "background":
                return -1.0 if not statement.numbers else -0.3
            if question.exact and fact.date.last and (fact.date.last - fact.date.first).days > _A_MONTH:
                return -1.0
            return 0.6 + (0.4 if (fact.kind == "plan") == question.planned else -0.4)
        case "why":
            return 1.0 if statement.causal else -0.6
        case "how many":
            return 1.0 if statement.counts else -1.0
        case "how long":
            return 0.3 if statement.lasts else -1.0
        case "quote":
            return 0.7 if fact.speaker else -0.3
        case "whether" | "status" | "change":
            return 0.4 if fact.kind in {"event", "statement"} else 0.0
        case _:
            return 0.2 if fact.kind != "background" else 0.0


def best_of(matches: Sequence[Match], least: float) -> Match | None:
    """The best match, where it tells enough."""
    return matches[0] if matches and matches[0].covers >= least else None
