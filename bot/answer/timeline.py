"""`timeline`: what happened, and what was said and planned, in the order of the calendar."""

from datetime import date

from bot.answer.lines import later, nothing_loaded, ways_on
from bot.command.entry import Ask
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.wording import amended, fact_line, overturned_by, plural

MOST_LINES = 400


def timeline(ask: Ask) -> Reply:
    """Answers `timeline [FROM] [TO] [TAG]`."""
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
    title = f"{ask.name}: timeline{about}{_between(since, until)}"
    title += f", as known on {spoken_day(as_of)}" if as_of else ""
    if not facts:
        text = f"The corpus has no dated fact{about}{_between(since, until)}."
        return Reply(
            "timeline", title, (Section("", (Line(text),)),), actions=(Action("Whole timeline", "timeline"),),
            as_of=as_of or span[1], abstained=True,
        )  # fmt: skip
    overturned = overturned_by(shelf, facts, as_of)
    mended = later(shelf.amendments("fact", [fact.id for fact in facts]) if as_of else {}, as_of)
    lines = tuple(
        fact_line(
            fact, overturned=overturned.get(fact.id, ()), amended=amended(mended.get(fact.id, ()), as_of)
        )
        for fact in facts
    )
    notes = [f"{plural(total, 'dated fact')}, oldest first."]
    if total > len(facts):
        notes = [f"The first {len(facts):,} of {plural(total, 'dated fact')}; give a later FROM, or a TAG."]
    return Reply(
        "timeline",
        title,
        (Section("", lines),),
        notes=tuple(notes),
        actions=(*ways_on(mended), Action("Status", "status"), Action("Sources", "sources")),
        as_of=as_of or span[1],
    )


def _between(since: date | None, until: date | None) -> str:
    start = f" from {spoken_day(since)}" if since else ""
    return start + (f" to {spoken_day(until)}" if until else "")
