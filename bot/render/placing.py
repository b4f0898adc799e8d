"""Where everything in a picture stands: the text, measured, and the marks. Values; nothing is drawn here.

Time runs down, as a phone is held: a rail for each lane on the left, a row for each mark, in the order of
the calendar. A span goes from its own row to the last row that begins within it.
"""

import os
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from PIL import ImageFont

from bot.chart import Chart, Mark
from bot.edtf import spoken_day
from bot.render.words import clean

WIDTH = 1080
MARGIN = 44
SMALL, LABEL, TITLE = 28, 38, 46  # sizes of the text; a phone shows a third of them
RADIUS = 14  # of a mark
BAR = 22  # the width of a span
_APART = 28  # from the middle of one span to that of the next, where they overlap
_LANE = 54  # the width of a lane
_GAP = 18  # between rows
_AS_OF = 84  # the height of the line that marks the day

FONTS = os.path.join(os.path.dirname(__file__), "fonts")
PLAIN, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"

QUIET, LOUD = "quiet", "loud"
"""The tones of a text that belongs to no lane."""


class Text(NamedTuple):
    """One line of text: its upper left corner, and what it looks like."""

    x: int
    y: int
    words: str
    size: int
    tone: int | str = LOUD  # the number of a colour, or QUIET or LOUD
    bold: bool = False
    struck: bool = False
    backed: bool = False  # it covers what it stands on

    @property
    def width(self) -> int:
        """In pixels, as it is drawn."""
        return wide(self.words, self.size, bold=self.bold)

    @property
    def height(self) -> int:
        """From its highest to its lowest letter."""
        return tall(self.size)


class Spot(NamedTuple):
    """One mark: a disc where the day is known, else a bar from `y` down to `end`."""

    x: int  # its middle
    y: int
    end: int  # the same as `y` for a disc
    tone: int | str
    row: int = 0  # the middle of the line that tells what it is; 0 in the key
    hollow: bool = False  # it was planned


class Rail(NamedTuple):
    """The line of a lane."""

    x: int
    y: int
    end: int
    tone: int


class Placed(NamedTuple):
    """All of a picture."""

    width: int
    height: int
    texts: tuple[Text, ...]
    spots: tuple[Spot, ...]  # of the rows, then of the key
    rails: tuple[Rail, ...]
    text_x: int  # where the text of the rows begins
    as_of: int  # the line that marks the day
    key: int  # the line above the key


class _Row(NamedTuple):
    """One mark, and how it lies beside the others."""

    lane: int
    colour: int
    mark: Mark
    last: int  # the last row that begins within it
    track: int  # which of those that its lane has side by side


class _Lane(NamedTuple):
    start: int
    tracks: int

    @property
    def width(self) -> int:
        return _LANE + _APART * (self.tracks - 1)

    @property
    def middle(self) -> int:
        return self.start + self.width // 2

    def track(self, number: int) -> int:
        return self.middle + number * _APART - (self.tracks - 1) * _APART // 2


@lru_cache(16)
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The letters of one size; Latin, Greek and Cyrillic ones among them."""
    return ImageFont.truetype(os.path.join(FONTS, BOLD if bold else PLAIN), size)


def wide(words: str, size: int, *, bold: bool = False) -> int:
    """The width of a line of text in pixels."""
    return ceil(font(size, bold=bold).getlength(words))


def tall(size: int) -> int:
    """The height of a line of text in pixels."""
    ascent, descent = font(size).getmetrics()
    return ascent + descent


def folded(words: str, size: int, room: int, lines: int = 1, *, bold: bool = False) -> list[str]:
    """Text in lines that fit; where it takes more than so many, the last ends in an ellipsis."""
    left = clean(words).split()
    found: list[str] = []
    while left and len(found) < lines:
        count = 1
        while count < len(left) and wide(" ".join(left[: count + 1]), size, bold=bold) <= room:
            count += 1
        if len(found) == lines - 1:  # the last line takes all the rest, and shows that there is more
            count = len(left)
        found.append(_fitting(" ".join(left[:count]), size, room, bold=bold))
        left = left[count:]
    return found


def placed(chart: Chart) -> Placed:
    """Places all of a picture; it is as high as it has to be."""
    room = WIDTH - 2 * MARGIN
    texts = _block(Text(MARGIN, MARGIN, chart.title, TITLE, bold=True), room, 3)
    y = _below(texts) + 8
    told = f"as of {spoken_day(chart.as_of)} · {chart.note}"
    texts += _block(Text(MARGIN, y, told, SMALL, QUIET), room, 2)
    y = _below(texts) + 30
    rows = _rows(chart)
    lanes = _lanes(rows, len(chart.lanes))
    text_x = lanes[-1].start + lanes[-1].width + 24 if lanes else MARGIN
    rails = []
    for lane, named in zip(lanes, chart.lanes, strict=True):
        rails.append(Rail(lane.middle, y + tall(SMALL) // 2, 0, named.colour))
        x = lane.middle + 28
        texts += _block(Text(x, y, named.name, SMALL, named.colour, bold=True), WIDTH - MARGIN - x)
        y += tall(SMALL) + 8
    y += _GAP
    middles: list[int] = []
    as_of = 0
    for row in rows:
        if not as_of and row.mark.first > chart.as_of:
            as_of, y = y + _AS_OF // 2 - _GAP // 2, y + _AS_OF
        lines, middle = _told(row, text_x, y)
        texts += lines
        middles.append(middle)
        y = _below(lines) + _GAP
    if not as_of:
        as_of, y = y + _AS_OF // 2 - _GAP // 2, y + _AS_OF
    texts += _day(chart, as_of)
    spots = [_spot(row, lanes[row.lane], middles, number) for number, row in enumerate(rows)]
    key = y + 6
    key_texts, key_spots = _key(key + 26)
    return Placed(
        WIDTH,
        _below(key_texts) + MARGIN,
        (*texts, *key_texts),
        (*spots, *key_spots),
        tuple(rail._replace(end=y - _GAP // 2) for rail in rails),
        text_x,
        as_of,
        key,
    )


def _rows(chart: Chart) -> list[_Row]:
    """The marks of all lanes in the order of the calendar; what would touch another stands beside it."""
    order = sorted(
        ((number, mark) for number, lane in enumerate(chart.lanes) for mark in lane.marks),
        key=lambda one: (one[1].first, one[1].last, one[0]),
    )
    rows: list[_Row] = []
    taken: dict[int, list[int]] = {}  # by lane, of each track: the last row that it is taken in
    for number, (lane, mark) in enumerate(order):
        last = max(at for at, (_, other) in enumerate(order) if at == number or other.first <= mark.last)
        last = number if mark.exact else max(number, last)
        tracks = taken.setdefault(lane, [])
        free = next((track for track, until in enumerate(tracks) if until < number), len(tracks))
        tracks[free : free + 1] = [last]
        rows.append(_Row(lane, chart.lanes[lane].colour, mark, last, free))
    return rows


def _lanes(rows: Sequence[_Row], count: int) -> list[_Lane]:
    """The lanes from left to right, each as wide as it has to be."""
    lanes: list[_Lane] = []
    x = MARGIN
    for number in range(count):
        lanes.append(_Lane(x, 1 + max((row.track for row in rows if row.lane == number), default=0)))
        x += lanes[-1].width
    return lanes


def _told(row: _Row, x: int, y: int) -> tuple[list[Text], int]:
    """What a row says: when and who, then what; and the height at which its mark points to it."""
    mark, room = row.mark, WIDTH - MARGIN - x
    tone = QUIET if mark.superseded else LOUD
    more = f" +{mark.more}" if mark.more else ""
    who = f" · {mark.speaker}" if mark.speaker else ""
    taken = wide(more, SMALL)
    texts = _block(Text(x, y, f"{mark.when}{who}", SMALL, row.colour), room - taken)
    if more:
        texts.append(Text(x + texts[-1].width, y, more, SMALL, QUIET))
    label = Text(x, _below(texts) + 2, mark.label, LABEL, tone, struck=mark.superseded)
    what = _block(label, room, 2)
    return [*texts, *what], y + tall(SMALL) // 2


def _spot(row: _Row, lane: _Lane, middles: Sequence[int], number: int) -> Spot:
    x, middle = lane.track(row.track), middles[number]
    if row.mark.exact:
        return Spot(x, middle, middle, row.colour, middle, row.mark.plan)
    end = middles[row.last] + RADIUS if row.last > number else middle + tall(LABEL)
    return Spot(x, middle - RADIUS, end, row.colour, middle, row.mark.plan)


def _day(chart: Chart, y: int) -> list[Text]:
    """What stands on the line that marks the day, at its right end."""
    words = f"as of {spoken_day(chart.as_of)}"
    x = WIDTH - MARGIN - wide(words, SMALL, bold=True)
    return [Text(x, y - tall(SMALL) // 2, words, SMALL, LOUD, bold=True, backed=True)]


def _key(y: int) -> tuple[list[Text], list[Spot]]:
    """What the marks mean, in two columns."""
    texts: list[Text] = []
    spots: list[Spot] = []
    half, inset = tall(SMALL) // 2, 56
    columns = (MARGIN, WIDTH // 2)
    for line, hollow in enumerate((False, True)):
        top = y + line * (tall(SMALL) + 14)
        left, right = (x + RADIUS for x in columns)
        spots.append(Spot(left, top + half, top + half, QUIET, hollow=hollow))
        spots.append(Spot(right, top + half - 19, top + half + 19, QUIET, hollow=hollow))
        words = ("planned", "planned, within") if hollow else ("on this day", "some time within")
        texts += [Text(x + inset, top, told, SMALL, QUIET) for x, told in zip(columns, words, strict=True)]
    top = _below(texts) + 14
    texts.append(Text(columns[0], top, "overturned since", SMALL, QUIET, struck=True))
    texts.append(Text(columns[1], top, "+2", SMALL, QUIET))
    texts.append(Text(columns[1] + inset, top, "and 2 more like it", SMALL, QUIET))
    return texts, spots


def _block(text: Text, room: int, lines: int = 1) -> list[Text]:
    """A text from its corner on, in as many lines as it takes."""
    return [
        text._replace(y=text.y + number * text.height, words=line)
        for number, line in enumerate(folded(text.words, text.size, room, lines, bold=text.bold))
    ]


def _below(texts: Sequence[Text]) -> int:
    return max(text.y + text.height for text in texts)


def _fitting(line: str, size: int, room: int, *, bold: bool) -> str:
    """A line, or as much of its beginning as fits with an ellipsis."""
    if wide(line, size, bold=bold) <= room:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        fits = wide(line[:middle].rstrip() + "…", size, bold=bold) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return line[:low].rstrip() + "…"
