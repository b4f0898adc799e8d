"""Why a local date has no edition, or has none yet: every date gets an answer, in words."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.command.entry import Ask
from bot.digest.commands.outcome import HELD, day_of
from bot.digest.commands.saying import ahead_text, both_text, clock_of, moment_text, span_text, weekdays_text
from bot.digest.ledger.ledger import past, settled
from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.due import PUNCTUAL
from bot.digest.schedule.localtime import local_date, moment_of
from bot.digest.schedule.subscription import Subscription
from bot.edtf import spoken_day
from bot.store.moments import moment
from bot.store.outbox import Outbox
from bot.store.register import EditionRow, HeldRow, SubscriptionRow

FAR = timedelta(days=3660)  # farther ahead nobody knows what the clocks will do


class Case(NamedTuple):
    """One subscription, with all that is known for explaining its days."""

    ask: Ask
    row: SubscriptionRow
    it: Subscription
    zone: ZoneInfo
    outbox: Outbox
    settled: date | None  # the newest
    created: date  # local
    under_way: EditionRow | None


class Reason(NamedTuple):
    """Why a date has no edition: in a few words, and what may be added to them."""

    short: str
    more: str = ""


def case_of(ask: Ask, row: SubscriptionRow) -> Case:
    """All that is known for explaining its days."""
    zone, outbox = clock_of(row), Outbox(ask.shelf.connection)
    it = subscription_of(row)._replace(zone=zone.key)
    newest = settled(ask.register, row, it, ask.now)
    created = local_date(it.created, zone)
    return Case(
        ask, row, it, zone, outbox, newest, created, past(ask.register, outbox, row, stop=True).under_way
    )


def held_text(held: HeldRow) -> str:
    """Why days have no edition of their own."""
    reason = HELD.get(held.why, held.why)  # type: ignore[call-overload]
    return f"no edition of its own: {reason}; what was in it went into the next"


def without(case: Case, day: date, held: HeldRow | None) -> Reason:
    """Why a date has no edition, or has none yet."""
    it, row = case.it, case.row
    if held and (held.first == held.last or day.weekday() in it.days):
        return Reason(held_text(held))
    if day < case.created:
        return Reason("it was before this was subscribed", f", on {moment_text(it.created, case.zone)}")
    if day > local_date(case.ask.now, case.zone) + FAR:
        return Reason("still to come", ", so far ahead that nothing is decided")
    if row.ended and day >= local_date(moment(row.ended), case.zone):
        return Reason("no edition: this had ended", f", on {moment_text(moment(row.ended), case.zone)}")
    if day.weekday() not in it.days:
        return Reason("no edition: it is not one of its days", f", which are {weekdays_text(it.days)}")
    return _by_its_time(case, day)


def _by_its_time(case: Case, day: date) -> Reason:
    """Why one of its days has no edition, by when it was due."""
    it, row = case.it, case.row
    due = moment_of(day, it.at, case.zone)
    at = both_text(due, case.zone)
    if due > case.ask.now:
        return _to_come(case, day, f"{at}, {ahead_text(due, case.ask.now)}")
    if it.off(day):
        return Reason("no edition: it is one of its days off", "; what became known goes into the next")
    if row.paused and not _is_settled(case, day):
        return Reason(
            f"no edition: it is paused ({row.paused.rstrip('.')})", f"; it would have been due on {at}"
        )
    if due < it.since:
        return _before_it_began(case, due, at)
    if not _is_settled(case, day):
        return _not_made_yet(case, at)
    return Reason(
        "no edition: its time was another when that day was decided",
        f"; by its time of now it would have been due on {at}, and what became known is in the next",
    )


def _is_settled(case: Case, day: date) -> bool:
    return case.settled is not None and day <= case.settled


def _to_come(case: Case, day: date, at: str) -> Reason:
    """Of a date that is still to come."""
    if case.it.off(day):
        return Reason("still to come, and one of its days off: none comes")
    if case.row.paused:
        return Reason(f"still to come, but it is paused ({case.row.paused.rstrip('.')})")
    if _is_settled(case, day):
        return Reason("no edition: this date was settled when its hour or its zone was another")
    return Reason("still to come", f": due on {at}")


def _before_it_began(case: Case, due: datetime, at: str) -> Reason:
    """Of a date whose moment lies before all that this subscription is for."""
    since = moment_text(case.it.since, case.zone)
    if due < case.it.created:
        began = moment_text(case.it.created, case.zone)
        return Reason(
            "no edition: its hour had passed when it was subscribed", f"; that was {at}, and this {began}"
        )
    return Reason(
        "no edition: its hour had passed when it was resumed, or its time was changed",
        f"; that was {at}, and this {since}; what became known before is in the next",
    )


def _not_made_yet(case: Case, at: str) -> Reason:
    """Of a date whose moment has come, and of which nothing is decided."""
    if case.under_way:
        last = f"no. {case.under_way.number} of {spoken_day(day_of(case.under_way))}"
        return Reason(f"it waits until it is known whether {last} arrives", f"; it was due on {at}")
    until = timedelta(hours=case.it.grace) or PUNCTUAL
    return Reason(
        "due, and not made yet",
        f", since {at}: a running bot makes it at once, up to {span_text(until)} late; after that what is in"
        " it goes into the next",
    )
