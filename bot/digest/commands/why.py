"""`digest why`: how each edition came, or why a day has none. No date is left without an answer."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby

from bot.command.entry import Ask
from bot.digest.commands.asking import is_here, which
from bot.digest.commands.outcome import day_of, delivery_outcome, edition_outcome, next_line
from bot.digest.commands.reason import Case, case_of, held_text, without
from bot.digest.commands.saying import (
    both_text,
    capital,
    moment_text,
    name_of,
    sentence,
    span_text,
)
from bot.digest.content.lay import days_text
from bot.digest.ledger.ledger import posts_of
from bot.digest.schedule.due import PUNCTUAL
from bot.digest.schedule.localtime import DAY, moment_of
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section, parse_reply
from bot.store.moments import moment
from bot.store.outbox import DeliveryRow
from bot.store.register import EditionRow, HeldRow
from bot.wording import plural

MOST_ENTRIES = 10  # of the ledger, where no date is given
MOST_DAYS = 92  # of a range, looked at day by day

_TASKS = {"post": "Delivery", "publish": "Publishing"}


def why(ask: Ask) -> Reply:
    """Answers `digest why [DATE] [ID]`."""
    row = which(ask, "digest why", ended=True)
    if isinstance(row, Reply):
        return row
    case = case_of(ask, row)
    when = ask.when("date")
    if when is None or when.first is None or when.last is None:
        sections, notes = _newest(case), [f"Of one day: {ask.call} digest why {ask.today} {row.id}"]
    elif when.first == when.last:
        sections, notes = _one_day(case, when.first), []
    else:
        sections, notes = _days(case, when.first, when.last)
    actions = (Action("Show", f"digest show {row.id}"), Action("Preview", f"digest preview {row.id}"))
    return Reply(
        "digest why",
        name_of(row),
        sections,
        notes=tuple(notes),
        actions=() if row.ended else actions,
        private=True,
        alone=not is_here(ask, row),
    )


# ── the last few ────────────────────────────────────────────────────────────────────────


def _newest(case: Case) -> tuple[Section, ...]:
    """The newest entries of the ledger, one line for each, and what comes next."""
    editions = case.ask.register.editions(case.row.id, MOST_ENTRIES)
    days = {edition.day for edition in editions}
    # What could not be delivered is in the ledger twice: as an edition, and as held.
    held = [
        one
        for one in case.ask.register.held_after(case.row.id, "")[-2 * MOST_ENTRIES :]
        if not (one.first == one.last and one.first in days)
    ]
    lines = [(edition.day, _entry(case, edition)) for edition in editions]
    lines += [(one.last, _stretch(one)) for one in held]
    told = [line for _, line in sorted(lines, key=lambda pair: pair[0], reverse=True)][:MOST_ENTRIES]
    sections = [
        Section("The last, newest first", tuple(told) or (Line("Nothing has been due so far."),)),
        Section("What comes next", (Line(next_line(case.ask, case.row)),)),
    ]
    if case.under_way:
        waits = f"It waits until it is known whether no. {case.under_way.number} arrives."
        sections[1] = sections[1]._replace(lines=(*sections[1].lines, Line(waits)))
    return tuple(sections)


def _entry(case: Case, edition: EditionRow) -> Line:
    said = edition_outcome(case.outbox, edition, case.row, case.ask.now)
    label = f"no. {edition.number}" if edition.number else ""
    return Line(sentence(said), label=label, when=spoken_day(day_of(edition)))


def _stretch(held: HeldRow) -> Line:
    first, last = date.fromisoformat(held.first), date.fromisoformat(held.last)
    return Line(sentence(held_text(held)), when=days_text(first, last))


# ── one day ─────────────────────────────────────────────────────────────────────────────


def _one_day(case: Case, day: date) -> tuple[Section, ...]:
    """Everything that is known of one local date."""
    edition = case.ask.register.edition(case.row.id, day.isoformat())
    held = case.ask.register.held_on(case.row.id, day.isoformat())
    if edition is None:
        reason = without(case, day, held)
        return (Section(spoken_day(day), (Line(sentence(f"{reason.short}{reason.more}")),)),)
    due, made = moment(edition.due), moment(edition.made)
    lines = [Line(f"{both_text(due, case.zone)}.", label="due")]
    if held and held.why != "undelivered":
        lines.append(Line(f"{capital(held_text(held))}; then it was asked for with “digest now”."))
    posts = posts_of(case.outbox, edition)
    lines.append(Line(_made(case, edition, due, made), label="made" if posts else "decided"))
    if posts and posts[-1].body:
        reply = parse_reply(case.outbox.body(posts[-1].body))
        cited = f"{plural(len(reply.facts), 'cited fact')} of {plural(len(reply.sources), 'source')}"
        lines.append(Line(f"“{reply.title}”, with {cited}.", label="in it"))
    if not edition.number:
        lines.append(Line(edition.said, label="no edition"))
    sections = [Section(spoken_day(day), tuple(lines))]
    sections += [_delivery(case, one) for one in case.outbox.of_edition(edition.id) if one.task in _TASKS]
    return tuple(sections)


def _made(case: Case, edition: EditionRow, due: datetime, made: datetime) -> str:
    at = moment_text(made, case.zone, seconds=True)
    what = f"as no. {edition.number}, {edition.kind}" if edition.number else f"as {edition.kind}"
    text = f"{at}, {what}"
    if made - due > PUNCTUAL:
        return f"{text}, {span_text(made - due)} late."
    if made == due and moment_of(day_of(edition), case.it.at, case.zone) != due:
        return f"{text}; it was asked for with “digest now”."
    return f"{text}, in time."


def _delivery(case: Case, delivery: DeliveryRow) -> Section:
    """Each attempt of a delivery that did not succeed at once, and what became of it."""
    lines = [
        Line(sentence(attempt.outcome), when=moment_text(moment(attempt.at), case.zone, seconds=True))
        for attempt in case.outbox.attempts(delivery.id)
    ]
    said = delivery_outcome(delivery, case.zone, case.ask.now)
    tries = f" Tried {plural(delivery.tries, 'time')}." if delivery.tries > 1 else ""
    lines.append(
        Line(f"It {said}.{tries}" if not said.startswith("published") else f"{capital(said)}.{tries}")
    )
    return Section(_TASKS[delivery.task], tuple(lines))


# ── a range ─────────────────────────────────────────────────────────────────────────────


def _days(case: Case, first: date, last: date) -> tuple[tuple[Section, ...], list[str]]:
    """What became of each date of a range, the newest first; those with one and the same answer in one."""
    start = max(first, date.fromordinal(max(last.toordinal() - MOST_DAYS + 1, 1)))
    notes = [] if start == first else [f"Only the last {MOST_DAYS} days of these are shown."]
    said = [(day, _short(case, day)) for day in _backwards(start, last)]
    lines = []
    for (label, text), stretch in groupby(said, key=lambda pair: (pair[1].label, pair[1].text)):
        days = [day for day, _ in stretch]
        lines.append(Line(text, label=label, when=days_text(days[-1], days[0])))
    return (Section(days_text(start, last), tuple(lines)),), notes


def _backwards(first: date, last: date) -> Iterator[date]:
    return (last - ahead * DAY for ahead in range((last - first).days + 1))


def _short(case: Case, day: date) -> Line:
    edition = case.ask.register.edition(case.row.id, day.isoformat())
    if edition:
        return _entry(case, edition)
    held = case.ask.register.held_on(case.row.id, day.isoformat())
    return Line(sentence(without(case, day, held).short))
