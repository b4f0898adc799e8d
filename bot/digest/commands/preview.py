"""`digest preview`: what would come next, as it would be posted; nothing is written."""

from datetime import date

from bot.command.entry import Ask
from bot.command.mistake import mistake
from bot.digest.commands.asking import which, zone_shown
from bot.digest.commands.saying import ahead_text, clock_of, moment_text, name_of
from bot.digest.content.edition import compose
from bot.digest.content.matter import Nothing, Occasion
from bot.digest.content.post import heading_text, posted
from bot.digest.ledger.ledger import Past, past, settled
from bot.digest.ledger.making import occasion_of
from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.due import Due, Held, next_due
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.store.outbox import Outbox
from bot.store.register import SubscriptionRow


def preview(ask: Ask) -> Reply:
    """Answers `digest preview`; it is for the asker alone."""
    row = which(ask, "digest preview")
    if isinstance(row, Reply):
        return row
    try:
        due = _next(ask, row)
    except ValueError as error:
        zone = f"digest change {row.id} zone {zone_shown(ask)}"
        return mistake(ask.call, "digest preview", f"Nothing can come: {error}.", (zone,))
    if due is None:
        what = f"{name_of(row)} has no day on which it could come within two years."
        return mistake(ask.call, "digest preview", what, (f"digest change {row.id} off none",))
    found = past(ask.register, Outbox(ask.shelf.connection), row, stop=False)
    occasion = occasion_at(ask, found, due.date)
    made = compose(ask.shelf, occasion)
    if isinstance(made, Nothing):
        return _nothing(ask, row, due, made)
    shown = posted(
        made.reply, heading_text(made.kind, made.number, made.day, occasion.held, due.moment), "", due.moment
    )
    notes = (f"This is a preview, for you alone. {_when(ask, row, due)}", *shown.notes)
    return shown._replace(command="digest preview", notes=notes, private=True, alone=True)


def occasion_at(ask: Ask, found: Past, day: date) -> Occasion:
    """For whom and when the edition of a day is made; what never arrived counts as held."""
    occasion = occasion_of(ask.register, found.row, ask.name, day)
    lost = {date.fromisoformat(one.day) for one in found.unsent}
    held = [one for one in occasion.held if not (one.first == one.last and one.first in lost)]
    held += [Held(one, one, "undelivered") for one in lost]
    return occasion._replace(held=tuple(sorted(held)))


def _next(ask: Ask, row: SubscriptionRow) -> Due | None:
    """The next edition; of one that is paused, as if it were resumed now."""
    it = subscription_of(row)
    if it.paused:
        it = it._replace(paused=False, since=ask.now, changed=ask.now)
    return next_due(it, settled(ask.register, row, it, ask.now), ask.now)


def _when(ask: Ask, row: SubscriptionRow, due: Due) -> str:
    at = f"{moment_text(due.moment, clock_of(row))}, {ahead_text(due.moment, ask.now)}"
    if row.paused:
        return f"It is paused ({row.paused.rstrip('.')}); resumed now, it would come on {at}."
    if due.moment <= ask.now:
        return f"It is due now, for {spoken_day(due.date)}."
    return f"It comes on {at}, with what is known by then."


def _looked_at(ask: Ask, row: SubscriptionRow, due: Due) -> str:
    if row.paused or due.moment <= ask.now:
        return _when(ask, row, due)
    at = moment_text(due.moment, clock_of(row))
    return f"It is looked at again on {at}, {ahead_text(due.moment, ask.now)}."


def _nothing(ask: Ask, row: SubscriptionRow, due: Due, made: Nothing) -> Reply:
    lines = (
        Line("As things are now, nothing would come next."),
        Line(made.why),
        Line(_looked_at(ask, row, due)),
    )
    actions = (Action("Show", f"digest show {row.id}"), Action("Why", f"digest why {row.id}"))
    return Reply(
        "digest preview",
        f"Digest no. {row.id}: nothing would come",
        (Section("", lines),),
        actions=actions,
        private=True,
        alone=True,
    )
