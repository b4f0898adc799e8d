"""`digest list` and `digest show`: what is set, what came last, and what comes next."""

from bot.command.entry import Ask
from bot.digest.commands.asking import all_of, counted, how_to_subscribe, is_here, to_subscribe, which
from bot.digest.commands.offers import TELLS
from bot.digest.commands.outcome import coming, day_of, delivery_outcome, last_line, next_line
from bot.digest.commands.saying import ahead_text, capital, clock_of, moment_text, sentence, weekdays_text
from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.due import Due
from bot.digest.schedule.subscription import (
    Subscription,
    clock_text,
    days_off_text,
    days_text,
    publish_text,
    quiet_text,
    start_text,
)
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment
from bot.store.outbox import Outbox
from bot.store.register import SubscriptionRow
from bot.wording import plural

MOST_LISTED = 200
_PRESSED = 10  # have a button each: as many as there is room for


def listing(ask: Ask) -> Reply:
    """Answers `digest list`."""
    rows = all_of(ask, MOST_LISTED + 1)
    if not rows:
        line = Line("No digest comes here yet.")
        more = Line("", label=f"{ask.call} {how_to_subscribe(ask)}")
        sections = (Section("", (line,)), Section("Try", (more,)))
        return Reply("digest list", "Digests", sections, actions=(to_subscribe(ask),), private=True)
    lines = tuple(_listed(ask, row) for row in rows[:MOST_LISTED])
    notes = [f"Only the first {MOST_LISTED} are shown."] if len(rows) > MOST_LISTED else []
    actions = tuple(Action(f"Show no. {row.id}", f"digest show {row.id}") for row in rows[:_PRESSED])
    return Reply(
        "digest list",
        capital(counted(rows, MOST_LISTED)),
        (Section("", lines),),
        notes=tuple(notes),
        actions=actions,
        private=True,
        alone=not all(is_here(ask, row) for row in rows),
    )


def show(ask: Ask) -> Reply:
    """Answers `digest show`."""
    row = which(ask, "digest show")
    if isinstance(row, Reply):
        return row
    it, outbox, zone = subscription_of(row), Outbox(ask.shelf.connection), clock_of(row)
    values = [Line(row.place_name, label="channel")]
    without = set() if row.kind == "replay" else {"pace", "start"}
    values += [Line(value, label=name) for name, value in shown_values(it).items() if name not in without]
    values = [
        line._replace(text=pinged(ask, row, line.text)) if line.label in PING else line for line in values
    ]
    if ask.asker.operator and row.platform != "terminal":
        values.insert(1, Line(_server(row), label="server"))
    wished = [Line(f"Wished by {_who(row)}; subscribed on {moment_text(moment(row.created), zone)}.")]
    opened = [
        Line(sentence(delivery_outcome(one, zone, ask.now)), label=one.task)
        for one in outbox.open_of(row.id)
        if one.task in {"post", "publish"}
    ]
    sections = [
        Section("What is set", tuple(values)),
        Section("What came last", (last_line(ask, row),)),
        Section("What comes next", (Line(next_line(ask, row)),)),
        *([Section("Under way", tuple(opened))] if opened else []),
        Section("", tuple(wished)),
    ]
    turn = "resume" if row.paused else "pause"
    actions = (
        Action("Preview", f"digest preview {row.id}"),
        Action("Why", f"digest why {row.id}"),
        Action(turn.capitalize(), f"digest {turn} {row.id}"),
        Action("Unsubscribe", f"digest unsubscribe {row.id}"),
    )
    return Reply(
        "digest show",
        f"Digest no. {row.id}",
        tuple(sections),
        notes=(f"To change any of it: {ask.call} digest change {row.id} at 18:00",),
        actions=actions,
        private=True,
        alone=not is_here(ask, row),
    )


PING = {"role", "ping"}
"""What the value is called that says who is pinged: the word of its platform."""


def pinged(ask: Ask, row: SubscriptionRow, role: str) -> str:
    """Who is pinged, by name where that is known here; or `none`."""
    named = ask.asker.role_called(role) if row.server == ask.asker.server else role
    return f"@{named}" if row.platform == "slack" and named != role else named


def shown_values(it: Subscription) -> dict[str, str]:
    """All that is set, by the words with which it can be changed, as far as its platform has it."""
    slack = it.platform == "slack"
    values = {
        "kind": f"{it.kind}: {TELLS[it.kind]}",
        "at": clock_text(it.at),
        "zone": it.zone,
        "days": f"{days_text(it.days)}: {weekdays_text(it.days)}" if len(it.days) < 7 else "daily",
        "quiet": quiet_text(it.quiet),
        "off": days_off_text(it.days_off),
        "grace": plural(it.grace, "hour"),
        "ping" if slack else "role": it.role or "none",
        "nothing_new": it.nothing_new,
        "pace": plural(it.pace, "day"),
        "start": start_text(it.start),
    }
    return values if slack else {**values, "publish": publish_text(it.publish)}


def _listed(ask: Ask, row: SubscriptionRow) -> Line:
    it = subscription_of(row)
    there = _server(row)
    told = not ask.asker.operator or row.platform == "terminal" or there == row.place_name
    where = "" if told else f" ({there})"
    text = f"{row.kind} in {row.place_name}{where}, {weekdays_text(it.days)} at {row.at} ({row.zone})"
    found, zone = coming(ask, row), clock_of(row)
    if isinstance(found, Due):
        ahead = ahead_text(found.moment, ask.now)
        comes = "due now" if found.moment <= ask.now else f"{moment_text(found.moment, zone)}, {ahead}"
        state = f"Next: {comes}."
    else:
        state = found
    last = ask.register.last_numbered(row.id)
    came = f"Last: no. {last.number} of {spoken_day(day_of(last))}." if last else "None has come yet."
    return Line(text, label=f"no. {row.id}", note=f"{state} {came}")


def _server(row: SubscriptionRow) -> str:
    """Where it comes, as whoever runs the bot types it."""
    return f"{row.platform}:{row.server}/{row.place}" if row.server else f"{row.platform}:{row.place}"


def _who(row: SubscriptionRow) -> str:
    return f"the user {row.by}" if row.by else "whoever runs the bot"
