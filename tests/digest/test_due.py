"""Which editions are due: restarts, outages, changes of clocks and of minds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.schedule.due import (
    HORIZON,
    PUNCTUAL,
    Edition,
    Held,
    Verdict,
    changed,
    decide,
    ledger_limit,
    next_due,
    verdict,
)
from bot.digest.schedule.localtime import local_date, local_time, moment_of, zone_names, zone_of
from bot.digest.schedule.subscription import Quiet, Subscription, parse_days_off
from tests.digest.test_localtime import changes
from tests.digest.test_subscription import a_subscription

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def utc(text: str) -> datetime:
    """A moment as people write it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    """A date as people write it."""
    return date.fromisoformat(text)


def from_moment(moment: datetime, **fields: Any) -> Subscription:
    """A subscription made at this moment."""
    return a_subscription(created=moment, changed=moment, since=moment, **fields)


# At 09:00 in Berlin, in winter 08:00 UTC; made on Monday 2 November 2026.
NINE = from_moment(utc("2026-11-02T12:00"))
FRIDAY = day("2026-11-06")


@pytest.mark.parametrize(
    ("fields", "now", "edition", "held"),
    [
        ({}, "2026-11-07T07:59", None, []),
        ({}, "2026-11-07T08:00", ("2026-11-07", 0), []),
        ({}, "2026-11-07T08:04", ("2026-11-07", 0), []),
        ({}, "2026-11-07T08:06", ("2026-11-07", 6), []),
        ({}, "2026-11-07T14:00", ("2026-11-07", 360), []),
        ({}, "2026-11-07T14:01", None, [("07", "07", "missed")]),
        ({}, "2026-11-08T08:00", ("2026-11-08", 0), [("07", "07", "missed")]),
        ({}, "2026-11-20T08:00", ("2026-11-20", 0), [("07", "19", "missed")]),
        ({"grace": 0}, "2026-11-07T08:05", ("2026-11-07", 0), []),
        ({"grace": 0}, "2026-11-07T08:06", None, [("07", "07", "missed")]),
        ({"quiet": Quiet(time(10), time(12))}, "2026-11-07T09:30", None, [("07", "07", "quiet hours")]),
        ({"quiet": Quiet(time(10), time(12))}, "2026-11-07T11:00", ("2026-11-07", 180), []),
        ({"days_off": parse_days_off("11-07/11-08")}, "2026-11-08T20:00", None, []),
        (
            {"days_off": parse_days_off("11-07/11-08")},
            "2026-11-09T08:00",
            ("2026-11-09", 0),
            [("07", "08", "day off")],
        ),
        (
            {"at": time(23), "days_off": parse_days_off("11-08")},
            "2026-11-08T01:00",
            None,
            [("07", "07", "day off")],
        ),
        ({"days": (0, 4)}, "2026-11-08T08:00", None, []),
        ({"days": (0, 4)}, "2026-11-13T08:00", ("2026-11-13", 0), [("09", "09", "missed")]),
        ({"paused": True}, "2026-11-07T08:00", None, []),
    ],
    ids=[
        "before its time", "at its time", "a little later", "late", "late by its grace", "missed",
        "the day after a miss", "after an outage", "without grace, soon", "without grace, late",
        "late into quiet hours", "late after quiet hours", "days off", "after days off",
        "late into a day off", "not its day", "a missed day of two", "paused",
    ],
)  # fmt: skip
def test_what_is_due_after_friday(
    fields: dict[str, Any], now: str, edition: tuple[str, int] | None, held: list[tuple[str, str, str]]
) -> None:
    """With Friday 6 November settled, now decides what is sent, how late, and what is merged."""
    found = verdict(NINE._replace(**fields), FRIDAY, utc(now))
    sent = found.edition and (found.edition.date.isoformat(), found.edition.late / MINUTE)
    assert sent == edition
    assert [(f"{it.first:%d}", f"{it.last:%d}", it.why) for it in found.held] == held


def test_a_new_subscription_begins_with_its_next_hour() -> None:
    """One made at ten for nine o'clock has its first edition the day after, and misses none before."""
    late, early = from_moment(utc("2026-11-02T09:00")), from_moment(utc("2026-11-02T07:00"))
    assert next_due(late, None, late.since) == (day("2026-11-03"), utc("2026-11-03T08:00"))
    assert next_due(early, None, early.since) == (day("2026-11-02"), utc("2026-11-02T08:00"))
    assert verdict(late, None, utc("2026-11-03T08:00")).held == ()


def test_one_made_at_the_end_of_a_gap_still_has_what_the_gap_moved_there() -> None:
    """In Greenland, 23:30 of 30 March comes with the first moment of the 31st."""
    made = from_moment(utc("2024-03-31T01:00"), zone="America/Nuuk", at=time(23, 30))
    assert next_due(made, None, made.since) == (day("2024-03-30"), made.since)


def test_two_within_the_grace_become_one() -> None:
    """Where yesterday's and today's hour lie within the grace, today's edition has both."""
    late = NINE._replace(at=time(23), grace=23)
    moved = changed(late, late._replace(at=time(6)), FRIDAY, utc("2026-11-07T21:30"))
    found = verdict(moved, FRIDAY, utc("2026-11-08T05:00"))
    assert found.edition == Edition(day("2026-11-08"), utc("2026-11-08T05:00"), timedelta(0))
    assert found.held == (Held(day("2026-11-07"), day("2026-11-07"), "crowded"),)


def test_a_clock_that_jumps_back_brings_nothing_again() -> None:
    """What the ledger has is not due again, however far the clock goes back; the next is the day after."""
    for back in (MINUTE, HOUR, 3 * DAY, 400 * DAY):
        found = verdict(NINE, FRIDAY, utc("2026-11-06T08:00") - back)
        assert (found.edition, found.held, found.look) == (None, (), utc("2026-11-07T08:00"))


def test_a_ledger_written_by_a_clock_that_was_ahead_can_be_told() -> None:
    """Two days ahead can be the work of two zones; what lies beyond is to be left out."""
    assert ledger_limit(NINE, utc("2026-11-06T22:59")) == day("2026-11-08")
    assert ledger_limit(NINE, utc("2026-11-06T23:00")) == day("2026-11-09")


def test_after_a_long_pause_nothing_is_made_up_for() -> None:
    """A resumed subscription goes on with its next hour; the days of the pause are not missed."""
    paused = changed(NINE, NINE._replace(paused=True), FRIDAY, utc("2026-11-06T09:00"))
    assert verdict(paused, FRIDAY, utc("2027-02-01T08:30")) == Verdict(NINE.id, settled=FRIDAY)
    assert next_due(paused, FRIDAY, utc("2027-02-01T08:30")) is None
    resumed = changed(paused, paused._replace(paused=False), FRIDAY, utc("2027-02-01T08:30"))
    found = verdict(resumed, FRIDAY, utc("2027-02-01T08:30"))
    assert (found.edition, found.look) == (None, utc("2027-02-02T08:00"))
    assert verdict(resumed, FRIDAY, utc("2027-02-02T08:00")).held == ()


@pytest.mark.parametrize(
    ("fields", "last", "now", "date_", "due"),
    [
        ({"at": time(12)}, "2026-11-06", "2026-11-06T08:30", "2026-11-07", "2026-11-07T11:00"),
        ({"at": time(7)}, "2026-11-05", "2026-11-06T07:30", "2026-11-06", "2026-11-06T07:30"),
        ({"at": time(7)}, "2026-11-05", "2026-11-06T08:02", "2026-11-06", "2026-11-06T08:02"),
        ({"at": time(12)}, "2026-11-05", "2026-11-06T08:01", "2026-11-06", "2026-11-06T11:00"),
        ({"zone": "Asia/Tokyo"}, "2026-11-05", "2026-11-06T07:30", "2026-11-06", "2026-11-06T07:30"),
        ({"zone": "Pacific/Auckland"}, "2026-11-06", "2026-11-06T09:00", "2026-11-07", "2026-11-06T20:00"),
        ({"zone": "Pacific/Honolulu"}, "2026-11-06", "2026-11-06T09:00", "2026-11-07", "2026-11-07T19:00"),
        ({"days": (0,)}, "2026-11-06", "2026-11-06T09:00", "2026-11-09", "2026-11-09T08:00"),
        ({"role": "1"}, "2026-11-05", "2026-11-06T09:00", "2026-11-06", "2026-11-06T08:00"),
    ],
    ids=[
        "later, today's is out", "earlier and past", "earlier, today's is being sent",
        "later, today's is not out yet", "a zone ahead, past",
        "a zone ahead, to come", "a zone behind", "other days", "nothing of its schedule",
    ],
)  # fmt: skip
def test_a_change_neither_skips_nor_doubles_a_date(
    fields: dict[str, Any], last: str, now: str, date_: str, due: str
) -> None:
    """A date still to come comes under the new hour, at once where that has passed; one that was, not."""
    moved = changed(NINE, NINE._replace(**fields), day(last), utc(now))
    assert next_due(moved, day(last), utc(now)) == (day(date_), utc(due))


def test_a_change_across_the_date_line_settles_every_date() -> None:
    """From the last zone to the first, three dates may have passed at once: the newest has all of them."""
    now = utc("2026-11-03T09:00")
    there = from_moment(utc("2026-10-20T12:00"), zone="Pacific/Pago_Pago", at=time(23, 30), grace=23)
    here = changed(there, there._replace(zone="Pacific/Kiritimati", at=time(20)), day("2026-10-31"), now)
    found = verdict(here, day("2026-10-31"), now)
    assert found.edition == Edition(day("2026-11-03"), now, timedelta(0))
    assert found.held == (Held(day("2026-11-01"), day("2026-11-02"), "crowded"),)


def test_a_day_that_becomes_one_of_its_days_begins_with_its_next_hour() -> None:
    """Friday named at ten on a Friday, for nine o'clock, means the Friday after."""
    mondays = NINE._replace(days=(0,))
    both = changed(mondays, mondays._replace(days=(0, 4)), day("2026-11-02"), utc("2026-11-06T09:00"))
    assert next_due(both, day("2026-11-02"), utc("2026-11-06T09:00")) == (
        day("2026-11-09"),
        utc("2026-11-09T08:00"),
    )


def test_one_that_cannot_be_judged_stops_no_other() -> None:
    """A zone that is gone from the machine is told of its own subscription only."""
    gone, sound = NINE._replace(id=7, zone="Mars/Phobos"), NINE._replace(id=8)
    first, second = decide([gone, sound], {7: FRIDAY, 8: FRIDAY}, utc("2026-11-07T08:00"))
    assert (first.subscription, first.edition, first.settled) == (7, None, FRIDAY)
    assert "there is no time zone" in first.wrong
    assert (second.subscription, second.wrong) == (8, "")
    assert second.edition is not None


def test_where_no_day_is_open_it_is_looked_again() -> None:
    """A subscription that is off for years is neither due nor forgotten."""
    closed = NINE._replace(days_off=parse_days_off("2026, 2027, 2028, 2029"))
    now = utc("2026-11-07T08:00")
    assert next_due(closed, FRIDAY, now) is None
    assert HORIZON < 4 * 365
    assert now < (verdict(closed, FRIDAY, now).look or now) < now + 60 * DAY


def lived(subscription: Subscription, until: datetime) -> Iterator[tuple[datetime, Verdict]]:
    """The verdicts of a bot that is always up: it looks when it was told to, and never else."""
    last, now = None, subscription.since
    while now < until:
        found = verdict(subscription, last, now)
        yield now, found
        # Asked again at once, after a restart, or with the clock an hour back, it brings nothing.
        for again in (now, now - HOUR):
            second = verdict(subscription, found.settled, again)
            assert (second.edition, second.held) == (None, ())
        assert found.look is not None
        assert found.look > now
        last, now = found.settled, found.look


def clocks_around(change: datetime, name: str) -> set[time]:
    """Times of day before, in and after a gap or fold."""
    around = (change + minutes * MINUTE for minutes in (-61, -30, -1, 0, 30, 59))
    before = change - MINUTE
    shown = {local_time(moment, zone_of(name)) for moment in around}
    # Counted on by the clock as it went before the change: where that was forward, these are skipped.
    zone = before.astimezone(zone_of(name)).replace(tzinfo=None)
    return shown | {(zone + minutes * MINUTE).time() for minutes in (1, 31)}


def test_around_every_change_of_every_clock_each_date_has_one_edition() -> None:
    """In every zone, 2024–2030: one edition per local date, in order, at its moment, and nothing held."""
    for name, change in changes():
        begin = change - 50 * HOUR
        for at in clocks_around(change, name):
            subscription = from_moment(begin, zone=name, at=at)
            dates: list[date] = []
            for now, found in lived(subscription, change + 50 * HOUR):
                assert not found.held, (name, at)
                if found.edition:
                    assert found.edition.due == now == moment_of(found.edition.date, at, zone_of(name))
                    assert not found.edition.late
                    dates.append(found.edition.date)
            assert 4 <= len(dates) <= 5, (name, at, dates)
            assert dates == [dates[0] + number * DAY for number in range(len(dates))], (name, at)


# Deferred: finding the changes takes a second, which only those who run these tests shall wait.
any_change = st.deferred(lambda: st.sampled_from(changes()))
offs = st.sampled_from(["none", "12-24/01-02", "2026-10-25", "03-29, 2027-03-27/2027-04-10", "10-26/10-31"])
minutes = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))
some_days = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
nights = st.none() | st.builds(Quiet, minutes, minutes).filter(lambda quiet: quiet.start != quiet.end)
waits = st.lists(
    st.timedeltas(-3 * DAY, 3 * DAY) | st.timedeltas(timedelta(0), 40 * DAY) | st.just(timedelta(0)),
    min_size=3,
    max_size=25,
)


@st.composite
def any_subscriptions(draw: st.DrawFn) -> Subscription:
    """Any zone, hour, days, days off, quiet hours and grace; made shortly before a change of clocks."""
    name, change = draw(any_change)
    begin = change - draw(st.timedeltas(timedelta(0), 5 * DAY))
    subscription = from_moment(
        begin,
        zone=name,
        at=draw(minutes),
        days=draw(some_days | st.just((0, 1, 2, 3, 4, 5, 6))),
        days_off=parse_days_off(draw(offs)),
        grace=draw(st.integers(0, 23)),
    )
    quiet = draw(nights)
    return subscription._replace(quiet=None if quiet and quiet.covers(subscription.at) else quiet)


@given(any_subscriptions(), waits)
@settings(max_examples=400, deadline=None)
def test_whatever_happens_each_date_is_settled_once(it: Subscription, steps: list[timedelta]) -> None:
    """Up or down, with the clock forwards or back: each of its dates is sent or explained, once, in order."""
    last, now, zone = None, it.since, zone_of(it.zone)
    sent: list[date] = []
    held: list[date] = []
    for step in steps:
        now += step
        found = verdict(it, last, now)
        assert (found.settled == last) == (not found.edition and not found.held)
        if found.edition:
            edition = found.edition
            assert it.open(edition.date)
            assert timedelta(0) <= now - edition.due <= max(it.grace * HOUR, PUNCTUAL)
            assert edition.late in (timedelta(0), now - edition.due)
            assert not it.off(local_date(now, zone))
            assert not (it.quiet and it.quiet.covers(local_time(now, zone)))
            sent.append(edition.date)
        for stretch in found.held:
            days = range(stretch.first.toordinal(), stretch.last.toordinal() + 1)
            held += [each for each in map(date.fromordinal, days) if each.weekday() in it.days]
        last = found.settled
        between = verdict(it, last, max(now, (found.look or now) - timedelta(seconds=1)))
        assert (between.edition, between.held) == (None, ())
    if last:
        begin = local_date(it.since, zone) - DAY
        dates = [begin + number * DAY for number in range((last - begin).days + 1)]
        its = [
            each for each in dates if each.weekday() in it.days and moment_of(each, it.at, zone) >= it.since
        ]
        assert sorted(sent + held) == its
        assert sent == sorted(sent)


@given(
    any_change,
    minutes,
    st.lists(
        st.tuples(st.timedeltas(timedelta(0), 3 * DAY), minutes, st.sampled_from(zone_names())), max_size=8
    ),
)
@settings(max_examples=400, deadline=None)
def test_changes_of_mind_neither_skip_nor_double_a_date(
    start: tuple[str, datetime], at: time, minds: list[tuple[timedelta, time, str]]
) -> None:
    """Whatever hour and zone it changes to and when, its dates follow one another without gap."""
    name, change = start
    it = from_moment(change - 2 * DAY, zone=name, at=at)
    now, last, dates = it.since, None, list[date]()

    def live(until: datetime) -> None:
        nonlocal now, last
        while now <= until:
            found = verdict(it, last, now)
            for stretch in found.held:
                assert stretch.why == "crowded"
                days = range(stretch.first.toordinal(), stretch.last.toordinal() + 1)
                dates.extend(map(date.fromordinal, days))
            if found.edition:
                assert not found.edition.late
                dates.append(found.edition.date)
            assert found.look is not None
            last, now = found.settled, found.look

    for wait, hour, zone in minds:
        moment = it.changed + wait
        live(moment)
        it = changed(it, it._replace(at=hour, zone=zone), last, moment)
        now = moment
    live(it.changed + 5 * DAY)
    assert len(dates) >= 3
    assert dates == [dates[0] + number * DAY for number in range(len(dates))]


def test_the_next_of_one_subscription_costs_microseconds() -> None:
    """50,000 are put in order within seconds: their next moments, and the verdicts after 300 days down."""
    names = zone_names()
    many = [
        NINE._replace(id=number, zone=names[number % len(names)], at=time(number % 24))
        for number in range(2000)
    ]
    now = utc("2026-11-21T05:40")
    begin = process_time()
    assert all(next_due(it, day("2026-11-20"), now) for it in many)
    middle = process_time()
    assert all(found.held for found in decide(many, dict.fromkeys(range(2000), FRIDAY - 300 * DAY), now))
    assert middle - begin < 2000 * 200e-6
    assert process_time() - middle < 2000 * 1000e-6
