"""Which editions are due: a pure function of subscriptions, ledger and now.

The ledger holds, for each subscription, the local dates that are settled: by an edition, or by a
note that the date was held and why. What is in it is never due again, so that neither a restart,
nor a clock that jumps back, nor another hour or zone can bring a second edition of a date. Of the
ledger this module sees one date, the newest; dates are settled in order, and what lies before the
newest is settled with it.

One look at a subscription brings at most one edition, that of the newest date whose moment has
come. It is one of these:

    due     its moment is now, or was within its grace: it is sent, and says so where it is late
    held    its moment was missed by more than the grace, or now is a quiet hour or a day off

Earlier dates that are not settled are held as well. What is held gets no edition of its own: the
next one tells what was in it, since an edition tells what became known since the last.

Nothing here reads a clock: `now` is an aware moment in UTC. `next_due` takes some microseconds and
walks past closed days only, so that an index of subscriptions by their next moment can be kept, in
which nothing has to be looked at before its time.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from bot.digest.schedule.localtime import DAY, local_date, local_time, moment_of, walk, zone_of
from bot.digest.schedule.subscription import Subscription

PUNCTUAL = timedelta(minutes=5)
"""By so much an edition may come after its moment and nothing is said; also without any grace."""

HORIZON = 2 * 366
"""Days that are searched for an edition. After that many days off it is looked again later."""

FARTHEST = timedelta(days=2)
"""A ledger can be ahead of the local date by this: the calendars of two zones lie up to 26 hours apart."""

_WEEK = timedelta(days=7)
_LOOK_AGAIN = timedelta(days=30)  # where no day is open within HORIZON

# Why a date has no edition of its own: the bot was down for longer than the grace; its hour came in
# quiet hours; it, or the day on which it could have come, is a day off; a later edition is due as well;
# it was made and never arrived.
Why = Literal["missed", "quiet hours", "day off", "crowded", "undelivered"]


class Due(NamedTuple):
    """An edition and its moment."""

    date: date  # local
    moment: datetime  # UTC


class Edition(NamedTuple):
    """An edition to be made and sent now."""

    date: date  # local; with the subscription, the key of the ledger
    due: datetime  # UTC
    late: timedelta  # zero unless it is later than PUNCTUAL: then the edition says so


class Held(NamedTuple):
    """A stretch of local dates without editions; those between that are not its days do not count."""

    first: date
    last: date  # included
    why: Why


class Verdict(NamedTuple):
    """What is to be done about one subscription, to be written to the ledger as a whole."""

    subscription: int  # its id
    edition: Edition | None = None
    held: tuple[Held, ...] = ()  # oldest first
    settled: date | None = None  # the newest settled date, once this is written
    look: datetime | None = None  # when to look next, UTC; None: not before it is changed
    wrong: str = ""  # why nothing can be said of it, for a person


def decide(
    subscriptions: Iterable[Subscription], ledger: Mapping[int, date], now: datetime
) -> Iterator[Verdict]:
    """A verdict for each subscription. `ledger`: the newest settled date by subscription id.

    One that cannot be judged, since its zone is gone from this machine, says so and stops no other.
    """
    for subscription in subscriptions:
        last = ledger.get(subscription.id)
        try:
            yield verdict(subscription, last, now)
        except ValueError as error:
            yield Verdict(subscription.id, settled=last, wrong=str(error))


def verdict(subscription: Subscription, last: date | None, now: datetime) -> Verdict:
    """What is to be done now about one subscription of which `last` is the newest settled date."""
    if subscription.paused:
        return Verdict(subscription.id, settled=last)
    newest = next_due(subscription, last, now)
    if newest is None or newest.moment > now:
        return Verdict(subscription.id, settled=last, look=_look(newest, now))
    held = _earlier(subscription, last, newest.date, now)
    why = _why_not_now(subscription, newest, now)
    late = now - newest.moment
    edition = Edition(newest.date, newest.moment, late if late > PUNCTUAL else timedelta(0))
    if why:
        held.append(Held(newest.date, newest.date, why))
    look = _look(next_due(subscription, newest.date, now), now)
    return Verdict(subscription.id, None if why else edition, tuple(held), newest.date, look)


def _look(coming: Due | None, now: datetime) -> datetime:
    return coming.moment if coming else now + _LOOK_AGAIN


def next_due(subscription: Subscription, last: date | None, now: datetime) -> Due | None:
    """The newest edition whose moment has come; where there is none, the first to come.

    None where it is paused, or has no open day within HORIZON. Raises ValueError where its zone is
    gone from this machine.
    """
    if subscription.paused:
        return None
    zone = zone_of(subscription.zone)
    first, today = _first(subscription, last, zone), local_date(now, zone)
    ahead = None
    # A day after today may have come already: where the clocks went back over midnight.
    day, stop = today + DAY, max(first, today - HORIZON * DAY)
    while day >= stop:
        if subscription.open(day):
            due = _due(subscription, day, moment_of(day, subscription.at, zone))
            if due and due.moment <= now:
                return due
            ahead = due or ahead
        day -= DAY
    return ahead or next(coming(subscription, max(first, today + 2 * DAY), now), None)


def coming(subscription: Subscription, first: date, after: datetime) -> Iterator[Due]:
    """Its editions from a local date on whose moment is later than `after`, in order, within HORIZON."""
    dates = walk(first, subscription.at, zone_of(subscription.zone))
    for day, moment in islice(dates, HORIZON):
        due = _due(subscription, day, moment)
        if due and due.moment > after and subscription.open(day):
            yield due


def ledger_limit(subscription: Subscription, now: datetime) -> date:
    """The farthest local date that its ledger can rightly have now.

    What lies beyond was written while the clock of the machine was ahead: hand in the newest settled
    date up to here as `last`, or the subscription stays silent until that day.
    """
    return local_date(now, zone_of(subscription.zone)) + FARTHEST


def _first(subscription: Subscription, last: date | None, zone: ZoneInfo) -> date:
    """The first local date that may have to be settled."""
    # A day earlier than the calendar says, for the date whose moment a gap has moved past midnight.
    begin = local_date(subscription.since, zone) - DAY
    return begin if last is None else max(begin, last + DAY)


def _due(subscription: Subscription, day: date, moment: datetime) -> Due | None:
    """The edition of a day at its moment; None where that lies before all that it is for."""
    if moment < subscription.since:
        return None
    # Under its former hour or zone it was to come, and under the new one it has passed: it comes now.
    return Due(day, max(moment, subscription.changed))


def _grace(subscription: Subscription) -> timedelta:
    return max(timedelta(hours=subscription.grace), PUNCTUAL)


def _why_not_now(subscription: Subscription, due: Due, now: datetime) -> Why | None:
    """Why an edition whose moment has come must not be sent now; None where it may be."""
    zone = zone_of(subscription.zone)
    if now - due.moment > _grace(subscription):
        return "missed"
    if subscription.off(local_date(now, zone)):
        return "day off"
    if subscription.quiet and subscription.quiet.covers(local_time(now, zone)):
        return "quiet hours"
    return None


def _earlier(subscription: Subscription, last: date | None, newest: date, now: datetime) -> list[Held]:
    """The dates before the newest that are settled along with it, in stretches of one reason."""
    zone = zone_of(subscription.zone)
    first = _first(subscription, last, zone)
    while first < newest and not _due(subscription, first, moment_of(first, subscription.at, zone)):
        first += DAY
    reasons = (
        (day, _why_passed_over(subscription, day, newest, now))
        for day in _between(first, newest, whole=bool(subscription.days_off))
    )
    held = []
    for why, stretch in groupby((pair for pair in reasons if pair[1]), itemgetter(1)):
        days = [day for day, _ in stretch]
        assert why is not None  # days without a reason are none of its days
        held.append(Held(days[0], days[-1], why))
    return held


def _between(first: date, newest: date, *, whole: bool) -> Iterator[date]:
    """The dates from the first to before the newest; unless `whole`, of a long time its two ends.

    Between the two everything has been missed where there are no days off, and the stretch spans it
    unlooked at: after a long outage 50,000 subscriptions have to be judged within seconds.
    """
    start, stop = first.toordinal(), newest.toordinal()
    if whole or stop - start <= 21:
        return map(date.fromordinal, range(start, stop))
    return map(date.fromordinal, chain(range(start, start + 7), range(stop - 14, stop)))


def _why_passed_over(subscription: Subscription, day: date, newest: date, now: datetime) -> Why | None:
    """Why the newest date is due and not this earlier one; None on a day that is none of its days."""
    if day.weekday() not in subscription.days:
        return None
    if subscription.off(day):
        return "day off"
    # Longer ago than any grace, and than any zone lies from another: no need to reckon the moment.
    if newest - day > _WEEK:
        return "missed"
    due = _due(subscription, day, moment_of(day, subscription.at, zone_of(subscription.zone)))
    return "missed" if due is None or now - due.moment > _grace(subscription) else "crowded"


def open_until(subscription: Subscription, due: datetime, now: datetime) -> datetime:
    """The moment after which an edition that was due may no longer be posted, but goes into the next.

    The end of its grace, or the beginning of the quiet hours or the day off that come before.
    """
    zone = zone_of(subscription.zone)
    today = local_date(now, zone)
    ends = [due + _grace(subscription)]
    if subscription.quiet:
        starts = (moment_of(day, subscription.quiet.start, zone) for day in (today, today + DAY))
        ends += [start for start in starts if start > now]
    if subscription.off(today + DAY):
        ends.append(moment_of(today + DAY, time(), zone))
    return min(ends)


def changed(old: Subscription, new: Subscription, last: date | None, now: datetime) -> Subscription:
    """The new form of a subscription, such that the change neither skips nor doubles a local date.

    A date that was still to come under the old hour or zone and has passed under the new comes now.
    Any other that has passed under the new does not: neither on a day that was none of its days, nor
    of the time in which it was paused.
    """
    if old.paused or new.paused:
        return new if new.paused else new._replace(since=now, changed=now)
    if all(getattr(old, field) == getattr(new, field) for field in _SCHEDULE):
        return new
    return new._replace(since=next(_pending(old, new, last, now), now), changed=now)


_SCHEDULE = ("at", "zone", "days", "days_off")


def _pending(old: Subscription, new: Subscription, last: date | None, now: datetime) -> Iterator[datetime]:
    """The moments under the new form, in order, that have passed, of dates to come under the old."""
    zones = zone_of(old.zone), zone_of(new.zone)
    today = local_date(now, zones[1])
    first = max(_first(old, last, zones[0]), today - 2 * FARTHEST)
    for day, moment in walk(first, new.at, zones[1]):
        if moment > now:
            return
        due = _due(old, day, moment_of(day, old.at, zones[0]))
        if due and now - due.moment <= _grace(old) and old.open(day):
            yield moment
