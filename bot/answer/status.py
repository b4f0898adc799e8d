"""`status`: where the story stands, today or as it was known on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.lines import Later, later, next_after, nothing_loaded, ways_on
from bot.command.entry import Ask
from bot.command.reporting import report_action
from bot.edtf import spoken_day
from bot.model import BACKGROUND, Fact, Sentence
from bot.reply import Action, Line, Reply, Section
from bot.store.shelf import Amendment, BriefingCard
from bot.wording import age, amended, cites_of, fact_line, plural

LEAST_LINES, MOST_LINES = 3, 6
MOST_OPEN = 4


class Turn(NamedTuple):
    """One turn of the story: a briefing and its sentences, the first of which tells it alone."""

    card: BriefingCard
    sentences: Sequence[Sentence]


class Standing(NamedTuple):
    """All that a status is composed from."""

    name: str  # of the story
    asked: date | None  # the day asked for; None for now
    today: date
    horizon: date  # the newest day that anything known then is from
    newest: date  # the same for everything known today
    turns: Sequence[Turn]  # oldest first; background, if any, before all others
    open_questions: Sequence[Fact]
    recent: Sequence[Fact]  # what stands in for turns where there is no briefing yet
    sources: int
    briefings: int
    left_out: int  # files that could not be loaded as they are now
    amendments: Mapping[str, Sequence[Amendment]] = {}  # of these briefings and facts, by id


def status(ask: Ask) -> Reply:
    """Answers `status [DATE]`."""
    asked = ask.when("date")
    day_asked = asked.last if asked else None
    shelf = ask.shelf.as_told_on(day_asked)
    span = shelf.span()
    if span is None:
        return nothing_loaded(ask, "status")
    horizon = shelf.horizon(day_asked)
    newest = shelf.horizon(None)
    if horizon is None or newest is None:
        return _before_all(ask, day_asked or ask.today, span[0])
    cards = _turns(
        shelf.backgrounds(horizon),
        shelf.briefings(horizon, newest=MOST_LINES + 2),
    )
    turns = [Turn(card, shelf.sentences(card.id)) for card in cards]
    questions = shelf.open_questions(horizon, day_asked or ask.today, MOST_OPEN)
    recent = [] if turns else shelf.recent(horizon, MOST_LINES)
    amendments = shelf.amendments("briefing", [card.id for card in cards[::-1]])
    if day_asked:
        amendments |= shelf.amendments("fact", [fact.id for fact in (*questions, *recent)])
    return compose(
        Standing(
            ask.name,
            day_asked,
            ask.today,
            horizon,
            newest,
            turns,
            questions,
            recent,
            shelf.count("source", horizon),
            shelf.count("briefing", horizon),
            len({problem.path for problem in shelf.problems()}),
            amendments,
        )
    )


def compose(standing: Standing) -> Reply:
    """Says where the story stands; a pure function of what is known."""
    told = [turn for turn in standing.turns if turn.card.phase != BACKGROUND] or standing.turns
    since = later(standing.amendments, standing.asked)
    sections: list[Section] = []
    if told:
        now = told[-1]
        # Of the briefing that gives the state, also what was corrected by then.
        note = amended(standing.amendments.get(now.card.id, ()), standing.asked)
        sections.append(Section("", (Line(now.card.state, cites_of(now.sentences), note=note),)))
        sections.append(Section("What led there", _led(standing, since)))
    else:
        sections.append(Section("What is known", _facts(standing.recent, since, standing.asked)))
    if standing.open_questions:
        lines = _facts(standing.open_questions, since, standing.asked)
        sections.append(Section("What was open" if standing.asked else "What is open", lines))
    as_of = standing.asked or standing.horizon
    title = standing.name
    if standing.asked:
        title += f" as known on {spoken_day(standing.asked)}"
    return Reply(
        "status",
        title,
        tuple(sections),
        notes=(*_notes(standing), *_left_out(standing)),
        actions=_actions(standing),
        as_of=as_of,
    )


def _turns(backgrounds: Sequence[BriefingCard], cards: Sequence[BriefingCard]) -> list[BriefingCard]:
    """The beginning and the newest turns: as many as there are lines, and the one that is told first."""
    turns = [card for card in cards if card.phase != BACKGROUND]
    start = list(backgrounds[-1:])
    return start + turns[-(MOST_LINES - len(start)) - 1 :]


def _led(standing: Standing, since: Later) -> tuple[Line, ...]:
    """The first sentence of each turn before the newest, whose state is told already.

    Where these are few, the first sentences of the newest as well.
    """
    *before, newest = standing.turns
    leads = [
        Line(
            turn.sentences[0].text,
            turn.sentences[0].facts,
            note=amended(since.get(turn.card.id, ()), standing.asked),
        )
        for turn in before
    ]
    more = newest.sentences[: max(0, LEAST_LINES - len(leads))]
    return (*leads, *(Line(sentence.text, sentence.facts) for sentence in more))


def _facts(facts: Sequence[Fact], since: Later, asked: date | None) -> tuple[Line, ...]:
    return tuple(fact_line(fact, amended=amended(since.get(fact.id, ()), asked)) for fact in facts)


def _notes(standing: Standing) -> list[str]:
    based = f"{plural(standing.sources, 'source')} and {plural(standing.briefings, 'briefing')}"
    if standing.asked is None:
        return [f"Last updated {_aged(standing.horizon, standing.today)}; {based}."]
    notes = [f"Built only from what was published by then: {plural(standing.sources, 'source')}."]
    if (
        standing.horizon == standing.newest
        and standing.asked > standing.newest
        and not later(standing.amendments, standing.asked)
    ):
        notes.append(
            f"This is the newest state: last updated {spoken_day(standing.horizon)},"
            f" {age(standing.horizon, standing.asked).replace(' ago', ' before that day')}."
        )
    else:
        notes.append(f"Last updated {_aged(standing.horizon, standing.today)}.")
    if standing.asked > standing.today:
        notes.append("That day is still to come.")
    return notes


def _aged(then: date, today: date) -> str:
    return f"{spoken_day(then)}, {age(then, today)}"


def _left_out(standing: Standing) -> list[str]:
    if not standing.left_out:
        return []
    return [f"{plural(standing.left_out, 'file')} could not be loaded as written; see about."]


def _actions(standing: Standing) -> tuple[Action, ...]:
    known = f" known {standing.asked.isoformat()}" if standing.asked else ""
    label = "Timeline as known then" if standing.asked else "Timeline"
    actions = [Action(label, f"timeline{known}"), Action("Sources", "sources")]
    actions.append(Action("What was known when", "briefings"))
    if standing.asked:
        actions.append(Action("Today's state", "status"))
    actions.append(report_action(f"status {standing.asked.isoformat()}" if standing.asked else "status"))
    onward = next_after(standing.asked, standing.newest)
    return (*onward, *ways_on(later(standing.amendments, standing.asked)), *actions)


def _before_all(ask: Ask, asked: date, first: date) -> Reply:
    day = spoken_day(asked)
    text = f"Nothing was known yet on {day}: the first source counts as published from {spoken_day(first)}."
    return Reply(
        "status",
        f"{ask.name} as known on {spoken_day(asked)}",
        (Section("", (Line(text),)),),
        actions=(
            Action(f"As of {spoken_day(first)}", f"status {first.isoformat()}"),
            *next_after(asked, first),
            Action("Today's state", "status"),
        ),
        as_of=asked,
        abstained=True,
    )
