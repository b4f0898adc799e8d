"""`timeline`: what happened, and what was said and planned, in the order of the calendar."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.answer.lines import later, next_after, nothing_loaded, ways_on
from bot.command.entry import Ask
from bot.edtf import Edtf, spoken_day
from bot.model import Fact
from bot.reply import Action, Line, Reply, Section
from bot.store.shelf import Shelf
from bot.wording import amended, fact_line, overturned_by, plural

if TYPE_CHECKING:
    from bot.chart import Chart

MOST_LINES = 400
STATUS, SOURCES = Action("Status", "status"), Action("Sources", "sources")
MOST_READ = 40  # briefings that are read for what matters most in a picture


def timeline(ask: Ask) -> Reply:
    """Answers `timeline [FROM] [TO] [TAG] [known DATE] [chart] [light/dark]`."""
    known = ask.when("known")
    as_of = known.last if known else None
    shelf = ask.shelf.as_told_on(as_of)
    span = shelf.span()
    if span is None:
        return nothing_loaded(ask, "timeline")
    start, end, tag = ask.when("from"), ask.when("to"), ask.text("tag")
    if start and end and start.first and end.first and start.first > end.first:
        start, end = end, start
    since, until = start.first if start else None, end.last if end else None
    facts, total = shelf.timeline(since, until, tag, as_of, MOST_LINES)
    about = f" about {tag}" if tag else ""
    plain = f"{ask.name}: timeline{about}{_between(since, until)}"
    title = plain + (f", as known on {spoken_day(as_of)}" if as_of else "")
    onward = next_after(as_of, ask.shelf.horizon(None)) if as_of else ()
    if not facts:
        # What is so without having happened is in no timeline, whatever its date.
        text = f"The corpus has no dated event, statement or plan{about}{_between(since, until)}."
        return Reply(
            "timeline", title, (Section("", (Line(text),)),),
            actions=(*onward, Action("Whole timeline", "timeline"), SOURCES),
            as_of=as_of or span[1], abstained=True,
        )  # fmt: skip
    overturned = overturned_by(shelf, facts, as_of)
    mended = later(shelf.amendments("fact", [fact.id for fact in facts]) if as_of else {}, as_of)
    lines = {
        fact.id: fact_line(
            fact, overturned=overturned.get(fact.id, ()), amended=amended(mended.get(fact.id, ()), as_of)
        )
        for fact in facts
    }
    colours = (ask.text("colours") or "").lower()
    if colours or ask.text("chart"):
        picture = _picture(shelf, plain, as_of or span[1], facts, total)
        picture = picture._replace(dark=colours == "dark" if colours else None)
        return _beside(picture, title, lines)._replace(
            actions=(*onward, *ways_on(mended), Action("All in words", _words(ask)), STATUS, SOURCES)
        )
    notes = [f"{plural(total, 'dated fact')}, oldest first."]
    if total > len(facts):
        notes = [f"The first {len(facts):,} of {plural(total, 'dated fact')}; give a later FROM, or a TAG."]
    return Reply(
        "timeline",
        title,
        (Section("", tuple(lines.values())),),
        notes=tuple(notes),
        actions=(*onward, *ways_on(mended), Action("Picture", f"{_words(ask)} chart"), STATUS, SOURCES),
        as_of=as_of or span[1],
    )


def _words(ask: Ask) -> str:
    """The request in words, without the wish for a picture."""
    cues = {"from": "from", "to": "to", "tag": "about", "known": "known"}
    given = ((cue, ask.args[name]) for name, cue in cues.items() if name in ask.args)
    return " ".join(
        ["timeline", *(f"{cue} {value.text if isinstance(value, Edtf) else value}" for cue, value in given)]
    )


def _picture(shelf: Shelf, title: str, as_of: date, facts: Sequence[Fact], total: int) -> "Chart":
    """What of these facts is drawn, and how, by what is known on a day."""
    from bot.answer.chart import Seen, chart, parties, weights  # only a picture needs them

    # Whose a fact is does not depend on which part of the story is looked at.
    every = {fact.id: fact for fact in (*shelf.timeline(None, None, None, as_of, MOST_LINES)[0], *facts)}
    weight = weights(shelf.sentences(card.id) for card in shelf.briefings(as_of, newest=MOST_READ))
    ids = [fact.id for fact in facts]
    for kind, back in (("supersedes", False), ("disputes", False), ("disputes", True)):
        links = shelf.links(ids, kind, as_of, back=back)
        weight.update({fact: len(some) for fact, some in links.items()})
    overturned = overturned_by(shelf, facts, as_of)
    return chart(title, as_of, facts, Seen(parties(every.values()), overturned.keys(), weight), total)


def _beside(picture: "Chart", title: str, lines: Mapping[str, Line]) -> Reply:
    """The answer that goes with a picture: how to read it, then what it shows in words."""
    names = [lane.name for lane in picture.lanes]
    shown = [mark.fact for lane in picture.lanes for mark in lane.marks]
    how = (
        f"Time runs down; {'lanes' if len(names) > 1 else 'the lane'}: {', '.join(names)}."
        " A bar is a date known only as a span, a hollow mark is a plan, and what is struck through has been"
        f" overturned since. The dashed line is {spoken_day(picture.as_of)}."
    )
    told = (Section(lane.name, tuple(lines[mark.fact] for mark in lane.marks)) for lane in picture.lanes)
    return Reply(
        "timeline",
        title,
        (Section("", (Line(how, tuple(shown)),)), *told),
        notes=(f"Shown: {picture.note}.",),
        as_of=picture.as_of,
        picture=picture,
    )


def _between(since: date | None, until: date | None) -> str:
    start = f" from {spoken_day(since)}" if since else ""
    return start + (f" to {spoken_day(until)}" if until else "")
