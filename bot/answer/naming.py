"""Whom and what the words of a reader mean: names by any of their spellings, topics, the nearest of both."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.model import Fact, Name, Vocabulary
from bot.nearest import nearest
from bot.store.naming import speakers
from bot.store.shelf import Shelf

_NEAR_ENOUGH = 0.7
MOST_NEAR = 3
_LONG = 60


class Figure(NamedTuple):
    """One of the names of a story, or somebody who speaks in it without being one of these."""

    name: Name  # without a kind where the vocabulary does not have it
    speakers: tuple[str, ...] = ()  # how its statements name it
    said: int = 0  # how many there are

    @property
    def spellings(self) -> tuple[str, ...]:
        """All that it is called, once each."""
        return tuple(dict.fromkeys((self.name.name, *self.name.also, *self.speakers)))

    @property
    def asked(self) -> str:
        """What it is called in a request that a button carries: its name, unless that is long."""
        name = self.name.name
        return name if len(name) <= _LONG else min(self.spellings, key=len)


class Subject(NamedTuple):
    """What a topic is about: a tag, a name, or both."""

    called: str
    tag: str = ""
    figure: Figure | None = None


def key_of(text: str) -> str:
    """A spelling without what people vary: capitals, accents, hyphens, apostrophes, `the`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("'", ""))
    words = re.findall(r"\w+", "".join(one for one in plain if not unicodedata.combining(one)))
    return " ".join(words[1:] if words[:1] == ["the"] and words[1:] else words)


def figures(shelf: Shelf, words: Vocabulary) -> list[Figure]:
    """The names of the vocabulary, then whoever else speaks; who says the most first."""
    known = {key_of(text): name for name in words.names for text in (*name.also, name.name)}
    found = {name.name: Figure(name) for name in words.names}
    for speaker, count in speakers(shelf):
        name = known.get(key_of(speaker)) or Name(speaker, "")
        figure = found.get(name.name, Figure(name))
        found[name.name] = figure._replace(speakers=(*figure.speakers, speaker), said=figure.said + count)
    return sorted(found.values(), key=lambda figure: -figure.said)


def figure_of(given: str, among: Iterable[Figure]) -> Figure | None:
    """The one that is called so, in whatever spelling, or by a part of its name that no other has."""
    key = key_of(given)
    if not key:
        return None
    spelt = [(key_of(text), figure) for figure in among for text in figure.spellings]
    for other, figure in spelt:
        if other == key:
            return figure
    partly = {figure.name.name: figure for other, figure in spelt if {*key.split()} <= {*other.split()}}
    return next(iter(partly.values())) if len(partly) == 1 else None


def meant_by(given: str, words: Vocabulary, among: Sequence[Figure]) -> list[Figure]:
    """The names that a wider word may mean in this story; none where it is a name itself."""
    singular = {key_of(given), key_of(given).removesuffix("s"), re.sub("ies$", "y", key_of(given))}
    spelt = {key_of(text): figure for figure in among for text in figure.spellings}
    if key_of(given) in spelt:
        return []
    narrow = [text for wide, some in words.narrower if key_of(wide) in singular for text in some]
    found = {spelt[key].name.name: spelt[key] for key in map(key_of, narrow) if key in spelt}
    return [*found.values()]


def subject_of(shelf: Shelf, given: str, words: Vocabulary, among: Sequence[Figure]) -> Subject | None:
    """The tag or the name that is meant; a name brings its tag along, under whichever spelling."""
    key = key_of(given)
    if not key:
        return None
    figure = figure_of(given, among)
    spellings = [given, *(figure.spellings if figure else ())]
    spellings += [text for group in words.words if key in map(key_of, group) for text in group]
    slugs = dict.fromkeys(key_of(text).replace(" ", "-") for text in spellings)
    tag = next((slug for slug in slugs if shelf.has_tag(slug)), "")
    if not tag and figure:
        # A name without a tag may be a wider word for one that has: a country for its harbour.
        inside = {
            key_of(text).replace(" ", "-"): one for one in members(figure, among) for text in one.spellings
        }
        tags = [slug for slug in inside if shelf.has_tag(slug)]
        if len(tags) == 1:
            return Subject(inside[tags[0]].name.name, tags[0], inside[tags[0]])
    if not tag and not figure:
        return None
    return Subject(figure.name.name if figure else tag, tag, figure)


def near(given: str, names: Iterable[str]) -> list[str]:
    """The names that may have been meant: those that have one of its words, then those spelt alike."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(key_of(name), name)
    key = key_of(given)
    parts = {part for part in key.split() if len(part) > 2}
    having = [other for other in by_key if parts & {*other.split()}]
    having.sort(key=lambda other: len(parts & {*other.split()}) / len(other.split()), reverse=True)
    # A misspelt surname is nearer to the surname than to the whole name.
    singly: dict[str, str] = {}
    for other in by_key:
        for word in (other, *other.split()):
            singly.setdefault(word, other)
    alike = [singly[word] for word in nearest(key, singly, MOST_NEAR, _NEAR_ENOUGH)]
    return [by_key[other] for other in dict.fromkeys((*having, *alike))][:MOST_NEAR]


def members(of: Figure, among: Sequence[Figure]) -> list[Figure]:
    """Those who belong to it, and those who belong to these."""
    inside = {of.name.name}
    while more := {one.name.name for one in among if inside & {*one.name.part_of}} - inside:
        inside |= more
    return [one for one in among if one.name.name in inside and one.name.name != of.name.name]


def mentions(facts: Mapping[str, Fact], figure: Figure) -> list[Fact]:
    """Those of the facts that name it.

    The index takes every form of a word for the word, and `US` for `us`: here they are told apart.
    """
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(_whole, figure.spellings))})")
    return [fact for fact in facts.values() if pattern.search(fact.says)]


def _whole(spelling: str) -> str:
    """The pattern of a spelling that stands whole, alone, in the plural or as an owner.

    A description owns nothing: "the head of Alton's bank" is of the bank, and not the head of Alton.
    """
    text = re.escape(spelling) if spelling.isupper() else f"(?i:{re.escape(spelling)})"
    words = spelling.split()
    described = any(map(str.islower, words)) and words[-1][:1].isupper()
    return rf"{text}(?!\w|['’]s\b)" if described else rf"{text}(?:['’]s|s)?(?!\w)"
