"""Chart → PNG: light or dark, and readable on a phone.

Only what sends or writes a picture imports this: Pillow and its fonts take longer to load than most answers.
"""

from functools import lru_cache
from io import BytesIO
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageDraw, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from bot.chart import Chart
from bot.render.placing import BAR, LOUD, MARGIN, QUIET, RADIUS, Placed, Text, font, placed

SOFTWARE = "exomars"
"""What a picture says it was made by, so that it is known again."""

_EDGE = 5  # the width of an outline
_FINE = 2  # shapes are drawn larger by this, then made smaller, for smooth edges


class Colours(NamedTuple):
    """What a picture is drawn in: each as #rrggbb."""

    paper: str
    loud: str
    quiet: str
    faint: str  # lines that only lead the eye
    day: str  # the line that marks the day
    lanes: tuple[str, ...]

    def of(self, tone: int | str) -> str:
        """A lane's colour by its number, or that of a tone."""
        if isinstance(tone, int):
            return self.lanes[tone % len(self.lanes)]
        return {LOUD: self.loud, QUIET: self.quiet}[tone]


LIGHT = Colours(
    "#ffffff", "#17191c", "#5a6069", "#c9ced6", "#17191c",
    ("#0a5aa8", "#74399b", "#b23c0a", "#0b6b66", "#5d5a4e"),
)  # fmt: skip
DARK = Colours(
    "#16191d", "#f1f3f5", "#a4acb7", "#444b55", "#f1f3f5",
    ("#6cb4f5", "#cb9cf5", "#ff9a62", "#4fd0c4", "#b9b5a3"),
)  # fmt: skip


@lru_cache(32)
def png(chart: Chart, *, dark: bool = False) -> bytes:
    """The picture as a PNG, 1080 pixels wide. It takes a tenth of a second: not for an event loop.

    `dark` is for where the chart does not say it. What was drawn is kept by all that it shows: of a story
    that has changed the chart is another.
    """
    colours = DARK if (dark if chart.dark is None else chart.dark) else LIGHT
    there = placed(chart)
    image = _shapes(there, colours)
    draw = ImageDraw.Draw(image)
    for text in there.texts:
        _write(draw, text, colours)
    told = PngInfo()
    told.add_itxt("Title", chart.title)
    told.add_itxt("Description", chart.alt)  # where a file goes on without its message
    told.add_itxt("Software", SOFTWARE)
    found = BytesIO()
    # Of 256 colours it is a third as large; this way of finding them takes a tenth of the usual one's time.
    few = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(found, "PNG", pnginfo=told)
    return found.getvalue()


def is_ours(file: BinaryIO) -> bool:
    """Whether a file is a picture that `png` has made."""
    try:
        with Image.open(file, formats=["PNG"]) as image:
            return image.info.get("Software") == SOFTWARE
    except (UnidentifiedImageError, SyntaxError, ValueError, EOFError):  # what else a broken PNG is
        return False


def _shapes(there: Placed, colours: Colours) -> Image.Image:
    """All but the text."""
    image = Image.new("RGB", (there.width * _FINE, there.height * _FINE), colours.paper)
    draw = ImageDraw.Draw(image)
    for spot in there.spots:
        if spot.row:
            _line(draw, (spot.x, spot.row, there.text_x - 14, spot.row), colours.faint, 2)
    for rail in there.rails:
        _line(draw, (rail.x, rail.y, rail.x, rail.end), _mixed(colours.of(rail.tone), colours.paper), 6)
        _disc(draw, rail.x, rail.y, colours.of(rail.tone), colours.of(rail.tone))
    for x in range(MARGIN, there.width - MARGIN, 22):
        _line(draw, (x, there.as_of, min(x + 12, there.width - MARGIN), there.as_of), colours.day, 4)
    _line(draw, (MARGIN, there.key, there.width - MARGIN, there.key), colours.faint, 2)
    for spot in there.spots:
        colour = colours.of(spot.tone)
        if spot.y == spot.end:
            _disc(draw, spot.x, spot.y, colour, colours.paper if spot.hollow else colour)
        else:
            inside = colours.paper if spot.hollow else _mixed(colour, colours.paper)
            box = (spot.x - BAR // 2, spot.y, spot.x + BAR // 2, spot.end)
            draw.rounded_rectangle(_large(box), BAR // 2 * _FINE, inside, colour, _EDGE * _FINE)
    return image.reduce(_FINE)


def _write(draw: ImageDraw.ImageDraw, text: Text, colours: Colours) -> None:
    colour = colours.of(text.tone)
    if text.backed:  # what stands on a line covers it
        box = (text.x - 16, text.y, text.x + text.width + 16, text.y + text.height)
        draw.rectangle(box, colours.paper)
    draw.text((text.x, text.y), text.words, colour, font(text.size, bold=text.bold))
    if text.struck:
        middle = text.y + text.height * 11 // 20
        draw.line((text.x - 4, middle, text.x + text.width + 4, middle), colour, 3)


def _disc(draw: ImageDraw.ImageDraw, x: int, y: int, colour: str, inside: str) -> None:
    box = (x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)
    draw.ellipse(_large(box), inside, colour, _EDGE * _FINE)


def _line(draw: ImageDraw.ImageDraw, ends: tuple[int, int, int, int], colour: str, wide: int) -> None:
    draw.line(_large(ends), colour, wide * _FINE)


def _large(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return left * _FINE, top * _FINE, right * _FINE, bottom * _FINE


def _mixed(colour: str, paper: str) -> str:
    """Half of the colour."""
    parts = zip(bytes.fromhex(colour[1:]), bytes.fromhex(paper[1:]), strict=True)
    return "#" + bytes((one + other) // 2 for one, other in parts).hex()
