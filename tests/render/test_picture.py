"""The PNG of a timeline: opened again, measured, and looked at pixel by pixel."""

import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.chart import Chart, Lane, Mark
from bot.render.picture import DARK, LIGHT, Colours, is_ours, png
from bot.render.placing import MARGIN, SMALL, WIDTH, Placed, Spot, folded, placed, wide

DAY = date(2022, 2, 25)
LEAST_CONTRAST = 4.5  # of text and its paper, as WCAG 2 has it for those who see less well


def mark(label: str, first: date = DAY, last: date | None = None, **more: object) -> Mark:
    """A mark of one day, or of a span."""
    given: dict[str, object] = {"when": first.isoformat(), "label": label, **more}
    return Mark(first, last or first, **given)  # type: ignore[arg-type]


CHART = Chart(
    "The ferry: timeline",
    date(2022, 3, 5),
    (
        Lane(
            "Alton", (mark("Strike begins"), mark("Плата поднята", DAY + timedelta(1), speaker="Ада Пенн")), 0
        ),
        Lane("Borth", (mark("Talks", DAY, DAY + timedelta(9), more=3),), 1),
        Lane(
            "others",
            (mark("Start in May", date(2022, 5, 1), date(2022, 5, 31), plan=True, superseded=True),),
            4,
        ),
    ),
    "7 events",
    "The ferry: timeline, as a chart.",
)
LONG = Chart(
    "A title that is much too long for a picture " * 9,
    date(2022, 3, 5),
    tuple(
        Lane(
            "A party with a name that goes on and on and on and on and on",
            tuple(
                mark(
                    "Unbreakable" * 20 if n % 2 else "A label that takes more than its two lines do " * 9,
                    DAY + timedelta(n),
                    DAY + timedelta(n + 9 * (n % 3)),
                    speaker="Somebody whose name is long " * 4,
                    more=99 * (n % 2),
                )
                for n in range(4)
            ),
            number,
        )
        for number in range(5)
    ),
    "20 of 12,345 events",
)
EMPTY = Chart("Nothing", DAY, (), "0 events")
charts = pytest.mark.parametrize("chart", [CHART, LONG, EMPTY], ids=["usual", "crowded", "empty"])
colours = pytest.mark.parametrize(("dark", "palette"), [(False, LIGHT), (True, DARK)], ids=["light", "dark"])


def opened(chart: Chart, *, dark: bool = False) -> Image.Image:
    """The picture as anybody's viewer sees it."""
    return Image.open(BytesIO(png(chart, dark=dark))).convert("RGB")


def rgb(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as numbers."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def near(image: Image.Image, at: tuple[int, int], colour: str) -> bool:
    """Whether a pixel has a colour, as far as 256 of them can tell it."""
    found = image.getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(one - other) < 24 for one, other in zip(found, rgb(colour), strict=True))


@colours
@charts
def test_it_is_a_png_of_the_width_of_a_phone(chart: Chart, palette: Colours, *, dark: bool) -> None:
    """1080 pixels wide, as high as it has to be, on paper of the right colour to its edge, and not large."""
    content = png(chart, dark=dark)
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(content) < 500_000
    image = opened(chart, dark=dark)
    assert image.size == (WIDTH, placed(chart).height)
    for corner in ((2, 2), (WIDTH - 3, 2), (2, image.height - 3), (WIDTH - 3, image.height - 3)):
        assert near(image, corner, palette.paper)


@charts
def test_no_text_is_cut_or_lies_on_another(chart: Chart) -> None:
    """All of it is within the margins, and no two lines of it touch."""
    there = placed(chart)
    boxes = [(text.x, text.y, text.x + text.width, text.y + text.height) for text in there.texts]
    for left, top, right, bottom in boxes:
        assert left >= MARGIN
        assert top >= MARGIN
        assert right <= WIDTH - MARGIN
        assert bottom <= there.height - MARGIN
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (there.texts[number], other)


@charts
def test_the_margins_are_empty(chart: Chart) -> None:
    """Nothing that is drawn reaches the edge of the picture either."""
    image = opened(chart)
    for box in ((0, 0, MARGIN // 2, image.height), (WIDTH - MARGIN // 2, 0, WIDTH, image.height)):
        colours = image.crop(box).getcolors()
        assert colours is not None
        assert len(colours) == 1


@charts
def test_no_mark_lies_on_another_or_on_a_text(chart: Chart) -> None:
    """What happens at the same time in one lane stands side by side, left of the words."""
    there = placed(chart)
    rows = [spot for spot in there.spots if spot.row]
    for number, one in enumerate(rows):
        assert one.x < there.text_x - 20
        for other in rows[number + 1 :]:
            assert abs(one.x - other.x) >= 28 or one.end < other.y or other.end < one.y


def test_text_is_large_enough_for_a_phone() -> None:
    """A phone shows a third of it."""
    assert SMALL >= 28
    assert all(text.size >= SMALL for text in placed(LONG).texts)


def test_text_that_does_not_fit_ends_in_an_ellipsis() -> None:
    """At a blank, or within a word that is too long by itself; what fits has none."""
    assert folded("one two", 30, 1000) == ["one two"]
    cut = folded("one two three four", 30, wide("one two thr", 30))
    assert cut[0].endswith("…")
    two = folded("one two three four five", 30, wide("one two three", 30), 2)
    assert two == ["one two three", "four five"]
    (long,) = folded("x" * 500, 30, 300)
    assert long.endswith("…")
    assert wide(long, 30) <= 300
    assert folded("", 30, 300) == []


@colours
def test_marks_are_drawn_in_the_colour_of_their_lane(palette: Colours, *, dark: bool) -> None:
    """A day is a full disc, a span a bar, a plan is hollow; the day of the picture is a line."""
    image, there = opened(CHART, dark=dark), placed(CHART)
    rows = [spot for spot in there.spots if spot.row]
    discs = [spot for spot in rows if spot.y == spot.end]
    assert len(discs) == 2
    assert all(near(image, (spot.x, spot.y), palette.of(0)) for spot in discs)
    span, plan = (spot for spot in rows if spot.y != spot.end)
    assert near(image, (span.x - 9, (span.y + span.end) // 2), palette.of(1))
    assert near(image, (plan.x - 9, (plan.y + plan.end) // 2), palette.of(4))
    assert near(image, (plan.x, (plan.y + plan.end) // 2), palette.paper)
    assert not near(image, (span.x, (span.y + span.end) // 2), palette.paper)
    assert near(image, (MARGIN + 4, there.as_of), palette.day)


def test_a_span_goes_to_the_last_row_that_begins_within_it() -> None:
    """The talks, of ten days, reach the next day's row, and not that of May."""
    there = placed(CHART)
    strike, talks, fee, start = (spot for spot in _in_order(there))
    assert talks.y < fee.row <= talks.end < start.row
    assert strike.y == strike.end


def test_the_day_of_the_picture_parts_what_was_from_what_was_to_come() -> None:
    """Its line is below the last row that begins by then, and above the first that begins later."""
    there = placed(CHART)
    rows = [spot.row for spot in _in_order(there)]
    assert rows[2] < there.as_of < rows[3]
    late = placed(CHART._replace(as_of=date(2023, 1, 1)))
    assert late.as_of > max(spot.row for spot in late.spots)
    early = placed(CHART._replace(as_of=date(2021, 1, 1)))
    assert early.as_of < min(spot.row for spot in early.spots if spot.row)


@colours
def test_what_is_overturned_is_struck_through(palette: Colours, *, dark: bool) -> None:
    """A line goes through its words from end to end; other words have none."""
    image, there = opened(CHART, dark=dark), placed(CHART)
    for words, struck in (("Start in May", True), ("Strike begins", False)):
        (text,) = (one for one in there.texts if one.words == words)
        middle = text.y + text.height * 11 // 20
        across = [near(image, (x, middle), palette.paper) for x in range(text.x, text.x + text.width)]
        assert any(across) is not struck


@colours
def test_all_text_can_be_read_on_its_paper(palette: Colours, *, dark: bool) -> None:
    """Words in every colour contrast with the paper as the guidelines for the web ask."""
    for colour in (palette.loud, palette.quiet, palette.day, *palette.lanes):
        light, deep = sorted((_luminance(colour), _luminance(palette.paper)), reverse=True)
        assert (light + 0.05) / (deep + 0.05) >= LEAST_CONTRAST, colour
    assert (_luminance(palette.paper) < 0.2) is dark


def test_letters_of_russia_are_letters() -> None:
    """A name in Cyrillic is drawn, each letter as itself, and not as the box that stands for none."""
    from bot.render.placing import font

    boxes = {bytes(font(30).getmask(letter)) for letter in "Рогозин"}
    assert len(boxes) == 6  # one of them twice
    assert bytes(font(30).getmask("\U0010fffe")) not in boxes


def test_the_file_says_what_it_shows() -> None:
    """The alternative text goes on with it, and it is known again as one of ours; other files are not."""
    image = Image.open(BytesIO(png(CHART)))
    assert image.info["Description"] == CHART.alt
    assert image.info["Title"] == CHART.title
    assert is_ours(BytesIO(png(CHART, dark=True)))
    other = BytesIO()
    Image.new("RGB", (9, 9)).save(other, "PNG")
    assert not is_ours(BytesIO(other.getvalue()))
    assert not is_ours(BytesIO(b"no picture"))
    assert not is_ours(BytesIO(png(CHART)[:30]))
    assert not is_ours(BytesIO(b""))


def test_the_same_picture_is_drawn_once() -> None:
    """It is kept for as long as the value says the same; light and dark are two."""
    again = Chart(*CHART)
    assert png(CHART) is png(again)
    assert png(CHART) != png(CHART, dark=True)
    assert png(CHART) != png(CHART._replace(title="Another"))


def test_a_chart_may_say_its_colours() -> None:
    """Then it is not asked what the platform would have."""
    light, dark = CHART._replace(dark=False), CHART._replace(dark=True)
    assert opened(light, dark=True).tobytes() == opened(CHART).tobytes()
    assert opened(dark).tobytes() == opened(CHART, dark=True).tobytes()


def test_other_threads_go_on_while_it_is_drawn() -> None:
    """Drawing in a thread holds up nobody else for long: an event loop goes on beside it."""
    gaps, over = [0.0], threading.Event()

    def beat() -> None:
        last = time.perf_counter()
        while not over.is_set():
            time.sleep(0.001)
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()

    beating = threading.Thread(target=beat)
    beating.start()
    began = time.perf_counter()
    png(LONG._replace(title="Drawn anew"))
    taken = time.perf_counter() - began
    over.set()
    beating.join()
    assert max(gaps) < max(0.1, taken / 2)


def test_nobody_who_wants_no_picture_loads_pillow() -> None:
    """The table of commands, the desk and the replies do without it, and so does every other answer."""
    code = (
        "import sys, bot.desk.desk, bot.desk.table, bot.render.terminal;"
        " print(*(name in sys.modules for name in ('PIL', 'bot.chart')))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]


def _in_order(there: Placed) -> list[Spot]:
    return sorted((spot for spot in there.spots if spot.row), key=lambda spot: spot.row)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in rgb(colour)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
