"""Local date + time of day + zone → the one moment at which an edition is due.

The rule, for every zone and every change of its clocks: *the first moment at which the local clock
shows that time of that date, or a later one*. From this follows all that has to hold:

- a time that the clock skips in spring comes once, right after the gap, even where that lies past
  midnight (Greenland puts its clocks forward at 23:00: the edition of 23:30 comes at 00:00);
- a time that the clock shows twice in autumn comes once, the first time;
- the moments of successive dates follow one another, and none comes before its time.

Moments are aware datetimes in UTC, to the second; times of day are naive and in minutes.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.nearest import nearest

DAY = timedelta(days=1)

_NOT_PLACES = {"Factory", "localtime", "posixrules"}  # files of tzdata which are no zone of anybody
_SECOND = timedelta(seconds=1)
_OFFSET = re.compile(r"(?:utc|gmt)?\s*[+-]\s*\d{1,2}(?::?\d{2})?", re.ASCII)


@cache  # ZoneInfo itself keeps only eight zones alive: 50,000 subscriptions would read files all the time
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises ValueError where this machine does not have it, also if it had it once.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"there is no time zone {_short(name)} on this machine; name one as Europe/Berlin"
        ) from error


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone that a subscription can have, in order."""
    return tuple(sorted(available_timezones() - _NOT_PLACES))


def parse_zone(text: str) -> str:
    """What a person calls a zone → its IANA name: `europe/berlin` and `Berlin` → `Europe/Berlin`.

    Raises ValueError with a message for a person where it is none, or could be several.
    """
    given = "_".join(text.split()).lower()
    names, cities = _spellings()
    if given in names:
        return names[given]
    found = cities.get(given, ())
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"{_short(text)} can be {' or '.join(found)}; name one of them")
    if _OFFSET.fullmatch(text.strip().lower()):
        raise ValueError(
            f"{_short(text)} would not follow the change of the clocks; name a place, as Europe/Berlin"
        )
    near = nearest(given[:40], [*names, *cities])
    meant = [names.get(name) or cities[name][0] for name in near]
    mend = f"did you mean {meant[0]}?" if meant else "name one as Europe/Berlin or America/New_York"
    raise ValueError(f"{_short(text)} is no time zone; {mend}")


@cache
def _spellings() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Names in lower case → the name; cities in lower case → the names of their zones."""
    names = {name.lower(): name for name in zone_names()}
    cities: dict[str, tuple[str, ...]] = {}
    for name in zone_names():
        # Etc/GMT+2 lies two hours *behind* Greenwich: nobody shall get there by saying "GMT+2".
        if not name.startswith("Etc/"):
            city = name.rpartition("/")[2].lower()
            cities[city] = (*cities.get(city, ()), name)
    return names, cities


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment at which the local clock first shows `at` of `day`, or later; UTC."""
    wall = datetime.combine(day, at)
    before = _offset(wall, zone)
    after = _offset(wall.replace(fold=1), zone)
    moment = (wall - before).replace(tzinfo=UTC)
    # Of a time that comes twice the first reading (fold 0) is the first moment. Only of a time that
    # never comes does the offset grow from one reading to the other.
    return moment if before >= after else _end_of_gap((wall - after).replace(tzinfo=UTC), moment, zone)


def _offset(wall: datetime, zone: ZoneInfo) -> timedelta:
    offset = zone.utcoffset(wall)
    assert offset is not None  # only of None would it be
    return offset


def _end_of_gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The moment the clocks went forward; it is after `low` and not after `high`.

    zoneinfo does not tell its transitions, so they are searched, second by second halved: some
    twelve steps on one day of a year.
    """
    old = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The date that the local calendar shows at a moment."""
    return moment.astimezone(zone).date()


def local_time(moment: datetime, zone: ZoneInfo) -> time:
    """The time of day that the local clock shows at a moment."""
    return moment.astimezone(zone).time()


def walk(first: date, at: time, zone: ZoneInfo) -> Iterator[tuple[date, datetime]]:
    """Local dates from `first` on, each once and in order, with their moments; without end."""
    day = first
    while True:
        yield day, moment_of(day, at, zone)
        day += DAY


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
