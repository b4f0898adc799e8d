"""`compare`: the story as known on two days, and what changed between them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.lines import Later, later, next_after, nothing_loaded, room_for, ways_on
from bot.answer.states import State, state_line, state_on
from bot.command.entry import Ask
from bot.edtf import Edtf, spoken, spoken_day
from bot.model import OPEN, Fact
from bot.reply import Action, Line, Reply, Section
from bot.store.changes import Pair, Span, disputed, how_many, overturned, telling
from bot.store.shelf import Link, Shelf
from bot.wording import amended, cites_of, dated, fact_line, overturned_by, plural, said

MOST_OVERTURNED = 8
MOST_NEW = 8
MOST_OPEN = 12
MOST_DISPUTES = 6


class Compared(NamedTuple):
    """All that a comparison is composed from: nothing of it was published after the later day."""

    early: date
    late: date
    before: State | None
    after: State | None
    first: date  # of the first source
    overturned: Sequence[Pair]  # what was known by the earlier day, each once; without what was settled
    new: Sequence[Fact]
    total: int  # facts that became known between them
    settled: Sequence[tuple[Fact, Link]]
    still: Sequence[Fact]  # that are open on both days
    disputed: Sequence[Pair]
    links: Mapping[str, Sequence[Link]]  # what overturned the new facts by the later day
    mended: Later


def compare(ask: Ask) -> Reply:
    """Answers `compare DATE DATE`."""
    span, newest = ask.shelf.span(), ask.shelf.horizon(None)
    one, other = ask.when("from"), ask.when("to")
    if span is None or newest is None or one is None or other is None:
        return nothing_loaded(ask, "compare")
    early, late = sorted((_day(one), _day(other)))
    read = _read_as(one, other)
    if early == late:
        return _one_day(ask, early)._replace(notes=read)
    shelf = ask.shelf.as_told_on(late)
    known = shelf.span()
    if known is None or shelf.horizon(late) is None:
        return _before_all(ask, early, late, span[0])._replace(notes=read)
    reply = compose(ask, _compared(ask.shelf, early, late, known[0]), newest)
    return reply._replace(notes=(*read, *reply.notes))


def compose(ask: Ask, found: Compared, newest: date) -> Reply:
    """Says what changed; a pure function of what is known, but for the name of the story and the day."""
    told: set[str] = set()
    sections = [
        *_states(found),
        Section("What was open, and is settled", _settled(found, told)),
        Section(_some("What was overturned", found.overturned, MOST_OVERTURNED), _overturned(found, told)),
        Section(_new_title(found), _new(found)),
        Section("What was open, and still is", tuple(_open(fact, found) for fact in found.still)),
        Section(_some("What was disputed", found.disputed, MOST_DISPUTES), _disputed(found)),
    ]
    notes = [f"Built only from what was published by {spoken_day(found.late)}."]
    if not found.total:
        notes.insert(0, "No fact became known between the two days.")
    if found.late > ask.today:
        notes.append(f"{spoken_day(found.late)} is still to come.")
    days = (found.early, found.late)
    return Reply(
        "compare",
        _title(ask, *days),
        tuple(section for section in sections if section.lines),
        notes=tuple(notes),
        actions=(
            *next_after(found.late, newest),
            *ways_on(found.mended),
            *(Action(f"As of {spoken_day(day)}", f"status {day.isoformat()}") for day in days),
            Action("Timeline as known then", f"timeline known {found.late.isoformat()}"),
            Action("Sources", "sources"),
        ),
        as_of=found.late,
    )


def _compared(now: Shelf, early: date, late: date, first: date) -> Compared:
    shelf, span = now.as_told_on(late), Span(early, late, late)
    before, after = state_on(now, early), state_on(now, late)
    settled, still = _questions(now, early, late)
    questions = {fact.id for fact, _ in settled}
    pairs = [pair for pair in _told_first(overturned(shelf, span), before) if pair.before.id not in questions]
    shown = {pair.now.id for pair in pairs[: room_for(len(pairs), MOST_OVERTURNED)]} | {
        link.fact.id for _, link in settled
    }
    telling_most = telling(shelf, span, MOST_NEW + len(shown))
    new = [fact for fact in telling_most if fact.id not in shown][:MOST_NEW]
    against = disputed(shelf, span)
    facts = [
        *(
            fact
            for pair in (
                *pairs[: room_for(len(pairs), MOST_OVERTURNED)],
                *against[: room_for(len(against), MOST_DISPUTES)],
            )
            for fact in pair[:2]
        ),
        *new,
        *(fact for fact, _ in settled),
        *still,
    ]
    return Compared(
        early,
        late,
        before,
        after,
        first,
        pairs,
        new,
        how_many(shelf, span),
        settled,
        still,
        against,
        overturned_by(shelf, new, late),
        later(shelf.amendments("fact", [fact.id for fact in facts]), late),
    )


def _told_first(pairs: Sequence[Pair], before: State | None) -> list[Pair]:
    """Each overturned fact once, with what overturned it last; first those on which the state rested."""
    once: dict[str, Pair] = {}
    for pair in pairs:
        once.setdefault(pair.before.id, pair)
    cited = {*cites_of(before.sentences)} if before else set()
    return sorted(once.values(), key=lambda pair: pair.before.id not in cited)


def _questions(now: Shelf, early: date, late: date) -> tuple[list[tuple[Fact, Link]], list[Fact]]:
    """What was open on the earlier day: what has been settled by the later one, and what has not."""
    asked = now.as_told_on(early).open_questions(early, early, MOST_OPEN)
    shelf = now.as_told_on(late)
    there = shelf.facts(fact.id for fact in asked)
    facts = [there[fact.id] for fact in asked if fact.id in there]  # what was retracted by then is neither
    links = overturned_by(shelf, facts, late)
    settled = [(fact, links[fact.id][-1]) for fact in facts if fact.id in links]
    return settled, [fact for fact in facts if fact.id not in links]


# ── how it is told ──────────────────────────────────────────────────────────────────────


def _states(found: Compared) -> list[Section]:
    if found.before and found.after and found.before.card == found.after.card:
        return [Section("As known on both days", (_state(found.after),))]
    sections = []
    for day, state in ((found.early, found.before), (found.late, found.after)):
        if state:
            sections.append(Section(f"As known on {spoken_day(day)}", (_state(state),)))
        elif day < found.first:
            text = f"Nothing was known yet: the first source counts as published from {_first(found)}."
            sections.append(Section(f"As known on {spoken_day(day)}", (Line(text),)))
    return sections


def _state(state: State) -> Line:
    line = state_line(state)
    note = f"So the briefing of {spoken_day(state.card.known_on)}."
    return line._replace(note=" ".join(filter(None, [note, line.note])))


def _overturned(found: Compared, told: set[str]) -> tuple[Line, ...]:
    return tuple(
        _against(pair.before, pair.now, _now(pair.now, pair.because, told), found)
        for pair in found.overturned[: room_for(len(found.overturned), MOST_OVERTURNED)]
    )


def _new(found: Compared) -> tuple[Line, ...]:
    return tuple(
        fact_line(fact, overturned=found.links.get(fact.id, ()), amended=_mended(fact, found))
        for fact in found.new
    )


def _new_title(found: Compared) -> str:
    # Of those that are told as overturning something, none is told twice.
    some = len(found.new) < found.total
    count = f": the most telling of {plural(found.total, 'fact')}" if some else ""
    return f"What became known{count}"


def _settled(found: Compared, told: set[str]) -> tuple[Line, ...]:
    return tuple(
        _against(fact, link.fact, _now(link.fact, link.because, told), found) for fact, link in found.settled
    )


def _open(fact: Fact, found: Compared) -> Line:
    line = fact_line(fact, amended=_mended(fact, found))
    if OPEN in fact.tags or fact.date.last is None or fact.date.last > found.late:
        return line
    note = "Its day has passed, and nothing known by then tells what came of it."
    return line._replace(note=" ".join(filter(None, [note, line.note])))


def _disputed(found: Compared) -> tuple[Line, ...]:
    return tuple(
        _against(pair.now, pair.before, f"Against: {said(pair.before)} {pair.because}", found)
        for pair in found.disputed[: room_for(len(found.disputed), MOST_DISPUTES)]
    )


def _now(fact: Fact, because: str, told: set[str]) -> str:
    """What is known instead: in full where it is told first, and why it counts as overturned."""
    if fact.id in told:
        return because
    told.add(fact.id)
    return f"Now, {dated(fact.date)}: {said(fact)} {because}"


def _against(fact: Fact, other: Fact, note: str, found: Compared) -> Line:
    """The line of a fact, with another in its note."""
    line = fact_line(fact, amended=_mended(fact, found))
    return line._replace(cites=(fact.id, other.id), note=" ".join(filter(None, [note, line.note])))


def _mended(fact: Fact, found: Compared) -> str:
    return amended(found.mended.get(fact.id, ()), found.late)


def _some(title: str, all_of: Sequence[object], most: int) -> str:
    shown = room_for(len(all_of), most)
    return f"{title}: {shown} of {len(all_of):,}" if len(all_of) > shown else title


def _first(found: Compared) -> str:
    return spoken_day(found.first)


def _title(ask: Ask, early: date, late: date) -> str:
    return f"{ask.name}: {spoken_day(early)} and {spoken_day(late)}"


def _day(when: Edtf) -> date:
    """The last day that it can mean, as of which it is known."""
    return when.last or date.max


def _read_as(*times: Edtf) -> tuple[str, ...]:
    """As of which day a month, a year or another time is taken."""
    return tuple(
        f"{spoken(one)[:1].upper()}{spoken(one)[1:]} is taken as of its last day, {spoken_day(_day(one))}."
        for one in times
        if not one.exact
    )


def _one_day(ask: Ask, day: date) -> Reply:
    text = f"That is the same day twice, {spoken_day(day)}: there is nothing to compare."
    return Reply(
        "compare",
        ask.name,
        (Section("", (Line(text),)),),
        actions=(
            Action(f"As of {spoken_day(day)}", f"status {day.isoformat()}"),
            *next_after(day, ask.shelf.horizon(None)),
        ),
        as_of=day,
        abstained=True,
    )


def _before_all(ask: Ask, early: date, late: date, first: date) -> Reply:
    text = (
        f"Nothing was known yet on either day: the first source counts as published from {spoken_day(first)}."
    )
    return Reply(
        "compare",
        _title(ask, early, late),
        (Section("", (Line(text),)),),
        actions=(
            *next_after(late, ask.shelf.horizon(None)),
            Action(f"As of {spoken_day(first)}", f"status {first.isoformat()}"),
        ),
        as_of=late,
        abstained=True,
    )
