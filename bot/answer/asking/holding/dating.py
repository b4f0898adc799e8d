"""Whether a fact is of the time that a question names."""

from collections.abc import Sequence
from datetime import date

from bot.answer.asking.holding.statement import Statement
from bot.answer.asking.reading.times import Time

_A_YEAR = 300  # days; a time that is longer is a year, and may be told by its number alone
_BY_ITS_YEAR = 0.95  # what a fact is worth that tells the year
_BY_ITS_WORDS = 0.9  # what was said at another time of this one: a plan of January for September
_BESIDE = 0.6  # what has no date, or is of the wrong side of a day
ANOTHER = 0.5  # what is of another time
# Up to so many days, a time tells so much: a day tells more than a year.
_PRECISE = ((2, 1.0), (39, 0.6))
_VAGUE = 0.4


def weight_of(times: Sequence[Time]) -> float:
    """How much it tells that a fact is of one of these times."""
    return max(map(_precise, times))


def _precise(time: Time) -> float:
    days = (time.last - time.first).days
    return next((worth for most, worth in _PRECISE if days <= most), _VAGUE)


def in_time(time: Time, statement: Statement) -> float:
    """1 where a fact is of a time, else how much it is worth for that time."""
    first, last = statement.fact.date.first, statement.fact.date.last
    if time.bound == "as of":
        return 1.0
    if first is None or last is None:
        return _BESIDE
    if time.bound in {"since", "after"}:
        return 1.0 if last >= time.first else _BESIDE
    if time.bound == "before":
        return 1.0 if first <= time.last else _BESIDE
    if first <= time.last and last >= time.first:
        return 1.0
    says = statement.fact.says.lower()
    if time.month and (_in_month(time.month, first, last) or time.month_name in says):
        return 1.0
    return _told_of(time, statement)


def _in_month(month: int, first: date, last: date) -> bool:
    """Whether a fact is of a month of any year; what is of a year tells nothing of its months."""
    return first.month <= month <= last.month and (last - first).days <= _A_YEAR


def _told_of(time: Time, statement: Statement) -> float:
    """What a fact is worth that is of another time, by what it says of this one."""
    if str(time.first.year) not in statement.numbers:
        return ANOTHER
    if time.first.year == time.last.year and (time.last - time.first).days > _A_YEAR:
        return _BY_ITS_YEAR
    return _BY_ITS_WORDS if time.typed.lower().split()[0] in statement.fact.says.lower() else ANOTHER
