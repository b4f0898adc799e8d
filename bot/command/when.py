"""Dates as people type them → the days they can mean.

A phrase without a year means the last time that it came round before the story's newest source:
in a story of 2022, "july" is July 2022, whatever the year of the asker.
"""

import re
from datetime import date, timedelta

from bot.edtf import MONTHS, Edtf, month_end, of_day, parse_edtf

EXAMPLES = "2022-03-05, 1 march 2022, mid march, july, yesterday"

_MONTH = {
    name: number
    for number, month in enumerate(MONTHS, 1)
    for name in (month.lower(), month[:3].lower(), month[:4].lower())
}
_SEASON = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_PART = {
    "early": (1, 10), "start": (1, 10), "beginning": (1, 10),
    "mid": (11, 20), "middle": (11, 20),
    "late": (21, 31), "end": (21, 31),
}  # fmt: skip
# Patterns are compiled when a date is first typed: most questions have none.
_RELATIVE = (
    r"\b(?:today|now|yesterday|tomorrow|ago|last|past|this|next|day|days|week|weeks|month|months|year|years"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)\b"
)
_DAY_FIRST = r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2})?)?"
_LEAD = r"(?:as (?:of|known on)|known (?:on|by)|by) "
_FILLER = {"the", "of", "on", "in", "at", "day", "month"}


def read_when(text: str, today: date, newest: date | None) -> Edtf | None:
    """The days that a phrase can mean, or None where it is not understood.

    `newest` is the day of the story's newest source.
    """
    phrase = " ".join(text.lower().replace(",", " ").split()).strip(" .?!")
    phrase = re.sub(_LEAD, "", re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", phrase), count=1)
    if not phrase or len(phrase) > 60:
        return None
    return (
        _edtf(phrase)
        or _today(phrase, today)
        or _day_first(phrase, newest or today)
        or _named(phrase, newest or today)
        or _part_of_year(phrase)
        or _relative(phrase, today)
    )


def is_no_day(text: str, today: date, newest: date | None) -> bool:
    """Whether a phrase would be a day if its month had so many: `31 february 2022`."""
    first = re.sub(r"(?<!\d)(?:29|3\d|[4-9]\d)(?=st\b|nd\b|rd\b|th\b|\b)", "01", text)
    if first == text or read_when(text, today, newest) is not None:
        return False
    found = read_when(first, today, newest)
    return found is not None and found.first == found.last


def _edtf(phrase: str) -> Edtf | None:
    padded = re.sub(r"(?<=[-/])(\d)(?=[-/]|$)", r"0\1", phrase)
    year_first = re.fullmatch(r"(\d{4})[/.]?(\d{2})(?:[/.]?(\d{2}))?", padded)
    if year_first:
        padded = "-".join(filter(None, year_first.groups()))
    try:
        found = parse_edtf(padded)
    except ValueError:
        return None
    return found if found.last else None


def _today(phrase: str, today: date) -> Edtf | None:
    days = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}.get(phrase)
    return None if days is None else of_day(today + timedelta(days=days))


def _day_first(phrase: str, newest: date) -> Edtf | None:
    """`05.03.2022`, `13/07/22`, `5.3.`: the day, then the month, as most of the world writes it."""
    found = re.fullmatch(_DAY_FIRST, phrase)
    # Without a year, 10-15 is no date to anybody.
    if not found or (found[2] == "-" and not found[4]):
        return None
    day, month = int(found[1]), int(found[3])
    try:
        return of_day(date(_year(found[4]) if found[4] else _year_of(month, day, newest), month, day))
    except ValueError:
        return None


def _named(phrase: str, newest: date) -> Edtf | None:
    """A month or a season by name, with or without its part, its day and its year."""
    words = [word for word in re.split(r"[\s-]+", phrase) if word not in _FILLER]
    month = next((word for word in words if word in _MONTH or word in _SEASON), None)
    if month is None:
        return None
    words.remove(month)
    part = next((word for word in words if word in _PART), None)
    if part:
        words.remove(part)
    if not all(re.fullmatch(r"[12]\d{3}|\d{1,2}", word) for word in words):
        return None
    years = [_year(word) for word in words if len(word) == 4]
    days = [int(word) for word in words if len(word) < 4]
    if len(days) == 2 and not years and re.search(r"[a-z] \d\d$", phrase):
        years.append(_year(str(days.pop())))  # 1 mar 22
    if len(years) > 1 or len(days) > (0 if part else 1):
        return None
    first, last = (_MONTH[month],) * 2 if month in _MONTH else _SEASON[month]
    if first != last and (part or days):
        return None
    bounds = (days[0], days[0]) if days else _PART.get(part or "", (1, 31))
    try:
        year = years[0] if years else _year_of(first, bounds[0], newest)
        return _span(year, first, last, bounds, exact=bool(days))
    except ValueError:
        return None


def _part_of_year(phrase: str) -> Edtf | None:
    """`early 2022`, `mid 2022`, `end of 2021`: a third of the year."""
    words = [word for word in re.split(r"[\s-]+", phrase) if word not in _FILLER]
    if len(words) != 2 or words[0] not in _PART or not re.fullmatch(r"[12]\d{3}", words[1]):
        return None
    first = {1: 1, 11: 5, 21: 9}[_PART[words[0]][0]]
    return _span(int(words[1]), first, first + 3, (1, 31), exact=False)


def _year(text: str) -> int:
    """A year of four digits, or of the two that this century's are cut to."""
    return int(text) + (2000 if len(text) == 2 else 0)


def _year_of(month: int, day: int, newest: date) -> int:
    return newest.year if (month, day) <= (newest.month, newest.day) else newest.year - 1


def _span(year: int, first: int, last: int, bounds: tuple[int, int], *, exact: bool) -> Edtf:
    start = date(year, first, bounds[0])
    if exact:
        return of_day(start)
    end = date(year, last, min(bounds[1], month_end(year, last).day))
    if first == last and bounds == (1, 31):
        return parse_edtf(f"{year:04}-{first:02}")
    return Edtf(f"{start.isoformat()}/{end.isoformat()}", start, end)


def _relative(phrase: str, today: date) -> Edtf | None:
    """What is left to a library: "last friday", "3 weeks ago"."""
    if not re.search(_RELATIVE, phrase):
        return None
    # Imported here since it takes a quarter of a second, and few phrases come this far.
    from datetime import datetime

    import dateparser

    noon = datetime(today.year, today.month, today.day, 12)  # noqa: DTZ001  (a calendar day)
    settings = {"RELATIVE_BASE": noon, "PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY"}
    found = dateparser.parse(phrase, languages=["en"], settings=settings)
    return of_day(found.date()) if found else None
