"""`since`: what became known after a day, or has been added since somebody last looked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from bot.answer.lines import nothing_loaded, room_for, whose
from bot.answer.states import State, newest_of, state_line, state_of, state_on
from bot.command.entry import Ask, Memory
from bot.edtf import Edtf, spoken_day
from bot.model import BACKGROUND, Fact
from bot.reply import Action, Line, Reply, Section
from bot.store.changes import (
    MOST_BRIEFINGS,
    MOST_FACTS,
    MOST_SOURCES,
    Mended,
    Span,
    added_briefings,
    added_facts,
    added_sources,
    first_added,
    how_many,
    made_after,
    mended,
    newest_days,
    newest_revision,
    telling,
)
from bot.store.looked import Look, last_look, remember_look
from bot.store.shelf import Amendment, BriefingCard, Link, Shelf
from bot.wording import age, amended, fact_line, overturned_by, plural

MOST_LINES = 12  # facts in all, shared out among the days
MOST_DAYS = 8
MOST_TURNS = 6
MOST_WHOLE = 2  # days with a way to all of theirs
MOST_MENDED = 5
MOST_REASONS = 2  # of what one fact overturned
EVER = date.min


class Asked(NamedTuple):
    """What is asked for: what became known or was added then, and how that is said."""

    span: Span
    when: str  # in words: "since 5 March 2022"
    words: str  # the request, in words that are always understood the same way
    added: date | None = None  # only what was added from this day on
    note: str = ""


class Day(NamedTuple):
    """What became known on one day."""

    day: date
    facts: Sequence[Fact]  # those that tell the most
    known: int  # how many there are in all


class News(NamedTuple):
    """All that is told of what is new."""

    now: State | None
    then: State | None
    turns: Sequence[State]  # since then, oldest first, without the one that gives the state now
    days: Sequence[Day]  # oldest first
    total: int  # facts, also of days before these
    mended: Sequence[Mended]
    overturned: Mapping[str, Sequence[Link]]  # of these facts, by others
    overturns: Mapping[str, Sequence[Link]]  # by these facts, of others

    @property
    def anything(self) -> bool:
        """Whether anything at all is new."""
        return bool(self.total or self.mended or self.turned)

    @property
    def turned(self) -> bool:
        """Whether the state is another one."""
        return self.now is not None and (self.then is None or self.then.card.id != self.now.card.id)


def since(ask: Ask) -> Reply:
    """Answers `since [DATE] [added DATE]`."""
    shelf = ask.shelf
    known, newest = shelf.span(), shelf.horizon(None)
    if known is None or newest is None:
        return nothing_loaded(ask, "since")
    asked = _asked(ask, known[1])
    news = _news(shelf, asked)
    if not news.anything:
        return _nothing(ask, asked, newest)
    return _told(ask, asked, news, known[0])


def memory(ask: Ask, reply: Reply) -> Memory | None:
    """That somebody looked, and saw what there is; None where they asked for a day of their own."""
    if ask.when("date") or ask.when("added") or reply.abstained:
        return None
    look, who = Look(ask.now, newest_revision(ask.shelf)), whose(ask)
    return lambda db: remember_look(db, *who, look)


# ── what is asked for ───────────────────────────────────────────────────────────────────


def _asked(ask: Ask, newest: date) -> Asked:
    """What became known after a day, what was added from a day on, or what is new to whoever asks."""
    when, added = ask.when("date"), ask.when("added")
    after, said = _after(when) if when else (EVER, "")
    words = ["since", when.text] if when else ["since"]
    if added and added.first:
        found = _added(ask.shelf, added.first, after)
        return found._replace(when=" ".join(filter(None, [said, found.when])),
                              words=" ".join([*words, "added", added.text]))  # fmt: skip
    if when:
        return Asked(Span(after), said, " ".join(words))
    looked = last_look(ask.shelf.connection, *whose(ask))
    if looked is None:
        return _first_time(ask.shelf, newest)
    return _since_looked(ask.shelf, looked)


def _after(when: Edtf) -> tuple[date, str]:
    """The day after which it begins: a day itself is not part of it, a month or a week is."""
    first, last = when.first or EVER, when.last or EVER
    if when.exact:
        return last, f"since {spoken_day(last)}"
    return _before(first), f"from {spoken_day(first)} on"


def _added(shelf: Shelf, day: date, after: date = EVER) -> Asked:
    span = _since_revision(shelf, first_added(shelf, datetime.combine(day, time(), UTC)), after)
    words = f"since added {day.isoformat()}"
    return Asked(span, f"added since {spoken_day(day)}", words, day)


def _first_time(shelf: Shelf, newest: date) -> Asked:
    """What the newest source brought."""
    after = shelf.horizon(_before(newest)) or _before(newest)
    note = "You have not looked here before: this is what the newest source brought."
    return Asked(Span(after), f"since {spoken_day(after)}", f"since {after.isoformat()}", note=note)


def _since_looked(shelf: Shelf, look: Look) -> Asked:
    """From the beginning of that day, so that it can be said in words; nothing, where nothing came later."""
    looked = look.at.date()
    # What took long to be loaded has the day on which that began, which may be the one before.
    day = min(looked, made_after(shelf, look.revision) or looked)
    asked, span = _added(shelf, day), _since_revision(shelf, look.revision + 1, EVER)
    note = f"You last looked here on {spoken_day(looked)}."
    if span.sources or span.facts or _briefings(shelf, span) or _mended(shelf, span, day):
        return asked._replace(note=note)
    return asked._replace(span=span, when="since you last looked", words="since", note=note)


def _since_revision(shelf: Shelf, revision: int, after: date) -> Span:
    return Span(
        after,
        revision=revision,
        sources=added_sources(shelf, revision),
        facts=added_facts(shelf, revision),
    )


def _before(day: date) -> date:
    return day - timedelta(days=1) if day > EVER else EVER


# ── what is new ─────────────────────────────────────────────────────────────────────────


def _news(shelf: Shelf, asked: Asked) -> News:
    span = asked.span
    counts = newest_days(shelf, span, MOST_DAYS)
    shares = shared(counts, room_for(sum(counts.values()), MOST_LINES))
    told = [
        Day(day, telling(shelf, span._replace(after=_before(day), until=day), shares[day]), counts[day])
        for day in counts
    ]
    facts = [fact for day in told for fact in day.facts]
    then, turns, now = _states(shelf, span)
    return News(
        now,
        then,
        turns,
        told,
        how_many(shelf, span),
        _mended(shelf, span, asked.added),
        overturned_by(shelf, facts),
        shelf.links([fact.id for fact in facts], "supersedes", None, back=False),
    )


def shared(counts: Mapping[date, int], most: int) -> dict[date, int]:
    """So many lines, shared out among the days: evenly, and what a day does not need to the newest others."""
    shares = dict.fromkeys(counts, 0)
    while most and (open_days := [day for day in counts if shares[day] < counts[day]]):
        for day in sorted(open_days, reverse=True)[:most]:
            shares[day] += 1
            most -= 1
    return shares


def _states(shelf: Shelf, span: Span) -> tuple[State | None, list[State], State | None]:
    """The state as it was, the turns since, and the state now."""
    cards = shelf.briefings(newest=MOST_TURNS + 2)
    now = state_of(shelf, newest_of(cards))
    if span.revision is None:
        then = state_on(shelf, span.after)
        new = [card for card in cards if card.known_on > span.after]
    else:
        new = _briefings(shelf, span)
        ids = {card.id for card in new}
        older = shelf.briefings(newest=MOST_BRIEFINGS + MOST_TURNS)
        then = state_of(shelf, newest_of([card for card in older if card.id not in ids]))
    here = now.card.id if now else ""
    turns = [card for card in new if card.phase != BACKGROUND and card.id != here][-MOST_TURNS:]
    return then, [state for card in turns if (state := state_of(shelf, card))], now


def _briefings(shelf: Shelf, span: Span) -> list[BriefingCard]:
    """The briefings that were added."""
    cards = added_briefings(shelf, span.revision or 0)
    return [card for card in cards if card.known_on > span.after]


def _mended(shelf: Shelf, span: Span, added: date | None) -> list[Mended]:
    after = max(span.after, _before(added)) if added else span.after
    return mended(shelf, span._replace(after=after), MOST_MENDED)


# ── how it is told ──────────────────────────────────────────────────────────────────────


def _told(ask: Ask, asked: Asked, news: News, first: date) -> Reply:
    sections = [*_standing(asked, news, first)]
    if news.turns:
        lines = (Line(state.sentences[0].text, state.sentences[0].facts, note=state.mended)
                 for state in news.turns if state.sentences)  # fmt: skip
        sections.append(Section("The turns since", tuple(lines)))
    sections += [_of_day(day, news) for day in news.days]
    if news.mended:
        sections.append(Section("Mended since", tuple(map(_mending, news.mended))))
    return Reply(
        "since",
        f"{ask.name}: {asked.when}",
        tuple(sections),
        notes=tuple(filter(None, [asked.note, *_notes(news), *_cut(asked), *_still_to_come(ask, asked)])),
        actions=_actions(ask, asked, news),
        as_of=ask.shelf.horizon(None),
        words=asked.words,
    )


def _standing(asked: Asked, news: News, first: date) -> list[Section]:
    """The state now, and the one of then where that was another."""
    before = f"on {spoken_day(asked.span.after)}" if asked.added is None else "before that"
    if news.now is None:
        return []
    if not news.turned:
        # Of what was there before that, something may have been retracted since.
        same = "How it stands" if asked.added else f"How it stands, as it did {before}"
        return [Section(same, (state_line(news.now),))]
    sections = [Section("How it stands now", (state_line(news.now),))]
    if news.then:
        sections.append(Section(f"How it stood {before}", (state_line(news.then),)))
    elif asked.added is None and asked.span.after < first:
        text = f"Nothing was known yet: the first source counts as published from {spoken_day(first)}."
        sections.append(Section(f"How it stood {before}", (Line(text),)))
    return sections


def _of_day(day: Day, news: News) -> Section:
    some = f", {len(day.facts)} of {plural(day.known, 'fact')}" if len(day.facts) < day.known else ""
    lines = tuple(
        _with_reasons(
            fact_line(fact, overturned=news.overturned.get(fact.id, ())), news.overturns.get(fact.id, ())
        )
        for fact in day.facts
    )
    return Section(f"Known from {spoken_day(day.day)}{some}", lines)


def _with_reasons(line: Line, links: Sequence[Link]) -> Line:
    """The line of a fact, and what it overturned."""
    if not links:
        return line
    told = links[:MOST_REASONS]
    more = f" And {len(links) - len(told)} more." if len(links) > len(told) else ""
    note = f"It overturned: {' And: '.join(link.because for link in told)}{more}"
    cites = (*line.cites, *(link.fact.id for link in told))
    return line._replace(cites=tuple(dict.fromkeys(cites)), note=" ".join(filter(None, [note, line.note])))


def _mending(one: Mended) -> Line:
    return Line(amended([Amendment(one.act, one.on, one.why)]), label=one.id)


def _notes(news: News) -> list[str]:
    if not news.total:
        return ["No fact became known then."]
    shown = sum(len(day.facts) for day in news.days)
    known = f"{plural(news.total, 'fact')} became known"
    if shown == news.total:
        return [f"{known}, by the day from which they are known."]
    older = news.total - sum(day.known for day in news.days)
    left = f" Left out: {plural(older, 'fact')} of earlier days." if older else ""
    return [f"{known}; those that tell the most are shown, by the day from which they are known.{left}"]


def _cut(asked: Asked) -> list[str]:
    cut = [f"{MOST_SOURCES} sources"] if len(asked.span.sources) >= MOST_SOURCES else []
    cut += [f"{MOST_FACTS} facts of older sources"] if len(asked.span.facts) >= MOST_FACTS else []
    return [f"Of all that was added, only the newest {' and '.join(cut)} were looked at."] if cut else []


def _still_to_come(ask: Ask, asked: Asked) -> list[str]:
    day = asked.added or asked.span.after
    return ["That day is still to come."] if day > ask.today else []


def _actions(ask: Ask, asked: Asked, news: News) -> tuple[Action, ...]:
    after = asked.span.after.isoformat()
    actions = [Action("Status", "status")]
    if news.turned and news.now:
        actions.append(Action("Whole briefing", f"briefing {news.now.card.id}"))
    if asked.added is None:
        if asked.span.after > EVER:
            actions.append(Action("Then and now", f"compare {after} {ask.today.isoformat()}"))
        actions.append(Action("Timeline from then on", f"timeline from {after}"))
    ways = [Action(f"{one.act.capitalize()}: {one.id}", f"{one.kind} {one.id}") for one in news.mended[:2]]
    return (*actions, *_whole_days(news), *ways, Action("Sources", "sources"))


def _whole_days(news: News) -> list[Action]:
    """The ways to all of the newest days of which only some is told: to a source of each."""
    cut = [day for day in news.days if day.facts and len(day.facts) < day.known][-MOST_WHOLE:]
    sources = {spoken_day(day.day): day.facts[0].source_id for day in reversed(cut)}
    return [Action(f"All of {day}", f"source {source}") for day, source in sources.items()]


def _nothing(ask: Ask, asked: Asked, newest: date) -> Reply:
    text = (
        f"Nothing new {asked.when}. The newest that is known is from {spoken_day(newest)},"
        f" {age(newest, ask.today)}."
    )
    before = ask.shelf.horizon(_before(newest)) or _before(newest)
    return Reply(
        "since",
        f"{ask.name}: nothing new {asked.when}",
        (Section("", (Line(text),)),),
        notes=tuple(filter(None, [asked.note, *_still_to_come(ask, asked)])),
        actions=(Action("What came last", f"since {before.isoformat()}"), Action("Status", "status")),
        as_of=newest,
        words=asked.words,
    )
