"""The parts that every kind of edition is laid out from: what is most telling, and what stands around it.

At most seven lines are news; what does not fit is counted, and stands behind an action.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.digest.content.matter import Brief, Matter, Occasion, Tie, by_date, source_ids
from bot.digest.content.told import Named
from bot.digest.schedule.due import Held, Why
from bot.digest.schedule.subscription import Kind
from bot.edtf import spoken_day
from bot.model import BACKGROUND, UNKNOWN, Fact, Sentence
from bot.nearest import nearest
from bot.reply import Action, Line, Reply, Section, numbered
from bot.wording import cites_of, dated, fact_line, plural, references, said

LEAST_LINES, MOST_LINES = 3, 7
MOST_LEADS = 3  # sentences of the briefing that gives the state
MOST_STRETCHES = 2  # of held days that are named one by one
MOST_SOURCES = 3  # for whose rest an action is offered
ROOM = 1500  # characters of news beyond the least lines, so that an edition stays one message

NEW, CORRECTED, FACTS = "What is new", "Corrected", "Reported"
CHANGED, DISPUTED = "What overturns what", "What is disputed"
_ORDER = (CORRECTED, NEW, CHANGED, DISPUTED, FACTS)

NAMES: dict[Kind, str] = {
    "news": "News",
    "replay": "Replay",
    "weekly": "Weekly digest",
    "onthisday": "On this day",
}
WHY: dict[Why, str] = {
    "missed": "the bot was away",
    "quiet hours": "quiet hours",
    "day off": "days off",
    "crowded": "a later one was due",
    "undelivered": "it could not be delivered",
}
_TELLING = ("event", "statement", "plan", "background")


class Piece(NamedTuple):
    """A line that may stand in an edition."""

    section: str
    line: Line
    covers: tuple[str, ...]  # facts that need no line of their own beside it
    quotes: tuple[Named, ...] = ()


class Chosen(NamedTuple):
    """The news of an edition: what stands in it, and what is only counted."""

    sections: tuple[Section, ...]
    quotes: tuple[Named, ...]
    shown: frozenset[str]  # facts
    facts: tuple[Fact, ...]  # new, and not shown
    briefs: tuple[Brief, ...]


def choose(matter: Matter) -> Chosen:
    """The most telling lines of what is new: briefings, what overturns what, then what briefings cite."""
    told: list[Piece] = []
    shown: set[str] = set()
    room = ROOM
    for piece in (*_briefs(matter), *_changes(matter), *_facts(matter)):
        # What is said by a line above is not said again; a change is, since that line names no change.
        if piece.section == FACTS and set(piece.covers) <= shown:
            continue
        room -= len(piece.line.text) + len(piece.line.note)
        if len(told) == MOST_LINES or (room < 0 and len(told) >= LEAST_LINES):
            break
        told.append(piece)
        shown.update(piece.covers)
    sections = tuple(
        Section(title, tuple(piece.line for piece in told if piece.section == title)) for title in _ORDER
    )
    quoted = tuple(dict.fromkeys(named for piece in told for named in piece.quotes))
    return Chosen(
        tuple(section for section in sections if section.lines),
        quoted,
        frozenset(shown),
        tuple(fact for fact in matter.facts if fact.id not in shown),
        tuple(brief for brief in matter.briefs if _named(brief) not in quoted),
    )


def _named(brief: Brief) -> Named:
    return brief.card.id, brief.card.announced


def _briefs(matter: Matter) -> list[Piece]:
    """A line for each briefing, the newest first; then more of the one that gives the state."""
    pieces: list[Piece] = []
    more: list[Piece] = []
    for brief in sorted(matter.briefs, key=lambda brief: brief.card.known_on, reverse=True):
        if brief.earlier:
            pieces.append(_corrected(brief, matter.state))
        elif matter.state and brief.card.id == matter.state.card.id:
            leads = [_sentence(brief, sentence) for sentence in brief.sentences[:MOST_LEADS]]
            pieces += leads[:1]
            more += leads[1:]
        else:
            line = Line(brief.card.state, cites_of(brief.sentences), when=dated(brief.card.as_of))
            pieces.append(Piece(NEW, line, (), (_named(brief),)))
    return pieces + more


def _sentence(brief: Brief, sentence: Sentence) -> Piece:
    return Piece(NEW, Line(sentence.text, sentence.facts), sentence.facts, (_named(brief),))


def _corrected(brief: Brief, state: Brief | None) -> Piece:
    """What a briefing says now, and what it said before."""
    assert brief.earlier
    then = [sentence.text for sentence in brief.earlier.sentences]
    now = [sentence.text for sentence in brief.sentences]
    added = [sentence for sentence in brief.sentences if sentence.text not in then]
    gone = [text for text in then if text not in now]
    # Where the story's state is this briefing's, both states are told anyway.
    told = bool(added and state and state.card.id == brief.card.id)
    if brief.card.state != brief.earlier.state and not told:
        text, cites, note = brief.card.state, cites_of(brief.sentences), f"Before: {brief.earlier.state}"
    elif added:
        text, cites = added[0].text, added[0].facts
        near = nearest(text, gone, cutoff=0.4)
        note = f"Before: {near[0]}" if near else f"No longer said: {gone[0]}" if gone else "This was added."
    else:
        text, cites = brief.card.state, cites_of(brief.sentences)
        note = f"No longer said: {gone[0]}" if gone else "Only its form or its sources have changed."
    line = Line(text, cites, when=dated(brief.card.as_of), note=note)
    # A state rests on all that its briefing cites, but does not say it.
    return Piece(CORRECTED, line, () if text == brief.card.state else cites, (_named(brief),))


def _changes(matter: Matter) -> list[Piece]:
    """A line for each fact that overturns or disputes others."""
    by_fact: dict[str, list[Tie]] = {}
    for tie in sorted(matter.ties, key=lambda tie: (tie.kind != "supersedes", *by_date(tie.fact))):
        by_fact.setdefault(tie.fact.id, []).append(tie)
    return [_change(ties) for ties in by_fact.values()]


def _change(ties: Sequence[Tie]) -> Piece:
    fact = ties[0].fact
    others = tuple(tie.other.id for tie in ties)
    # Both kinds of relation are shown in words: what it does to the other, what that says, and why.
    notes = [
        f"{'Overturns' if tie.kind == 'supersedes' else 'Disputes'}: {said(tie.other)} {tie.because}"
        for tie in ties
    ]
    line = fact_line(fact)._replace(note=" ".join(notes), cites=(fact.id, *others))
    overturns = any(tie.kind == "supersedes" for tie in ties)
    return Piece(CHANGED if overturns else DISPUTED, line, (fact.id, *others))


def _facts(matter: Matter) -> list[Piece]:
    """A line for each new fact: those that briefings cite first, then events, statements, plans."""
    place = {
        fact: number
        for number, fact in reversed([*enumerate(fact for brief in matter.briefs for fact in cites(brief))])
    }

    def telling(fact: Fact) -> tuple[bool, int, int, tuple[str, str, str]]:
        return fact.id not in place, _TELLING.index(fact.kind), place.get(fact.id, 0), by_date(fact)

    return [
        Piece(FACTS, fact_line(fact, overturned=matter.overturned.get(fact.id, ())), (fact.id,))
        for fact in sorted(matter.facts, key=telling)
    ]


def cites(brief: Brief) -> tuple[str, ...]:
    """The facts that a briefing cites."""
    return cites_of(brief.sentences)


def headline(matter: Matter) -> str:
    """What is most worth knowing of what is new, in a few words."""
    fresh = [brief for brief in matter.briefs if not brief.earlier]
    corrected = [brief for brief in matter.briefs if brief.earlier]
    turns = [brief for brief in fresh if brief.card.phase != BACKGROUND]
    overturned = {tie.other.id for tie in matter.ties if tie.kind == "supersedes"}
    if turns:
        return turns[-1].card.title
    if corrected:
        title = corrected[-1].card.title
        return f"corrected: {title}" if len(corrected) == 1 else plural(len(corrected), "corrected briefing")
    if overturned:
        return f"{plural(len(overturned), 'earlier report')} overturned"
    if matter.ties:
        return "what was reported is disputed"
    if fresh:
        return fresh[-1].card.title
    outlets = {
        card.outlet for card in matter.cards if card.id in source_ids(fact.id for fact in matter.facts)
    }
    by = f" from {outlets.pop()}" if len(outlets) == 1 and outlets != {UNKNOWN} else ""
    return plural(len(matter.facts), "new fact") + by


def quotes(matter: Matter, chosen: Chosen | None = None) -> tuple[Named, ...]:
    """The briefings whose words stand in an edition, each once."""
    before = [(matter.before.card.id, matter.before.card.announced)] if matter.before else []
    state = [_named(matter.state)] if matter.state else []
    named = [*(chosen.quotes if chosen else ()), *state, *before]
    return tuple(dict.fromkeys(named))


def standing(
    matter: Matter, *, now: str = "Where it stands", then: str = "Where it stood before"
) -> tuple[Section, ...]:
    """The state of the story in one line, and before it the state it had, where that has changed."""
    if matter.state is None:
        return ()
    state = matter.state
    rests = cites(state)
    sections = [Section(now, (Line(state.card.state, rests, when=dated(state.card.as_of)),))]
    if matter.before:
        before = matter.before
        line = Line(before.state, cites_of(before.sentences) or rests, when=dated(before.card.as_of))
        sections.insert(0, Section(then, (line,)))
    return tuple(sections)


def filled(sections: Sequence[Section], matter: Matter, shown: Iterable[str] = ()) -> tuple[Section, ...]:
    """The sections; where they have few lines, with what is open, and more of how it stands."""
    lacking = LEAST_LINES - sum(len(section.lines) for section in sections)
    there = {line.text for section in sections for line in section.lines} | {*shown}
    opened = [fact for fact in matter.open_questions if not {fact.id, said(fact)} & there]
    lines = tuple(fact_line(fact) for fact in opened[: max(lacking, 0)])
    more = list(sections)
    if lines:
        more.append(Section("What is open", lines))
    lacking -= len(lines)
    if lacking > 0 and matter.state:
        sentences = [sentence for sentence in matter.state.sentences if sentence.text not in there]
        told = tuple(Line(sentence.text, sentence.facts) for sentence in sentences[:lacking])
        if told:
            more.append(Section("What led there", told))
    return tuple(more)


def rest(
    chosen: Chosen, known: date | None = None, *, what: str = "Also new"
) -> tuple[tuple[str, ...], tuple[Action, ...]]:
    """What is only counted, in a note, and the actions behind which it stands.

    With `known`, the actions show it as it was known on that day.
    """
    counted = [plural(len(chosen.briefs), "more briefing")] if chosen.briefs else []
    counted += [plural(len(chosen.facts), "more fact")] if chosen.facts else []
    if not counted:
        return (), ()
    actions = [Action("More briefings", "briefings")] if chosen.briefs else []
    sources = source_ids(fact.id for fact in chosen.facts)
    days = [fact.date.first for fact in chosen.facts if fact.date.first and fact.kind != BACKGROUND]
    if known is None and 0 < len(sources) <= MOST_SOURCES:
        actions += [Action(f"All of {source}", f"source {source}") for source in sources]
    elif chosen.facts:
        start = f" from {min(days).isoformat()}" if days else ""
        actions.append(Action("More facts", f"timeline{start}" + (f" known {known}" if known else "")))
        # Background stands in no timeline.
        actions += [Action("Sources", "sources")] if known is None else []
    words = ", ".join(action.words for action in actions)
    return (f"{what}: {' and '.join(counted)}; see {words}.",), tuple(actions)


def heading(kind: Kind, number: int, day: date, held: Sequence[Held]) -> tuple[str, ...]:
    """The number and date of an edition, and why it covers more than its day."""
    notes = [f"{NAMES[kind]} no. {number}, {spoken_day(day)}"]
    if 0 < len(held) <= MOST_STRETCHES:
        days = " and ".join(f"{days_text(one.first, one.last)} ({WHY[one.why]})" for one in held)
        notes.append(f"In it is also what was held on {days}.")
    elif held:
        whys = ", ".join(dict.fromkeys(WHY[one.why] for one in held))
        notes.append(
            f"In it is also what was held on days from {days_text(held[0].first, held[-1].last)} ({whys})."
        )
    return tuple(notes)


def late_note(late: timedelta) -> str:
    """That an edition is late, and by how much."""
    return f"Late by {_spoken(late)}."


def days_text(first: date, last: date) -> str:
    """`7 November 2026`, `1 to 3 March 2022`, `30 March 2022 to 2 April 2022`."""
    if first == last:
        return spoken_day(first)
    month = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if month else spoken_day(first)} to {spoken_day(last)}"


def _spoken(late: timedelta) -> str:
    minutes = max(int(late.total_seconds()) // 60, 1)
    parts = [plural(minutes // 60, "hour") if minutes >= 60 else "", plural(minutes % 60, "minute")]
    return " ".join(part for part in parts if part and not part.startswith("0 "))


def laid(
    occasion: Occasion,
    title: str,
    sections: Sequence[Section],
    matter: Matter,
    *,
    notes: Sequence[str] = (),
    actions: Sequence[Action] = (),
    as_of: date | None = None,
) -> Reply:
    """An edition as it is shown but for its heading, its sources numbered."""
    reply = Reply(
        "digest",
        f"{occasion.story}{title}",
        tuple(sections),
        notes=tuple(notes),
        actions=tuple(dict.fromkeys(actions)),
        as_of=as_of or occasion.day,
        version=matter.version,
    )
    return numbered(reply, references(matter.cards, reply.sources))
