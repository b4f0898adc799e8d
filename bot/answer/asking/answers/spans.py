"""How long something was: from one dated fact to another, as exactly as the two are dated."""

from typing import NamedTuple

from bot.edtf import Edtf, spoken, spoken_day
from bot.model import Fact

_A_YEAR, _A_MONTH, _A_WEEK = 365.25, 30.44, 7  # days
# From so many days on, people count in something longer: nobody says "one year" of 14 months.
_IN_YEARS, _IN_MONTHS, _IN_WEEKS = 700, 75, 21


class Span(NamedTuple):
    """The time between two facts."""

    start: Fact
    end: Fact
    least: int  # days that may lie between them, at least and at most
    most: int

    @property
    def told(self) -> str:
        """In a sentence, as exactly as it can be said."""
        between = f"from {_on(self.start.date)} to {_on(self.end.date)}"
        if self.least == self.most:
            days, rough = _days(self.least), _rough(self.least)
            return f"{days}{'' if rough == days else f', about {rough}'}: {between}."
        middle = (self.least + self.most) // 2
        return f"About {_rough(middle)}: {between}."


def span(start: Fact, end: Fact) -> Span | None:
    """The time between two facts; None where one has no date, or the second may not have been later."""
    first, last = start.date, end.date
    if first.first is None or first.last is None or last.first is None or last.last is None:
        return None
    if last.first <= first.last:
        return None
    return Span(start, end, (last.first - first.last).days, (last.last - first.first).days)


def _on(when: Edtf) -> str:
    return spoken_day(when.first) if when.exact and when.first else spoken(when)


def _rough(days: int) -> str:
    """A number of days to the nearest of what people say."""
    if days >= _IN_YEARS:
        return f"{round(days / _A_YEAR)} years"
    if days >= _IN_MONTHS:
        return f"{round(days / _A_MONTH)} months"
    return f"{round(days / _A_WEEK)} weeks" if days >= _IN_WEEKS else _days(days)


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"
