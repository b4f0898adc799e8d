"""`digest now`: today's edition at once, in the same way as the timer makes it; never a second of a date."""

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from bot.command.entry import Ask
from bot.digest.commands.asking import refused, which, zone_shown
from bot.digest.commands.outcome import day_of, edition_outcome, next_line
from bot.digest.commands.pausing import may_post
from bot.digest.commands.preview import occasion_at
from bot.digest.commands.saying import moment_text, name_of, sentence
from bot.digest.content.edition import compose
from bot.digest.content.matter import Nothing
from bot.digest.ledger.ledger import Past, fate, past, settled
from bot.digest.ledger.making import Maker
from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.due import Edition, Held, Verdict, ledger_limit, next_due, verdict
from bot.digest.schedule.localtime import DAY, local_date, zone_of
from bot.digest.schedule.subscription import Subscription
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment, stamp
from bot.store.outbox import Outbox
from bot.store.register import SubscriptionRow

COMMAND = "digest now"
_LATER = timedelta(days=30)  # where no day is open: looked at again then


What = Literal["made", "nothing", "come", "open", "refused"]


class Done(NamedTuple):
    """What `digest now` did, or why it did not: and that in words.

    There was nothing to say; the edition of today has come already; the last is still under way.
    """

    what: What
    reply: Reply


def now(ask: Ask) -> Reply:
    """Answers `digest now`. Neither quiet hours nor days off hold it back, since an admin asks for it."""
    return make_now(ask).reply


def make_now(ask: Ask) -> Done:
    """Makes and promises today's edition of the digest that is meant."""
    row = which(ask, COMMAND)
    if isinstance(row, Reply):
        return Done("refused", row)
    try:
        zone = zone_of(row.zone)
    except ValueError as error:
        lines = [f"{name_of(row)} cannot be made: {error}."]
        mend = [("Change its zone", f"digest change {row.id} zone {zone_shown(ask)}")]
        return Done("refused", refused(COMMAND, f"Digest no. {row.id} cannot be made", lines, mend, ask))
    if row.paused:
        lines = [f"{name_of(row)} is paused: {sentence(row.paused)}"]
        resume = [("Resume", f"digest resume {row.id}")]
        return Done("refused", refused(COMMAND, f"Digest no. {row.id} is paused", lines, resume, ask))
    found = past(ask.register, Outbox(ask.shelf.connection), row, stop=True)
    barred = may_post(ask, row, COMMAND)
    if barred:
        return Done("refused", barred)
    return _there(ask, row, found, zone) or _made(ask, row, found, zone)


_RECENT = 40  # entries of the ledger, among which is the newest that was not made while the clock was ahead


def _there(ask: Ask, row: SubscriptionRow, found: Past, zone: ZoneInfo) -> Done | None:
    """What is said where today has its edition, or the last one is still under way."""
    today, outbox = local_date(ask.now, zone), Outbox(ask.shelf.connection)
    limit = ledger_limit(subscription_of(row), ask.now)  # beyond it, the clock was ahead
    newest = next(
        (one for one in ask.register.editions(row.id, _RECENT) if one.number and day_of(one) <= limit), None
    )
    why = [("Why", f"digest why {row.id}"), ("Show", f"digest show {row.id}")]
    if newest and day_of(newest) >= today and fate(outbox, newest) != "lost":
        at = moment_text(moment(newest.made), zone)
        lines = [
            f"The edition of {spoken_day(day_of(newest))}, no. {newest.number}, was made on {at}.",
            sentence(f"It {edition_outcome(outbox, newest, row, ask.now)}"),
            f"There is never a second for one date. {next_line(ask, row)}",
        ]
        return Done("come", refused(COMMAND, f"Digest no. {row.id}: today's has been made", lines, why, ask))
    if found.under_way:
        lines = [
            f"No. {found.under_way.number} of {spoken_day(day_of(found.under_way))} is still under way.",
            sentence(f"It {edition_outcome(outbox, found.under_way, row, ask.now)}"),
            "The next is made once it is known whether that one arrives; try again in some minutes.",
        ]
        return Done("open", refused(COMMAND, f"Digest no. {row.id}: the last is under way", lines, why, ask))
    return None


def _made(ask: Ask, row: SubscriptionRow, found: Past, zone: ZoneInfo) -> Done:
    """Makes today's edition, unless it has nothing to say: then the ledger stays as it is."""
    today, at = local_date(ask.now, zone), moment(stamp(ask.now))
    made = compose(ask.shelf, occasion_at(ask, found, today))
    if isinstance(made, Nothing):
        told = [f"There is nothing to send. {made.why}", next_line(ask, row)]
        shows = [("Preview", f"digest preview {row.id}"), ("Show", f"digest show {row.id}")]
        return Done("nothing", refused(COMMAND, f"Digest no. {row.id}: nothing to send", told, shows, ask))
    verdict_now = _verdict(ask, row, subscription_of(row), today, at)
    promised = Maker({row.story: ask.name}).carry_out(ask.shelf.connection, row, verdict_now, at)
    after = ask.register.get(row.id)
    assert promised
    assert after
    lines = (
        Line(f"No. {after.number} of {spoken_day(today)} is on its way to {row.place_name}."),
        Line(f"For this date nothing else comes. {next_line(ask, after)}"),
    )
    actions = (Action("Why", f"digest why {row.id}"), Action("Show", f"digest show {row.id}"))
    reply = Reply(COMMAND, f"Digest no. {row.id}: sent now", (Section("", lines),), actions=actions)
    return Done("made", reply)


def _verdict(ask: Ask, row: SubscriptionRow, it: Subscription, today: date, now: datetime) -> Verdict:
    """That today's edition is made now, and what is settled along with it."""
    last = settled(ask.register, row, it, now)
    usual = verdict(it, last, now)
    held = [
        one._replace(last=min(one.last, today - DAY))
        for one in (*usual.held, *_due_before(usual, today))
        if one.first < today
    ]
    newest = max(today, last or today)
    coming = next_due(it, newest, now)
    look = coming.moment if coming else now + _LATER
    return Verdict(row.id, Edition(today, now, timedelta(0)), tuple(held), newest, look)


def _due_before(usual: Verdict, today: date) -> list[Held]:
    """The edition of a day before that would come now: it is merged into today's."""
    due = usual.edition
    return [Held(due.date, due.date, "crowded")] if due and due.date < today else []
