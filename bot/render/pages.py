"""Fills pages: lines of an answer and the sources they name, as many as a platform takes at once."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Unit(NamedTuple):
    """A piece of an answer that stays together, already in the platform's markup."""

    text: str
    heading: str = ""  # of the section it belongs to; said again where a page begins within it
    refs: tuple[int, ...] = ()
    flowing: bool = False  # follows the one before it in the same paragraph
    paragraph: int = 0  # which section it belongs to


class Page(NamedTuple):
    """One page: its text, and the numbers of the sources it names."""

    text: str
    refs: tuple[int, ...]
    units: tuple[Unit, ...] = ()  # what its text was joined of


def pages(
    units: Sequence[Unit], room: int, lines: int, weigh: Callable[[tuple[int, ...]], int]
) -> list[Page]:
    """Cuts an answer into pages of at most `room` characters and `lines` units.

    `weigh` says how much of the room the sources with these numbers take. A unit that fits on no
    page is cut at a blank.
    """
    found: list[list[Unit]] = [[]]
    for unit in [piece for whole in units for piece in _pieces(whole, room, weigh)]:
        page = [*found[-1], unit]
        size = len(_joined(page)) + weigh(_refs(page))
        if found[-1] and (size > room or len(page) > lines):
            found.append([unit])
        else:
            found[-1] = page
    return [Page(_joined(page), _refs(page), tuple(page)) for page in found]


def _pieces(unit: Unit, room: int, weigh: Callable[[tuple[int, ...]], int]) -> list[Unit]:
    most = max(room - weigh(unit.refs) - len(unit.heading) - 4, room // 3)
    pieces: list[Unit] = []
    rest = unit.text
    while len(rest) > most:
        cut = rest.rfind(" ", most // 2, most)
        cut = cut if cut > 0 else most
        pieces.append(unit._replace(text=rest[:cut] + " …", refs=()))
        rest = "… " + rest[cut:].lstrip()
    return [*pieces, unit._replace(text=rest)]


def _refs(units: Sequence[Unit]) -> tuple[int, ...]:
    return tuple(sorted({number for unit in units for number in unit.refs}))


def _joined(units: Sequence[Unit]) -> str:
    text = ""
    before: Unit | None = None
    for unit in units:
        if before is None or before.paragraph != unit.paragraph:
            text += "\n\n" if text else ""
            text += f"{unit.heading}\n" if unit.heading else ""
        elif unit.flowing:
            text += " "
        else:
            text += "\n"
        text += unit.text
        before = unit
    return text
