"""What a story is made of: sources with their facts, and briefings that cite them.

These are the values that stages hand to each other. They are NamedTuples and not dataclasses
because the command line builds them at every call: a NamedTuple costs 0.08 ms to define, a frozen
dataclass 0.5 ms and the import of `inspect` besides.
"""

import datetime as dt
from typing import NamedTuple

from bot.edtf import Edtf

UNKNOWN = "unknown"
"""What `outlet` and `url` say where the article does not name them."""

OPEN = "open"
"""The reserved tag of a fact which leaves a question open."""

BACKGROUND = "background"
"""The reserved phase of a briefing that tells what lay before the story; never its state."""

EVERYONE = ""
"""The audience of what every server is told; else it is one server: `discord/1108290010035556352`."""

KINDS = ("event", "statement", "plan", "background")

NAME_KINDS = ("person", "body", "country", "place", "craft", "mission", "thing", "document")

MAX_TITLE = 150  # characters; the shortest platform limit is that of a Slack header
MAX_STATE = 300


class Relation(NamedTuple):
    """One fact set against another."""

    fact_id: str  # the fact that overturns, or disputes
    kind: str  # "supersedes" or "disputes"
    other_id: str  # the fact that is overturned, or disputed
    because: str  # one sentence
    line: int = 0  # where its file says so; 0 where unknown


class Fact(NamedTuple):
    """One dated, attributed statement of one source, in our own words."""

    id: str  # source-id#slug
    source_id: str
    date: Edtf  # when it happened, was said, or is to happen
    says: str
    speaker: str  # empty where the outlet reports it as its own
    kind: str  # one of KINDS
    tags: tuple[str, ...]
    known_on: dt.date  # the last day on which its source may have been published

    @property
    def slug(self) -> str:
        """The part of the id after the source's."""
        return self.id.partition("#")[2]


class EarlierFact(NamedTuple):
    """What a fact said until it was corrected."""

    id: str
    date: Edtf
    says: str
    speaker: str


class Sentence(NamedTuple):
    """One sentence of a briefing and the facts it rests on."""

    text: str  # without its citations
    facts: tuple[str, ...]
    paragraph: int  # counted from 0
    line: int  # of its file


class Correction(NamedTuple):
    """A mistake of ours that was mended: what was wrong, and what was told until then."""

    on: dt.date
    was: str  # what was wrong, in a sentence
    title: str = ""  # of a briefing until then, as the next two; empty where it was the same
    state: str = ""
    body: str = ""
    sentences: tuple[Sentence, ...] = ()  # of that body
    facts: tuple[EarlierFact, ...] = ()  # of a source


class Retraction(NamedTuple):
    """That a source or a briefing no longer counts, and why."""

    on: dt.date
    because: str


class Source(NamedTuple):
    """One press article as a note: who published it, when, where, and what it states."""

    id: str
    title: str
    outlet: str  # or UNKNOWN
    url: str  # or UNKNOWN
    published: Edtf
    dated_by: str  # how we know, where the article prints no date
    language: str
    note: str
    facts: tuple[Fact, ...]
    relations: tuple[Relation, ...]
    audience: str = EVERYONE
    corrections: tuple[Correction, ...] = ()  # oldest first
    retracted: Retraction | None = None

    @property
    def known_on(self) -> dt.date:
        """The day from which it counts as published."""
        return self.published.known_from


class Briefing(NamedTuple):
    """A short summary of the story as of a day."""

    id: str
    title: str
    as_of: Edtf
    state: str  # the story in one line
    phase: str
    tags: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    body: str  # as written, citations included
    audience: str = EVERYONE
    corrections: tuple[Correction, ...] = ()  # oldest first
    retracted: Retraction | None = None

    @property
    def known_on(self) -> dt.date:
        """The day from which it can be told."""
        return self.as_of.known_from


class Name(NamedTuple):
    """One person, body, place or thing of a story, and all that it is called."""

    name: str  # as its facts write it
    kind: str  # one of NAME_KINDS
    also: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()  # other names: what it belongs to
    introduced: tuple[str, ...] = ()  # ids of the facts that tell who or what it is


class Vocabulary(NamedTuple):
    """The words of a story: its names, words that mean the same in it, and wider words for narrower ones."""

    names: tuple[Name, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()  # each a group of words and phrases that mean the same
    narrower: tuple[tuple[str, tuple[str, ...]], ...] = ()  # a wider word, and what it may mean


NO_WORDS = Vocabulary()


class Problem(NamedTuple):
    """Something wrong in a file: what, where, and what to do."""

    path: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.mend}"


class Cite(NamedTuple):
    """A briefing names a fact on this line."""

    fact_id: str
    line: int


class Shape(NamedTuple):
    """What other files of the story need to know of one file."""

    path: str
    kind: str  # "source", "briefing" or "vocabulary"
    id: str
    known_on: dt.date | None  # None where a broken file does not say
    facts: tuple[str, ...] = ()  # the ids it has (a source); none only where it cannot be read
    relations: tuple[Relation, ...] = ()  # (a source)
    cites: tuple[Cite, ...] = ()  # (a briefing; a vocabulary)
    audience: str = EVERYONE
    retracted: bool = False
