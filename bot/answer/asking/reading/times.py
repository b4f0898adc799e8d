"""The times that a question names, and how it means them."""

import re
from datetime import date
from typing import Literal, NamedTuple

from bot.answer.asking.language.words import listed
from bot.command.when import read_when
from bot.edtf import MONTHS, Edtf

Bound = Literal["in", "as of", "since", "before", "after"]

_AROUND = " ,.;:?!()\"'"
_LONGEST = 5  # words of a time
_AS_OF = r"as of|as known (?:on|in|by)|known (?:on|by|in|as of)|up to|as at|as per"
# The first that fits decides.
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
# "On that Friday in March": which Friday, nobody can tell.
_ON_A_WEEKDAY = rf"(?:on )?(?:(?:that|a|the|one|some|this) )?(?:(?:first|last) )?{_WEEKDAY} (?:in|of)"
_WEEKDAY_OF_A_DAY = rf"^(?:{_WEEKDAY}|mon|tues?|wed|thurs?|fri|sat|sun)\.?,? (?=.*\d)"
_LEADS: tuple[tuple[Bound, str], ...] = (
    ("as of", _AS_OF),
    ("since", r"since"),
    ("after", r"after|later than|following"),
    ("before", r"before|earlier than|prior to|ahead of|by|until|till"),
    ("in", rf"{_ON_A_WEEKDAY}|on|in|at|during|around|of|about|for|dated|this|last|next|from|to|between|and"),
)
_LONGEST_LEAD = 5  # words, the article behind it included
_A_TIME = (
    r"\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\b|\bmay\b"
    r"|\b(?:spring|summer|autumn|winter)\b"
    r"|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d|\byesterday\b|\bago\b|\blast (?:week|month|year)\b"
)
_A_MONTH = r"[A-Za-z]{3,9}"
_MONTHS_THAT_ARE_WORDS = frozenset(("may", "march", "mar"))
_BEFORE_A_MONTH = listed(
    """
    in since until by before after during of from last this about mid early late and for between to as
    versus vs
    """
)
_BEFORE_A_YEAR = _BEFORE_A_MONTH | listed(
    """
    on at the original its planned first summer spring autumn winter year exactly around than with back was is
    or versus vs
    """
)
# A time neither begins nor ends with these, though a reader of dates may skip them.
_DONE = listed("end start begin")
_NO_START = listed("in on of the and to at from by with as known after before since until till or")


class Time(NamedTuple):
    """A time that a question names."""

    bound: Bound
    first: date
    last: date
    typed: str

    @property
    def month(self) -> int:
        """The month, where it is named without a day and a year; else 0."""
        return self.first.month if re.fullmatch(_A_MONTH, self.typed.strip(_AROUND)) else 0

    @property
    def month_name(self) -> str:
        """The same, in words and in lower case."""
        return MONTHS[self.first.month - 1].lower()


def times(text: str, today: date, newest: date | None) -> tuple[tuple[Time, ...], str]:
    """The times that a text names, in order, and the text without them."""
    words = text.split()
    found: list[Time] = []
    kept: list[str] = []
    at = 0
    while at < len(words):
        size, when = _read(words, at, today, newest)
        if when is None or when.first is None or when.last is None:
            kept.append(words[at])
            at += 1
            continue
        bound, length = _bound(kept)
        if length:
            del kept[-length:]
        found.append(Time(bound, when.first, when.last, " ".join(words[at : at + size])))
        at += size
    return tuple(found), " ".join(kept)


def _read(words: list[str], at: int, today: date, newest: date | None) -> tuple[int, Edtf | None]:
    """The longest time that begins at a word, and of how many words it is; 0 where none does."""
    before = words[at - 1].lower().strip(",.") if at else ""
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        phrase = " ".join(words[at : at + size]).strip(_AROUND).removesuffix("'s")
        # The day says enough; with the weekday before it, it would be read as one of this year.
        phrase = re.sub(_WEEKDAY_OF_A_DAY, "", phrase, flags=re.IGNORECASE)
        if not re.search(_A_TIME, phrase, re.IGNORECASE) or _is_none(phrase.lower(), before):
            continue
        if when := read_when(phrase, today, newest):
            return size, when
    return 0, None


def _is_none(low: str, before: str) -> bool:
    """Whether words only look like a time: the month of "may quit", the name of a mission."""
    if low in _MONTHS_THAT_ARE_WORDS:
        return before not in _BEFORE_A_MONTH
    if re.match(rf"{_WEEKDAY} (?:in|of)\b", low):
        return True
    if re.match(r"(?:week)?days? (?:in|of)\b", low):
        return True  # "on which day of May"
    first, *more = low.split()
    if first in _DONE and more[:1] and more[0] in {"in", "on"}:
        return True  # "did it end in 2013" is no end of 2013
    if re.fullmatch(r"\d{4}", low):
        return before.isalpha() and before not in _BEFORE_A_YEAR
    return first in _NO_START or (bool(more) and more[-1].strip(",") in _NO_START)


def _bound(before: list[str]) -> tuple[Bound, int]:
    """How a time is meant by the words before it, and how many of these say so."""
    lead = " ".join(before[-_LONGEST_LEAD:]).lower()
    for bound, pattern in _LEADS:
        if found := re.search(rf"(?:^|\s)((?:{pattern})(?: the)?)$", lead):
            return bound, len(found[1].split())
    return "in", 0
