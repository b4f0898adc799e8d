"""Questions that lead on from the one before: "and in March?", "who said so?"."""

from datetime import timedelta
from typing import NamedTuple

from bot.answer.asking.answers.answer import MOST_FACTS, Answer
from bot.answer.asking.answers.answering import answer
from bot.answer.asking.answers.finding import ENOUGH, Finder, dated
from bot.answer.asking.holding.fitting import fit
from bot.answer.asking.holding.matching import Match
from bot.answer.asking.holding.statement import read
from bot.answer.asking.reading.leading import (
    asks_more_of_it,
    asks_of_the_answer,
    asks_to_confirm,
    asks_what_was_around,
    asks_which_of_it,
    asks_who_did_it,
    led_on,
    reacts,
    replaced,
    stands_alone,
    whose_words,
)  # fmt: skip
from bot.answer.asking.reading.question import Question
from bot.answer.lines import whose
from bot.answer.lookup import Lookup
from bot.command.entry import Ask, Memory
from bot.command.request import MAX_TYPED
from bot.model import Fact
from bot.reply import Reply
from bot.store.looked import MINUTES, last_question, remember_question

ARROW = " > "
"""Stands between a question and the one that leads on from it, where both are kept as one."""

_MOST_BEFORE = 2  # questions
_LOOKED_AT = 3  # facts, of those that answer two questions best
_ABOUT_IT = 0.4  # how much of the question before a fact tells that is of the same matter
_MOST_AROUND = 2  # facts
_BOTH, _ALONE = 0.6, 0.85  # how much a fact tells of the two questions, and of the second alone


class Taken(NamedTuple):
    """A question as it was taken, and what answers it."""

    typed: str  # behind ARROW, where it leads on from others
    question: Question
    finder: Finder
    found: Answer | None


def take(look: Lookup, typed: str) -> Taken:
    """Answers a question, together with what stands before ARROW: that was asked before it."""
    before, _, last = _shortened(typed).rpartition(ARROW)
    alone = _taken(look, last, look.understood(last))
    if whose_words(alone.question):
        alone = alone._replace(found=None)  # nothing was said that anybody could have said
    return _after(look, before, alone) if before else alone


def with_the_one_before(look: Lookup, alone: Taken) -> Taken:
    """The same question together with the one before, where it is better understood so; else as it was."""
    before = _before(look.asked) if ARROW not in alone.typed else ""
    if not before or before.split(ARROW)[-1] == alone.typed or not _may_lead_on(alone) or _needs_none(alone):
        return alone
    both = take(look, _row(look, before, alone.typed))
    if _needs_an_answer(alone.question):
        # "What happened next?" may be asked of the story, too.
        return both if both.found or alone.question.kind != "status" else alone
    if not _leads_on(alone.question) and not _belongs(both):
        return alone
    return both if both.found or not _says_something(both.question) else alone


def _after(look: Lookup, before: str, alone: Taken) -> Taken:
    """Answers a question that leads on: from what was answered before, or by the two in one."""
    earlier = take(look, before)
    typed = f"{before}{ARROW}{alone.typed}"
    if found := _told_of_it(alone.question, earlier) or _which_of_it(alone.question, earlier, look):
        return Taken(typed, earlier.question._replace(leads_on=True), earlier.finder, found)
    if asks_what_was_around(alone.question) or asks_to_confirm(alone.question):
        return Taken(typed, led_on(alone.question, earlier.question), earlier.finder, None)
    if asks_who_did_it(alone.question):
        alone = alone._replace(question=alone.question._replace(terms=()))
    if asks_of_the_answer(alone.question):
        found = _of_the_answer(alone.question, earlier, look)
        if found or whose_words(alone.question):
            return Taken(typed, led_on(alone.question, earlier.question), earlier.finder, found)
    if reacts(alone.question):
        return _by_themselves(_taken(look, typed, _reaction(alone.question, earlier.question)))
    exchanged = [
        _taken(look, typed, _exchanged(look.understood(text), at, alone.question))
        for text, at in replaced(alone.question, earlier.question, look.lexicon)
    ]
    if exchanged:
        return max(exchanged, key=_how_well)
    question = earlier.question
    if earlier.found and earlier.found.lead:
        # It was answered by how things stand: of that it is asked more.
        question = look.understood(earlier.found.lead.text)._replace(times=question.times)
    return _taken(look, typed, led_on(alone.question, question))


def _reaction(question: Question, before: Question) -> Question:
    """What somebody said to that which was asked about before."""
    theirs = frozenset(f"={term.name}" for term in question.terms if term.name)
    return led_on(question, before)._replace(kind="quote", whether=False, wanted=frozenset(), speakers=theirs)


def _by_themselves(taken: Taken) -> Taken:
    """The same; a reaction is what they said or did of whom it is asked, and not to what they reacted."""
    matches = taken.finder.matches(taken.question)
    theirs = [one for one in matches if not one.apart and one.covers >= ENOUGH]
    others = {one.statement.fact.id for one in matches if one.apart}
    if not taken.found or not theirs or not taken.found.facts or taken.found.facts[0].id not in others:
        return taken
    return taken._replace(found=Answer((theirs[0].statement.fact,)))


def _told_of_it(question: Question, earlier: Taken) -> Answer | None:
    """What needs no more than the answer before: the same once more, or what was around it in time."""
    if earlier.found is None:
        return None
    if asks_to_confirm(question) or (asks_more_of_it(question) and earlier.found.facts):
        return earlier.found
    around = asks_what_was_around(question)
    return _around(around, earlier) if around and earlier.found.facts else None


def _which_of_it(question: Question, earlier: Taken, look: Lookup) -> Answer | None:
    """Those of the facts of the answer before that tell of a kind: "for which boats?"."""
    if earlier.found is None or not asks_which_of_it(question):
        return None
    asked = {meaning for term in question.telling for meaning in term.meanings}
    told = tuple(fact for fact in earlier.found.facts if asked & read(fact, look.lexicon).told.keys())
    return Answer(told) if told else None


def _around(way: str, earlier: Taken) -> Answer | None:
    """What of the same matter was next after what was answered, or last before it."""
    assert earlier.found
    fact = earlier.found.facts[0]
    named = {term.name for term in earlier.question.terms if term.name}
    known = [
        one
        for one in dated(earlier.finder.matches(earlier.question))
        if one.covers >= _ABOUT_IT
        and one.statement.fact.kind not in {"plan", "background"}
        and (not named or any(f"={name}" in one.statement.told for name in named))
    ]

    def days(one: Match) -> int:
        """How many days later it was, or earlier."""
        first, last = (fact, one.statement.fact) if way == "after" else (one.statement.fact, fact)
        if first.date.last is None or last.date.first is None:
            return 0
        return (last.date.first - first.date.last).days

    later = sorted((one for one in known if days(one) > 0), key=lambda one: (days(one), -one.score))
    # What happened, before what was only said.
    later = [one for one in later if one.statement.fact.kind == "event"] or later
    nearest = [one.statement.fact for one in later if days(one) == days(later[0])]
    return Answer(tuple(nearest[:_MOST_AROUND])) if nearest else None


def _of_the_answer(question: Question, earlier: Taken, look: Lookup) -> Answer | None:
    """Those of the facts that answered the question before that tell who said so, when, where or why."""
    if earlier.found is None:
        return None
    lead = earlier.found.lead
    first = earlier.finder.facts(lead.facts) if lead else {}
    longer = led_on(question, earlier.question)

    def tells(fact: Fact) -> bool:
        if whose_words(question):
            return bool(fact.speaker)
        return fit(longer, read(fact, look.lexicon), look.lexicon) > 0

    for facts in (first.values(), earlier.found.facts):
        if chosen := tuple(filter(tells, facts))[:MOST_FACTS]:
            return Answer(chosen)
    # What nobody is quoted with is told by its sources.
    return Answer(earlier.found.facts) if whose_words(question) and earlier.found.facts else None


def _exchanged(question: Question, at: int | None, short: Question) -> Question:
    """The question before with a part of it replaced: what is new has to be told, and may be yet to come."""
    focus = question.focus | ({at} if at is not None else set())
    return question._replace(mended=short.mended, focus=focus, past=False)


def _taken(look: Lookup, typed: str, question: Question) -> Taken:
    finder = look.finder(question)
    return Taken(typed, question, finder, answer(question, finder))


def _how_well(taken: Taken) -> tuple[bool, float]:
    """How well a question is answered: whether it is, and how much the best fact tells of it."""
    return taken.found is not None, _tells(taken)


def _leads_on(question: Question) -> bool:
    """Whether a question cannot be understood without the one before."""
    return (
        question.leads_on
        or asks_of_the_answer(question)
        or reacts(question)
        or asks_who_did_it(question)
        or asks_which_of_it(question)
        or _needs_an_answer(question)
    )


def _needs_an_answer(question: Question) -> bool:
    """Whether a question asks for nothing but what belongs to the answer before: "and then?", "really?"."""
    return bool(asks_what_was_around(question) or asks_to_confirm(question) or asks_more_of_it(question))


def _may_lead_on(alone: Taken) -> bool:
    """Whether a question leaves anything open: it says so, nothing answers it, or it names nothing."""
    question = alone.question
    if _needs_an_answer(question):
        return True
    if question.kind == "status" and alone.found and not question.telling:
        return False  # "is it over?" is asked of the story
    if alone.found and stands_alone(question) and _tells(alone) > _ALONE:
        return False  # "And when did Ann leave?"
    return _leads_on(question) or alone.found is None or not any(term.name for term in question.terms)


def _needs_none(alone: Taken) -> bool:
    """Whether a question needs none before it, as it is seen without looking that up."""
    question = alone.question
    if _leads_on(question):
        return False
    if not question.telling or _tells(alone) > _ALONE:
        return True  # "what happened in March?" is asked of a time alone
    # What the one before was about may be left out where they are joined, and nothing of its own.
    return all(one.missing for one in alone.finder.matches(question))


def _belongs(both: Taken) -> bool:
    """Whether a question that could stand alone is better understood with the one before."""
    return any(
        one.covers >= _BOTH and all(term.carried for term in one.missing)
        for one in both.finder.matches(both.question)[:_LOOKED_AT]
    )


def _tells(taken: Taken) -> float:
    """How much of a question the best fact tells."""
    return max((one.covers for one in taken.finder.matches(taken.question)), default=0.0)


def _says_something(question: Question) -> bool:
    """Whether a question asks of more than a time: "what happened in March?" is answered otherwise."""
    return bool(question.telling) or not question.times


def _row(look: Lookup, before: str, typed: str) -> str:
    """A question behind those that it leads on from: not behind "when?", which told nothing of its own."""
    row = before.split(ARROW)
    while len(row) > 1 and asks_of_the_answer(look.understood(row[-1])):
        row.pop()
    return ARROW.join((*row, typed))


def _shortened(typed: str) -> str:
    """A row of questions without the first of them, where it is too long."""
    row = typed.split(ARROW)[-_MOST_BEFORE - 1 :]
    while len(row) > 1 and len(ARROW.join(row)) > MAX_TYPED:
        row = row[1:]
    return ARROW.join(row)


def _before(asked: Ask) -> str:
    """What the same person asked here before, a few minutes ago at most."""
    after = asked.now - timedelta(minutes=MINUTES)
    return last_question(asked.shelf.connection, *whose(asked), after)


def memory(asked: Ask, reply: Reply) -> Memory:
    """The question, for a few minutes, and what it led on from: "and in March?" leads on from it."""
    typed = reply.words.removeprefix("ask ") if reply.words.startswith("ask ") else asked.text("question")
    who, kept, now = whose(asked), _shortened((typed or "")[:MAX_TYPED]), asked.now
    return lambda db: remember_question(db, *who, kept, now)
