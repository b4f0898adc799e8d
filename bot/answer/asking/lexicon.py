"""Which words and phrases mean the same, and what is a part of what: of a language, and of one story.

A meaning is a short text: `=Acme` for something that has a name, `~12` for a group of words, and a
bare stem for any other word. What a text says is a row of terms, each with the meanings it may have.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import count
from typing import NamedTuple

from bot.answer.asking.words import Word, stem, words_of
from bot.model import Name, Vocabulary

MOST_WORDS = 6  # in one phrase
_SHORTEST_GENITIVE = 3  # letters with its s

# What carries the grammar of a sentence and nothing of what it is about.
GRAMMAR = frozenset(
    """
    a about after again all also although am an and any anybody anyone anything are as at be because been
    before being between both but by can could did do does doing done down during each either else even
    ever every everybody everyone everything few for from further had has have having he her here hers him his
    how i if in into is it its itself just may me might mine more most much must my neither no nobody none
    nor not nothing now of off on once one ones only onto or other others our ours out over own per s same shall she
    should since so some somebody someone something still such than that the their theirs them then there
    these they this those though through to too under until up upon us very via was we were what when where
    whether which while who whom whose why will with within without would yes yet you your yours
    """.split()  # noqa: SIM905  (one word each would say no more)
)


class Term(NamedTuple):
    """A word or phrase of a text, with all that it may mean."""

    low: str  # as written, in lower case
    at: int  # the place of its first word
    size: int  # in words
    meanings: frozenset[str]
    name: str = ""  # of what it names, as the facts write it
    genitive: bool = False
    light: bool = False  # it tells next to nothing in a question
    number: bool = False
    proper: bool = False  # it is written as a name, and is none that is known
    carried: bool = False  # it is from the question before
    parts: tuple[frozenset[str], ...] = ()  # the meanings of its words, where it has several


class Lexicon(NamedTuple):
    """All that is known of words."""

    phrases: Mapping[tuple[str, ...], frozenset[str]]  # by stems
    firsts: Mapping[str, int]  # with what a phrase of several words begins, and of how many the longest is
    light: frozenset[str]  # stems
    names: Mapping[str, Name]  # by meaning
    above: Mapping[str, Mapping[str, float]]  # a meaning → what it is a part of, and how near that is
    words: Mapping[str, tuple[str, ...]]  # a meaning → the words that have it, to be looked for
    opposites: frozenset[tuple[str, str]]
    spelt: frozenset[str]  # words as they are written, to mend misspellings by
    beneath: Mapping[str, tuple[str, ...]]  # a meaning → what is a part of it
    ending: frozenset[str]  # the meanings of words for an end
    threats: frozenset[str]  # and for a threat
    introduces: Mapping[str, tuple[str, ...]]  # the id of a fact → the meanings of what it introduces
    number: int  # of this lexicon, in this process

    def terms(self, text: str | Sequence[Word]) -> list[Term]:
        """The terms of a text, the longest phrases first; words of grammar are left out."""
        words = words_of(text) if isinstance(text, str) else text
        found: list[Term] = []
        at = 0
        while at < len(words):
            term = self._term(words, at)
            if term:
                found.append(term)
            at += term.size if term else 1
        return found

    def knows(self, of: str) -> bool:
        """Whether a word has a meaning, by its stem."""
        return (of,) in self.phrases or of in self.light

    def nearness(self, asked: str, told: str) -> float:
        """How well what is told stands for what is asked: from 0 to 1."""
        if asked == told:
            return 1.0
        if (narrow := self.above.get(told, _NOTHING).get(asked)) is not None:
            return narrow
        if (wide := self.above.get(asked, _NOTHING).get(told)) is not None:
            # What is said of a mission is said of its craft; what is said of a country not of each place.
            mission = told in self.names and self.names[told].kind == "mission"
            return wide * (0.75 if mission else 0.5)
        return 0.0

    def opposed(self, one: Iterable[str], other: Iterable[str]) -> bool:
        """Whether two terms mean the opposite of each other."""
        theirs = list(other)
        return any((mine, their) in self.opposites for mine in one for their in theirs)

    def _term(self, words: Sequence[Word], at: int) -> Term | None:
        first = words[at]
        begins = max(self.firsts.get(first.stem, 1), self.firsts.get(_as_written(first), 1))
        longest = min(begins, len(words) - at)
        for size in range(longest, 0, -1):
            some = words[at : at + size]
            key = tuple(word.stem for word in some)
            # A name is one only as it is written: whoever uses something does not mean the US.
            meanings = self._named(some) or self.phrases.get(key)
            if size > 1 and not meanings:
                continue
            if size == 1 and first.low in GRAMMAR and not _stands_out(first, words[at - 1] if at else first):
                return None
            low = " ".join(word.low for word in some)
            name = next((self.names[one].name for one in meanings or () if one in self.names), "")
            return Term(
                low,
                at,
                size,
                meanings or frozenset(key),
                name,
                some[-1].genitive,
                size == 1 and first.stem in self.light and not name,
                size == 1 and first.low[0].isdigit(),
                parts=self._parts(some) if size > 1 else (),
                proper=size == 1 and not meanings and at > 0 and first.text[0].isupper(),
            )
        return None


    def _named(self, words: Sequence[Word]) -> frozenset[str] | None:
        """The meanings of a name, also in the genitive of those who type no apostrophe."""
        written = [_as_written(word) for word in words]
        found = self.phrases.get(tuple(written))
        if found is None and words[-1].low.endswith("s") and len(words[-1].low) > _SHORTEST_GENITIVE:
            found = self.phrases.get((*written[:-1], f"{words[-1].low[:-1]} "))
        return found

    def _parts(self, words: Sequence[Word]) -> tuple[frozenset[str], ...]:
        return tuple(
            self._named([word]) or self.phrases.get((word.stem,), frozenset((word.stem,)))
            for word in words
            if word.low not in GRAMMAR
        )


def _by_stem(word: Word) -> str:
    return word.stem


def _as_written(word: Word) -> str:
    return f"{word.low} "  # told apart from any stem


_NUMBERS = count(1)
_NOTHING: Mapping[str, float] = {}
_ONE_STEP = {"names": 0.85, "words": 0.85}


def _stands_out(word: Word, before: Word) -> bool:
    """Whether "us" is a country: in capitals, or behind an article."""
    return word.low == "us" and (word.text.isupper() or before.low == "the")


@lru_cache(maxsize=8)
def lexicon(story: Vocabulary) -> Lexicon:
    """The words of the language and those of a story in one."""
    english = _english()
    phrases: dict[tuple[str, ...], set[str]] = {}
    words: dict[str, list[str]] = {}
    spelt: set[str] = set()
    names: dict[str, Name] = {}
    above: dict[str, dict[str, float]] = {}

    def add(meaning: str, text: str, by: Callable[[Word], str] = _by_stem) -> None:
        found = words_of(text)
        key = tuple(by(word) for word in found)
        if key and len(key) <= MOST_WORDS:
            phrases.setdefault(key, set()).add(meaning)
            words.setdefault(meaning, []).append(" ".join(word.low for word in found))
            spelt.update(word.low for word in found)

    for one in story.names:
        names[f"={one.name}"] = one
        for text in (one.name, *one.also):
            add(f"={one.name}", text, by=_as_written)
    groups = [*story.words, *english.words]
    for number, group in enumerate(groups):
        for text in group:
            add(f"~{number}", text)
    narrower: dict[str, tuple[str, ...]] = dict(story.narrower)
    for wide, some in english.narrower.items():
        narrower[wide] = (*narrower.get(wide, ()), *some)

    def meanings(text: str) -> set[str]:
        named = tuple(_as_written(word) for word in words_of(text))
        key = named if named in phrases else tuple(word.stem for word in words_of(text))
        if key not in phrases:
            add(f"_{' '.join(key)}", text)
        return phrases[key] | _bare(key)

    for wide, narrow in narrower.items():
        for upper in meanings(wide):
            for text in narrow:
                for lower in meanings(text):
                    if lower != upper:
                        above.setdefault(lower, {})[upper] = _ONE_STEP["words"]
    for one in story.names:
        for upper, near in _belongs(one, {name.name: name for name in story.names}).items():
            above.setdefault(f"={one.name}", {})[f"={upper}"] = near
    for written, usual in english.spellings.items():
        key = tuple(word.stem for word in words_of(written))
        phrases.setdefault(key, set()).update(meanings(usual))
        spelt.add(written)
    opposites = {
        (left, right)
        for pair in english.opposites
        for one, other in (pair, pair[::-1])
        for left in meanings(one)
        for right in meanings(other)
    }
    return Lexicon(
        {key: frozenset(found | _bare(key)) for key, found in phrases.items()},
        _longest(phrases),
        frozenset(word.stem for text in english.light for word in words_of(text)),
        names,
        above,
        {meaning: tuple(dict.fromkeys(texts)) for meaning, texts in words.items()},
        frozenset(opposites),
        frozenset(spelt),
        _turned(above),
        frozenset(one for word in ("end", "stop", "suspend", "withdraw") for one in meanings(word)),
        frozenset(meanings("threaten") | meanings("threat")),
        _turned({f"={one.name}": dict.fromkeys(one.introduced, 1.0) for one in story.names}),
        next(_NUMBERS),
    )


def _turned(above: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[str, ...]]:
    beneath: dict[str, list[str]] = {}
    for lower, uppers in above.items():
        for upper in uppers:
            beneath.setdefault(upper, []).append(lower)
    return {upper: tuple(lowers) for upper, lowers in beneath.items()}


def _longest(phrases: Iterable[tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key in phrases:
        if len(key) > 1:
            # The last word of a name may have an s more.
            found[key[0]] = max(found.get(key[0], 1), len(key))
    return found


def _bare(key: tuple[str, ...]) -> set[str]:
    """A word alone means itself as well."""
    return {stem(key[0].strip())} if len(key) == 1 else set()


def _belongs(one: Name, names: Mapping[str, Name]) -> dict[str, float]:
    """All that a name belongs to, over any number of steps, and how near that is."""
    found: dict[str, float] = {}
    near, step = [one], _ONE_STEP["names"]
    while near and step > 0.3:
        above = [upper for name in near for upper in name.part_of if upper not in found and upper != one.name]
        found |= dict.fromkeys(above, step)
        near, step = [names[upper] for upper in above if upper in names], step * _ONE_STEP["names"]
    return found


class _English(NamedTuple):
    """The words of the language, as english.toml has them."""

    words: tuple[tuple[str, ...], ...]
    light: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    narrower: Mapping[str, Sequence[str]]
    spellings: Mapping[str, str]


@lru_cache(maxsize=1)
def _english() -> _English:
    found = tomllib.loads(files("bot.answer.asking").joinpath("english.toml").read_text("utf-8"))
    return _English(
        tuple(map(tuple, found["words"])),
        tuple(found["light"]),
        tuple((one, other) for one, other in found["opposites"]),
        found["narrower"],
        found["spellings"],
    )
