"""What became of editions and their deliveries, in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.command.entry import Ask
from bot.digest.commands.saying import ahead_text, clock_of, moment_text, sentence
from bot.digest.ledger.ledger import posts_of, settled
from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.due import Due, Why, next_due
from bot.edtf import spoken_day
from bot.reply import Line
from bot.store.moments import moment
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import EditionRow, SubscriptionRow

HELD: dict[Why, str] = {
    "missed": "the bot was away at its time, and for longer than its grace",
    "quiet hours": "its time fell in the quiet hours",
    "day off": "it fell on days off",
    "crowded": "a later edition was due as well",
    "undelivered": "it could not be delivered",
}
"""Why days have no edition of their own."""


def coming(ask: Ask, row: SubscriptionRow) -> Due | str:
    """The next edition, or why none comes."""
    if row.ended:
        return f"Nothing comes any more: it was ended on {moment_text(moment(row.ended), clock_of(row))}."
    if row.paused:
        return f"Nothing comes while it is paused: {row.paused.rstrip('.')}."
    it = subscription_of(row)
    try:
        found = next_due(it, settled(ask.register, row, it, ask.now), ask.now)
    except ValueError as error:
        return f"Nothing comes: {error}."
    return found or "Nothing comes within two years: no day is left by its days and its days off."


def next_line(ask: Ask, row: SubscriptionRow, *, first: bool = False) -> str:
    """When the next edition comes, as local date and time and in how long."""
    found = coming(ask, row)
    if isinstance(found, str):
        return found
    which = "first" if first else "next"
    if found.moment <= ask.now:
        return f"The {which} is due now, for {spoken_day(found.date)}."
    at = moment_text(found.moment, clock_of(row))
    return f"The {which} comes on {at}, {ahead_text(found.moment, ask.now)}."


def last_line(ask: Ask, row: SubscriptionRow) -> Line:
    """The newest edition with a number, and whether it arrived."""
    edition = ask.register.last_numbered(row.id)
    if edition is None:
        return Line("No edition has come yet.")
    said = edition_outcome(Outbox(ask.shelf.connection), edition, row, ask.now)
    return Line(sentence(said), label=f"no. {edition.number}", when=spoken_day(day_of(edition)))


def edition_outcome(outbox: Outbox, edition: EditionRow, row: SubscriptionRow, now: datetime) -> str:
    """What became of an edition, in a few words."""
    if not edition.number:
        return edition.said
    posts = posts_of(outbox, edition)
    return delivery_outcome(posts[-1], clock_of(row), now) if posts else "nothing of it had to be sent"


def delivery_outcome(delivery: DeliveryRow, zone: ZoneInfo, now: datetime) -> str:
    """What became of a delivery, in a few words."""
    done = moment_text(moment(delivery.done), zone, seconds=True) if delivery.done else "at an unknown time"
    publish = delivery.task == "publish"
    if delivery.state == "done":
        message = f" as message {delivery.message}" if delivery.message and not publish else ""
        return f"{'published to followers' if publish else 'arrived'} on {done}{message}"
    if delivery.state == "taken":
        return f"is being {'published' if publish else 'sent'} right now"
    if delivery.state == "refused":
        return f"was refused on {done}: {delivery.outcome}"
    if delivery.state == "held":
        end = "" if publish else "; what was in it goes into the next"
        why = delivery.outcome or "its time was over"
        return f"was not {'published' if publish else 'sent'}: {why}{end}"
    due = moment(delivery.due)
    again = (
        f"the next try is on {moment_text(due, zone, seconds=True)}, {ahead_text(due, now)}"
        if due > now
        else "it is its turn now"
    )
    maybe = "; it may have arrived, and is looked for before it is sent again" if delivery.unsure else ""
    why = f" ({delivery.outcome})" if delivery.outcome else ""
    return f"waits to be {'published' if publish else 'sent'}{why}: {again}{maybe}"


def day_of(edition: EditionRow) -> date:
    """The local date of an edition."""
    return date.fromisoformat(edition.day)
