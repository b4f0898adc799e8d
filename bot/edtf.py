"""Dates as sources give them: a day, a month, a year, or somewhere in between (EDTF, ISO 8601-2).

Of the Extended Date/Time Format (Library of Congress, 2019) four forms are read, those that news
needs: `2022-07-12`, `2022-03`, `2013` and the interval `2022-03-18/2022-03-24`; besides them the
word `undated`, for a fact that has no date at all.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

UNDATED = "undated"
FORMS = "2022-07-12, 2022-03, 2013 or 2022-03-18/2022-03-24"

_SHOWN = 40
_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


class Edtf(NamedTuple):
    """A date that may be less exact than a day.

    `first` and `last` are the first and last day it can mean; both are None where it is undated.
    """

    text: str
    first: date | None
    last: date | None

    @property
    def exact(self) -> bool:
        """True where the day is known."""
        return self.first is not None and self.first == self.last

    @property
    def known_from(self) -> date:
        """The day from which something published on this date counts as known: its last."""
        if self.last is None:
            raise ValueError("an undated thing is not known from any day")
        return self.last


def parse_edtf(text: str) -> Edtf:
    """Reads one date in EDTF, or the word `undated`.

    Raises ValueError with a message for a person where `text` is neither.
    """
    if text == UNDATED:
        return Edtf(text, None, None)
    start, slash, end = text.partition("/")
    first = _point(start, text)
    if not slash:
        return Edtf(text, *first)
    last = _point(end, text)
    if last[1] < first[0]:
        raise ValueError(f"{_short(text)} ends before it begins")
    return Edtf(text, first[0], last[1])


def of_day(day: date) -> Edtf:
    """The date of exactly this day."""
    return Edtf(day.isoformat(), day, day)


def spoken(when: Edtf) -> str:
    """The date in words, so that an uncertain one looks uncertain: `between 18 and 24 March 2022`."""
    if when.first is None or when.last is None:
        return UNDATED
    if "/" not in when.text:
        return _spoken_point(when.text)
    start, end = when.text.split("/")
    first, last = _spoken_point(start), _spoken_point(end)
    if len(start) == len(end) == 10 and start[:4] == end[:4]:
        month = last.partition(" ")[2]
        first = first.partition(" ")[0] if start[:7] == end[:7] else first.rpartition(" ")[0]
        last = f"{last.partition(' ')[0]} {month}"
        if (when.last - when.first).days == 1:
            return f"{first} or {last}"
    return f"between {first} and {last}"


def spoken_day(day: date) -> str:
    """One day in words: `13 July 2022`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def spoken_span(days: int) -> str:
    """A number of days as people say it: `3 days`, `7 weeks`, `4 months`, `2 years`."""
    for unit, length, least in (("year", 365.25, 730), ("month", 30.44, 91), ("week", 7.0, 21)):
        if days >= least:
            # Half a day more, so that twelve months of whole days are twelve.
            return f"{int((days + 0.5) / length)} {unit}s"
    return "1 day" if days == 1 else f"{days} days"


def _point(text: str, whole: str) -> tuple[date, date]:
    found = _POINT.match(text)
    if not found:
        raise ValueError(f"{_short(whole)} is not a date; write {FORMS}")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if year is not None and month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if year is not None and month is not None and day is None:
            return date(year, month, 1), month_end(year, month)
        exact = date(year or 0, month or 0, day or 0)
    except ValueError:
        raise ValueError(f"{_short(whole)} is no day of the calendar; write {FORMS}") from None
    return exact, exact


def month_end(year: int, month: int) -> date:
    """The last day of a month; raises ValueError where there is none of that number."""
    if month == 12:  # not by way of the next month: the last year has none
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _spoken_point(text: str) -> str:
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    return " ".join(filter(None, [day.lstrip("0"), MONTHS[int(month) - 1] if month else "", year]))
