"""A channel's wish for digests: the value, how people write each of its fields, what may stand together.

Each `parse_…` takes what a person typed and raises ValueError with one line for that person: what
is wrong, and how to write it. Each `…_text` writes a value as its parser reads it, for the database
and to show. Moments are aware and in UTC; times of day, dates and days are local to the zone.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, TypeVar

from bot.command.ids import ANY, FORMS, is_id
from bot.command.terms import terms_of
from bot.digest.schedule.localtime import parse_zone, zone_of
from bot.edtf import parse_edtf
from bot.nearest import nearest

Platform = Literal["discord", "slack", "terminal"]
Kind = Literal["news", "replay", "weekly", "onthisday"]
NothingNew = Literal["silent", "weekly"]  # on a day without news: nothing, or one line once a week

KINDS: tuple[Kind, ...] = ("news", "replay", "weekly", "onthisday")
NOTHING_NEW: tuple[NothingNew, ...] = ("silent", "weekly")
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)

GRACE = 6  # hours
MAX_GRACE = 23  # hours: below a day, so that late never means a day late
MAX_PACE = 31  # days of the story in one edition
MAX_OFF = 40  # entries
MAX_OFF_DAYS = 366  # in one entry; who wants longer pauses the subscription

_Word = TypeVar("_Word", bound=str)
_LEAP = 2000  # the year in which dates of every year are kept: it has a 29 February
_NONE = {"", "-", "none", "never", "off", "no"}


class DaysOff(NamedTuple):
    """Dates without an edition, both ends included."""

    first: date
    last: date
    yearly: bool = False  # in every year: only month and day count, and it may run over New Year

    def covers(self, day: date) -> bool:
        """Whether this date is one of them."""
        if not self.yearly:
            return self.first <= day <= self.last
        first, last = (self.first.month, self.first.day), (self.last.month, self.last.day)
        this = (day.month, day.day)
        return first <= this <= last if first <= last else this >= first or this <= last


class Quiet(NamedTuple):
    """Hours of each day in which nothing may be posted; they may run over midnight."""

    start: time
    end: time  # no longer quiet

    def covers(self, at: time) -> bool:
        """Whether this time of day is in them."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


class Subscription(NamedTuple):
    """A channel's wish: which story, which kind of digest, at which local time and on which days."""

    id: int  # 0 until the store has given it one
    story: str  # the command word: exomars
    platform: Platform
    server: str  # id of the guild or workspace; empty for direct messages and the terminal
    place: str  # id of the channel, thread or person
    kind: Kind
    at: time  # local, to the minute
    zone: str  # IANA name
    created: datetime
    changed: datetime  # its hour, zone or days last; what was due before that is due then
    since: datetime  # created, resumed or newly scheduled: what lies before is never due
    days: tuple[int, ...] = EVERY_DAY  # Monday is 0; on others there is nothing to be due
    days_off: tuple[DaysOff, ...] = ()  # what falls on them is merged into the next
    quiet: Quiet | None = None  # what falls in them is merged into the next
    grace: int = GRACE  # hours; what is missed by more is merged into the next
    paused: bool = False
    role: str = ""  # id of the one role that is pinged; empty: nobody
    nothing_new: NothingNew = "silent"
    pace: int = 1  # replay: days of the story in one edition
    start: date | None = None  # replay: from where; None: from the beginning
    publish: bool = False  # from an announcement channel to all that follow it

    def off(self, day: date) -> bool:
        """Whether nothing may be posted on this local date."""
        # Most have no days off, and after a long outage this is asked for every day of it.
        return bool(self.days_off) and any(entry.covers(day) for entry in self.days_off)

    def open(self, day: date) -> bool:
        """Whether this local date has an edition."""
        return day.weekday() in self.days and not self.off(day)


def checked(subscription: Subscription) -> Subscription:
    """The same subscription. Raises ValueError with all that is wrong with it, one line for each."""
    wrong = [problem for look in _CHECKS for problem in look(subscription)]
    if wrong:
        raise ValueError("\n".join(wrong))
    return subscription


def _wrong_place(it: Subscription) -> list[str]:
    form = FORMS.get(it.platform)
    if form is None:
        return [f"{_short(it.platform)} is no platform; known are {', '.join(FORMS)}"]
    wrong = []
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", it.story):
        wrong.append(f"{_short(it.story)} is not the command word of a story")
    if not re.fullmatch(form, it.place, re.ASCII):
        wrong.append(f"{_short(it.place)} is no channel of {it.platform}")
    if it.server and not re.fullmatch(form, it.server, re.ASCII):
        wrong.append(f"{_short(it.server)} is no {terms_of(it.platform).server} of {it.platform}")
    return wrong


def _wrong_role(it: Subscription) -> list[str]:
    if not it.role:
        return []
    if it.platform not in _PINGED or not it.server:
        return [f"only {' or '.join(_PINGED.values())} can be pinged; leave the role out"]
    if it.role == it.server:  # the role that Discord gives the server's own id is @everyone
        return ["@everyone is never pinged; name another role"]
    if is_id(it.platform, it.role):
        return []
    return [f"{_short(it.role)} is no {terms_of(it.platform).role} of {it.platform.capitalize()}"]


def _wrong_schedule(it: Subscription) -> list[str]:
    wrong = []
    if it.at.second or it.at.microsecond or it.at.tzinfo:
        wrong.append(f"{it.at} is not a local time to the minute; write it as 09:30")
    if it.quiet and it.quiet.covers(it.at):
        quiet = quiet_text(it.quiet)
        wrong.append(f"{clock_text(it.at)} lies in the quiet hours {quiet}: nothing would come; change one")
    if not it.days or set(it.days) - set(EVERY_DAY) or list(it.days) != sorted(set(it.days)):
        wrong.append("the days are not days of the week, each once; write them as mon-fri")
    elif not _some_day(it):
        wrong.append("the days off leave no day in the coming year; take one away, or pause it instead")
    if it.kind == "weekly" and len(it.days) != 1:
        wrong.append("a weekly digest comes on one day of the week; name one, as monday")
    try:
        zone_of(it.zone)
    except ValueError as error:
        wrong.append(str(error))
    return wrong


def _some_day(it: Subscription) -> bool:
    start = it.changed.date()
    return any(it.open(start + timedelta(days=ahead)) for ahead in range(MAX_OFF_DAYS))


def _wrong_rest(it: Subscription) -> list[str]:
    wrong = []
    if it.kind not in KINDS:
        wrong.append(f"{_short(it.kind)} is no kind of digest; known are {', '.join(KINDS)}")
    if it.nothing_new not in NOTHING_NEW:
        wrong.append(f"{_short(it.nothing_new)} is no way to meet a quiet day; say silent or weekly")
    if not 0 <= it.grace <= MAX_GRACE:
        wrong.append(f"a grace of {it.grace} hours is not between 0 and {MAX_GRACE}")
    if not 1 <= it.pace <= MAX_PACE:
        wrong.append(f"a pace of {it.pace} days is not between 1 and {MAX_PACE}")
    if it.kind != "replay" and (it.pace != 1 or it.start):
        wrong.append(f"pace and start are for a replay, not for {it.kind}; leave them out")
    for name in ("created", "changed", "since"):
        moment: datetime = getattr(it, name)
        if moment.utcoffset() != timedelta(0):
            wrong.append(f"{name} is not a moment in UTC")
    return wrong


_CHECKS: tuple[Callable[[Subscription], list[str]], ...] = (
    _wrong_place,
    _wrong_role,
    _wrong_schedule,
    _wrong_rest,
)
_PINGED = {"discord": "a role of a Discord server", "slack": "a user group of a Slack workspace"}


def parse_clock(text: str) -> time:
    """`09:30`, `9.30`, `9:30 pm` or `9am` → the time of day."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", text.strip().lower(), re.ASCII)
    if found is None or not (found[2] or found[3]):
        raise ValueError(f"{_short(text)} is not a time of day; write it as 09:30 or 21:00")
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        # 12 am is midnight and 12 pm noon; 0 or 13 with am or pm is a slip.
        hour = hour % 12 + 12 * (found[3] == "pm") if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise ValueError(f"{_short(text)} is no time that a clock shows; they run from 00:00 to 23:59")
    return time(hour, minute)


def parse_at(text: str) -> time:
    """The same, and `9` as well: it stands where nothing but a time of day does."""
    hour = re.fullmatch(r"\d{1,2}", text.strip(), re.ASCII)
    return parse_clock(f"{text.strip()}:00" if hour else text)


def clock_text(at: time) -> str:
    """`09:30`."""
    return f"{at:%H:%M}"


def parse_quiet(text: str) -> Quiet | None:
    """`22:00-07:00`, or `none`."""
    if text.strip().lower() in _NONE:
        return None
    ends = re.split(r"\s*(?:-|–|\bto\b)\s*", text.strip())
    if len(ends) != 2:
        raise ValueError(f"{_short(text)} are no quiet hours; write them as 22:00-07:00, or none")
    quiet = Quiet(parse_clock(ends[0]), parse_clock(ends[1]))
    if quiet.start == quiet.end:
        raise ValueError(f"{_short(text)} begins when it ends; write quiet hours as 22:00-07:00, or none")
    return quiet


def quiet_text(quiet: Quiet | None) -> str:
    """`22:00-07:00`, or `none`."""
    return f"{clock_text(quiet.start)}-{clock_text(quiet.end)}" if quiet else "none"


_SETS = {
    "daily": EVERY_DAY,
    "all": EVERY_DAY,
    "weekdays": EVERY_DAY[:5],
    "weekday": EVERY_DAY[:5],
    "weekends": EVERY_DAY[5:],
    "weekend": EVERY_DAY[5:],
}


def parse_days(text: str) -> tuple[int, ...]:
    """`daily`, `weekdays`, `mon-fri`, `mondays and thu` → days of the week, Monday 0."""
    plain = re.sub(r"\s*[-–]\s*", "-", text.lower().replace("every day", "daily"))
    words = [word for word in re.split(r"[\s,;+]+", plain) if word not in {"", "and", "on", "every"}]
    days: set[int] = set()
    for word in words:
        first, dash, last = word.partition("-")
        start, end = _weekday(first), _weekday(last if dash else first)
        if word in _SETS:
            days.update(_SETS[word])
        elif start is None or end is None:
            raise ValueError(f"{_short(word)} is no day of the week; write days as mon-fri or tue, sat")
        else:
            days.update((start + ahead) % 7 for ahead in range((end - start) % 7 + 1))
    if not days:
        raise ValueError("no day is named; write days as mon-fri, or daily")
    return tuple(sorted(days))


def _weekday(word: str) -> int | None:
    word = word.strip(".").removesuffix("s") if len(word) > 3 else word
    if len(word) < 3:
        return None
    return next((number for number, name in enumerate(DAY_NAMES) if name.startswith(word)), None)


def days_text(days: tuple[int, ...]) -> str:
    """`daily`, or the days by their first letters: `mon-wed, fri`."""
    if days == EVERY_DAY:
        return "daily"
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    name = [day[:3] for day in DAY_NAMES]
    return ", ".join(name[run[0]] if len(run) == 1 else f"{name[run[0]]}-{name[run[-1]]}" for run in runs)


def parse_days_off(text: str) -> tuple[DaysOff, ...]:
    """`12-25, 12-24/01-02, 2026-08, 2026-12-24/2027-01-02`, or `none`; dates without a year are yearly."""
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if word.lower() not in {*_NONE, "and"}]
    if len(words) > MAX_OFF:
        raise ValueError(f"there are {len(words)} days off; at most {MAX_OFF} can be named")
    return tuple(dict.fromkeys(_days_off(word) for word in words))


def _days_off(word: str) -> DaysOff:
    if _weekday(word.lower()) is not None:
        raise ValueError(f"{_short(word)} is a day of the week; leave it out of the days instead")
    yearly = re.fullmatch(r"(\d\d)-(\d\d)(?:/(\d\d)-(\d\d))?", word, re.ASCII)
    try:
        if yearly:
            first = date(_LEAP, int(yearly[1]), int(yearly[2]))
            last = date(_LEAP, int(yearly[3]), int(yearly[4])) if yearly[3] else first
            return DaysOff(first, last, yearly=True)
        found = parse_edtf(word)
    except ValueError as error:
        raise ValueError(
            f"{_short(word)} are no days off ({error}); write them as 12-25 (each year), 2026-08"
            " or 2026-12-24/2027-01-02"
        ) from error
    if found.first is None or found.last is None:
        raise ValueError(f"{_short(word)} has no date; write days off as 12-25 or 2026-08")
    if (found.last - found.first).days >= MAX_OFF_DAYS:
        raise ValueError(f"{_short(word)} is longer than a year; pause the subscription instead")
    return DaysOff(found.first, found.last)


def days_off_text(days_off: tuple[DaysOff, ...]) -> str:
    """The days off as `parse_days_off` reads them."""
    return ", ".join(map(_off_text, days_off)) or "none"


def _off_text(off: DaysOff) -> str:
    ends = [f"{end:%m-%d}" if off.yearly else end.isoformat() for end in (off.first, off.last)]
    return ends[0] if off.first == off.last else "/".join(ends)


def parse_grace(text: str) -> int:
    """`6`, `6h` or `6 hours` → hours."""
    return _number(text, r"(?:h|hours?)", 0, MAX_GRACE, "a grace in hours")


def parse_pace(text: str) -> int:
    """`3`, `3d` or `3 days` → days of the story in one edition."""
    return _number(text, r"(?:d|days?)", 1, MAX_PACE, "a pace in days")


def _number(text: str, unit: str, least: int, most: int, what: str) -> int:
    found = re.fullmatch(rf"(\d{{1,6}})\s*{unit}?", text.strip().lower(), re.ASCII)
    if found is None or not least <= int(found[1]) <= most:
        raise ValueError(f"{_short(text)} is not {what}; write a whole number from {least} to {most}")
    return int(found[1])


def parse_kind(text: str) -> Kind:
    """`news`, `replay`, `weekly` or `onthisday`, however it is spaced."""
    return _one_of(text, KINDS, "kind of digest")


def parse_nothing_new(text: str) -> NothingNew:
    """`silent` or `weekly`: what a day without news brings."""
    return _one_of(text, NOTHING_NEW, "way to meet a quiet day")


def _one_of(text: str, words: tuple[_Word, ...], what: str) -> _Word:
    given = re.sub(r"[\s_-]", "", text.lower())
    for word in words:
        if word == given:
            return word
    near = nearest(given[:40], words)
    mend = f"did you mean {near[0]}?" if near else f"known are {', '.join(words)}"
    raise ValueError(f"{_short(text)} is no {what}; {mend}")


def parse_start(text: str) -> date | None:
    """A day, month or year from whose first day a replay tells; or `beginning`."""
    if text.strip().lower() in {*_NONE, "beginning", "the beginning", "start"}:
        return None
    return parse_edtf(text.strip()).first


def parse_role(text: str) -> str:
    """A role as it is mentioned, `<@&123>`, or its number; or `none`."""
    if text.strip().lower() in _NONE:
        return ""
    found = re.fullmatch(rf"<@&({ANY})>|({FORMS['discord']})", text.strip(), re.ASCII)
    if found is None:
        raise ValueError(f"{_short(text)} is no role; choose one from the list, or say none")
    return found[1] or found[2]


def parse_publish(text: str) -> bool:
    """`on` or `off`."""
    given = text.strip().lower()
    if given in {"on", "yes", "true"}:
        return True
    if given in _NONE | {"false"}:
        return False
    raise ValueError(f"{_short(text)} is neither on nor off")


def publish_text(publish: bool) -> str:  # noqa: FBT001  (the value of a field)
    """`on` or `off`."""
    return "on" if publish else "off"


def start_text(start: date | None) -> str:
    """The day, or `beginning`."""
    return start.isoformat() if start else "beginning"


PARSERS: dict[str, Callable[[str], object]] = {
    "kind": parse_kind,
    "at": parse_at,
    "zone": parse_zone,
    "days": parse_days,
    "days_off": parse_days_off,
    "quiet": parse_quiet,
    "grace": parse_grace,
    "role": parse_role,
    "nothing_new": parse_nothing_new,
    "pace": parse_pace,
    "start": parse_start,
    "publish": parse_publish,
}
"""What a person can set, by the name of its field."""


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
