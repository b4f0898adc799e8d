"""Local time to moments: every zone, every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.digest.schedule.localtime import moment_of, parse_zone, walk, zone_names, zone_of

QUARTER = timedelta(minutes=15)
YEARS = (2024, 2030)


@cache
def changes() -> tuple[tuple[str, datetime], ...]:
    """Every zone with every moment at which its clocks change, 2024 to 2030."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (YEARS[0], YEARS[1] + 1))
    days = [datetime.fromtimestamp(second, UTC) for second in range(int(first), int(last) + 1, 86400)]
    found: list[tuple[str, datetime]] = []
    for name in zone_names():
        zone = zone_of(name)
        offsets = [day.astimezone(zone).utcoffset() for day in days]
        found += [
            (name, _change(name, days[number - 1], days[number]))
            for number in range(1, len(days))
            if offsets[number] != offsets[number - 1]
        ]
    return tuple(found)


def _change(name: str, low: datetime, high: datetime) -> datetime:
    zone = zone_of(name)
    while high - low > timedelta(minutes=1):
        middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
        same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
        low, high = (middle, high) if same else (low, middle)
    return high


def shown(moment: datetime, name: str) -> datetime:
    """What the local clock and calendar show at a moment."""
    return moment.astimezone(zone_of(name)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        ("Europe/Berlin", "2027-03-27", "02:30", "2027-03-27T01:30"),
        ("Europe/Berlin", "2027-03-28", "02:00", "2027-03-28T01:00"),
        ("Europe/Berlin", "2027-03-28", "02:30", "2027-03-28T01:00"),
        ("Europe/Berlin", "2027-03-28", "03:00", "2027-03-28T01:00"),
        ("Europe/Berlin", "2027-03-29", "00:30", "2027-03-28T22:30"),
        ("Europe/Berlin", "2027-10-31", "02:30", "2027-10-31T00:30"),
        ("Europe/Berlin", "2027-10-31", "03:00", "2027-10-31T02:00"),
        ("America/Nuuk", "2024-03-30", "23:30", "2024-03-31T01:00"),
        ("America/Nuuk", "2024-03-31", "00:00", "2024-03-31T01:00"),
        ("America/Nuuk", "2024-10-26", "23:30", "2024-10-27T00:30"),
        ("Africa/Cairo", "2024-04-26", "00:30", "2024-04-25T22:00"),
        ("America/Santiago", "2024-04-06", "23:30", "2024-04-07T02:30"),
        ("Australia/Lord_Howe", "2024-10-06", "02:15", "2024-10-05T15:30"),
        ("Antarctica/Troll", "2024-03-31", "02:59", "2024-03-31T01:00"),
        ("Asia/Kathmandu", "2024-03-31", "09:00", "2024-03-31T03:15"),
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T10:00"),
    ],
    ids=[
        "an ordinary day", "the gap begins", "in the gap", "the gap ends", "the night after the gap",
        "comes twice", "after the fold", "a gap up to midnight", "midnight itself", "a fold before midnight",
        "a gap from midnight", "twice before midnight", "a gap of half an hour", "a gap of two hours",
        "an odd offset", "a day that never was",
    ],
)  # fmt: skip
def test_a_local_time_is_the_first_moment_that_shows_it(zone: str, day: str, at: str, moment: str) -> None:
    """What the clock skips comes right after the gap, what it shows twice the first time."""
    found = moment_of(date.fromisoformat(day), time.fromisoformat(at), zone_of(zone))
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert found.tzinfo is UTC


def test_around_every_change_of_every_clock_a_time_is_the_first_moment_that_shows_it() -> None:
    """In every zone, 2024–2030, each quarter of an hour comes when the clock first shows it or more."""
    assert len(changes()) > 2000
    for name, change in changes():
        assert change.timestamp() % QUARTER.total_seconds() == 0, (name, change)
        moments = [change + QUARTER * number for number in range(-16, 17)]
        clock = list(accumulate((shown(moment, name) for moment in moments), max))
        # The first and last hours of the window are only there to look back and ahead from.
        wanted, number = clock[4], 0
        while wanted < clock[-4]:
            while clock[number] < wanted:
                number += 1
            found = moment_of(wanted.date(), wanted.time(), zone_of(name))
            assert found == moments[number], (name, wanted)
            wanted += QUARTER


zones = st.sampled_from(zone_names())
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(zones, st.dates(date(1971, 1, 1), date(2099, 12, 31)), minutes)
@example("Pacific/Apia", date(2011, 12, 29), time(9))
@example("Pacific/Apia", date(2011, 12, 30), time(0))
@example("Africa/Monrovia", date(1972, 1, 7), time(0, 20))
def test_nothing_comes_before_its_time_or_after_the_next(name: str, day: date, at: time) -> None:
    """At its moment the clock shows the time or more, a second earlier less; dates keep their order."""
    (_, moment), (following, later) = islice(walk(day, at, zone_of(name)), 2)
    wall = datetime.combine(day, at)
    assert shown(moment, name) >= wall > shown(moment - timedelta(seconds=1), name)
    assert following == day + timedelta(days=1)
    assert moment <= later


def test_a_walk_goes_through_every_date_once() -> None:
    """A walk over a year of Greenland has each date once, each later than the one before."""
    days = list(islice(walk(date(2026, 1, 1), time(23, 30), zone_of("America/Nuuk")), 365))
    assert [day for day, _ in days] == [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    moments = [moment for _, moment in days]
    assert moments == sorted(set(moments))


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("Etc/GMT+2", "Etc/GMT+2"),
    ],
)
def test_a_zone_is_found_as_people_write_it(text: str, zone: str) -> None:
    """Case, spaces and the continent do not matter."""
    assert parse_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Berlni", "did you mean Europe/Berlin"),
        ("Eastern", "Canada/Eastern or US/Eastern; name one"),
        ("UTC+2", "would not follow the change of the clocks"),
        ("GMT+2", "would not follow the change of the clocks"),
        ("-03:00", "would not follow the change of the clocks"),
        ("localtime", "is no time zone"),
        ("../../etc/passwd", "is no time zone"),
        ("", "is no time zone"),
    ],
)
def test_what_is_no_zone_is_refused_in_words(text: str, why: str) -> None:
    """A text that is no zone is refused with what to write instead."""
    with pytest.raises(ValueError, match=why):
        parse_zone(text)


@given(st.text())
def test_any_text_is_a_zone_or_a_value_error(text: str) -> None:
    """Reading garbage raises nothing but ValueError, with a message that fits a line."""
    try:
        found = parse_zone(text)
    except ValueError as error:
        found, message = "UTC", str(error)
        assert len(message) < 400
    assert found in zone_names()


@pytest.mark.parametrize("name", ["Mars/Phobos", "", "../etc/passwd", "/etc/localtime", "a\0b", "Europe"])
def test_a_zone_that_this_machine_lacks_is_a_value_error(name: str) -> None:
    """A stored zone that is gone, or was never one, is told in words."""
    with pytest.raises(ValueError, match="there is no time zone"):
        zone_of(name)
