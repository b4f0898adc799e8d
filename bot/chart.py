"""A picture of a timeline as every platform gets it: lanes, and marks on them. Nothing is drawn here."""

from datetime import date
from typing import NamedTuple


class Mark(NamedTuple):
    """One fact in the picture. Text is plain."""

    first: date  # the first and the last day that its date can mean; the same where the day is known
    last: date
    when: str  # the date in words, short
    label: str  # what happened, in a few words
    speaker: str = ""  # who said it; empty where nobody is named
    plan: bool = False  # it was to happen
    superseded: bool = False  # overturned since, as far as was known on the day of the picture
    more: int = 0  # how many others of the same lane and date it stands for
    fact: str = ""  # the id of the fact that it shows

    @property
    def exact(self) -> bool:
        """True where the day is known; else it is drawn as a span."""
        return self.first == self.last


class Lane(NamedTuple):
    """What one party did, said and planned, oldest first."""

    name: str
    marks: tuple[Mark, ...]
    colour: int = 0  # which of five; the last is for all who have none of their own


class Chart(NamedTuple):
    """A picture: what it shows, and the same in words."""

    title: str
    as_of: date  # the day whose knowledge it shows; marked in it
    lanes: tuple[Lane, ...]
    note: str = ""  # small print: how many events there are, and how many of them it shows
    alt: str = ""  # alternative text: what somebody is told who does not see it
    dark: bool | None = None  # in dark colours, or light ones; None: as wherever it is shown
    name: str = "timeline"  # of its file, without an ending: letters, digits and hyphens
