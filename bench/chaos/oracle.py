"""When editions are due, reckoned in another way than the bot does: minute by minute, by looking at a clock.

It is slow and has no cases: that is what makes it fit to judge `bot/digest/localtime.py`.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_BEFORE = timedelta(hours=3)  # no clock is ever put forward or back by more


@cache
def due_moment(day: date, at: time, zone: str) -> datetime:
    """The first minute at which a clock of the zone shows this time of this date, or a later one."""
    there = ZoneInfo(zone)
    wanted = datetime.combine(day, at)
    offset = there.utcoffset(wanted)
    assert offset is not None
    minute = (wanted - offset).replace(tzinfo=UTC) - _BEFORE
    while minute.astimezone(there).replace(tzinfo=None) < wanted:
        minute += _MINUTE
    return minute


def days_between(start: datetime, end: datetime, at: time, zone: str) -> list[tuple[date, datetime]]:
    """The local dates whose moment is after `start` and not after `end`, each with its moment."""
    first = start.astimezone(ZoneInfo(zone)).date() - 2 * _DAY
    count = (end - start).days + 6
    dues = ((day, due_moment(day, at, zone)) for day in (first + ahead * _DAY for ahead in range(count)))
    return [(day, due) for day, due in dues if start < due <= end]
