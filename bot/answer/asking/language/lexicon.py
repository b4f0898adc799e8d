"""Which words and phrases mean the same, and what is a part of what: of a language, and of one story.

A meaning is a short text: `=Acme` for something that has a name, `~12` for a group of words, and a
bare stem for any other word. What a text says is a row of terms, each with the meanings it may have.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.answer.asking.language.words import Word, listed, words_of
from bot.model import Name

GRAMMAR = listed(
    """
    a about across after again against all along also although am an and any around anybody anyone
    anything are as at be because been before being between both but by can could did do does doing done
    down during each either else even ever every everybody everyone everything few for from further had
    has have having he her here hers him his how i if in into is it its itself just may me might mine
    more most much must my neither no nobody none nor not nothing now of off on once one ones only onto
    or other others our ours out over own per quite s same shall she should since so some somebody
    someone something still such than that the their theirs them then there these they this those though
    through throughout to too toward towards under until up upon us very via was we were what when where
    whether which while who whom whose why will with within without would yes yet you your yours
    """
)
"""What carries the grammar of a sentence and nothing of what it is about."""

_SHORTEST_GENITIVE = 4  # letters with its s
_MOST_READ = 5_000  # words
_NOTHING: Mapping[str, float] = {}


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
    scene: bool = False  # it only sets the scene of what is asked
    parts: tuple[frozenset[str], ...] = ()  # the meanings of its words, where it has several


class Lexicon(NamedTuple):
    """All that is known of words."""

    phrases: Mapping[tuple[str, ...], frozenset[str]]  # by stems
    firsts: Mapping[str, int]  # with what a phrase of several words begins, and of how many the longest is
    light: frozenset[str]  # stems; of a phrase, all of them
    names: Mapping[str, Name]  # by meaning
    above: Mapping[str, Mapping[str, float]]  # a meaning → what it is a part of, and how near that is
    words: Mapping[str, tuple[str, ...]]  # a meaning → the words that have it, to be looked for
    opposites: Mapping[str, frozenset[str]]  # a meaning → those that are its contrary
    spelt: frozenset[str]  # words as they are written, to mend misspellings by
    beneath: Mapping[str, tuple[str, ...]]  # a meaning → what is a part of it
    stands_for: Mapping[str, Mapping[str, float]]  # a meaning → what else may be told for it, and how near
    ending: frozenset[str]  # the meanings of words for an end
    final: frozenset[str]  # and for an end for good
    going: frozenset[str]  # and for what goes on
    heads: frozenset[str]  # and for who leads
    money: frozenset[str]  # and for what is paid
    threats: frozenset[str]  # and for a threat
    introduces: Mapping[str, tuple[str, ...]]  # the id of a fact → the meanings of what it introduces
    number: int  # of this lexicon, in this process
    read: dict[tuple[Word, bool], tuple[int, int, Term]]  # words that were met, and what is known of each

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

    def means(self, word: str, terms: Iterable[Term]) -> bool:
        """Whether any of these terms has a meaning of a word."""
        mine = {meaning for term in self.terms(word) for meaning in term.meanings}
        return any(mine & term.meanings for term in terms)

    def nearness(self, asked: str, told: str) -> float:
        """How well what is told stands for what is asked: from 0 to 1."""
        if asked == told:
            return 1.0
        return self.stands_for.get(asked, _NOTHING).get(told, 0.0)

    def opposed(self, one: Iterable[str], other: Collection[str]) -> bool:
        """Whether two terms mean the opposite of each other."""
        return any(mine in self.opposites and not self.opposites[mine].isdisjoint(other) for mine in one)

    def _term(self, words: Sequence[Word], at: int) -> Term | None:
        """The longest phrase that begins at a word, or the word; None where that is one of grammar."""
        first = words[at]
        named, grouped, alone = self.read.get((first, at > 0)) or self._met(first, inside=at > 0)
        for size in range(min(max(named, grouped), len(words) - at), 1, -1):
            some = words[at : at + size]
            meanings = self._named(some) if size <= named else None
            if meanings or (size <= grouped and (meanings := self._grouped(some))):
                return self._made(some, at, meanings)
        if first.low in GRAMMAR and not _stands_out(first, words[at - 1] if at else first):
            return None
        return Term(alone.low, at, *alone[2:])

    def _met(self, word: Word, *, inside: bool) -> tuple[int, int, Term]:
        """Of how many words the longest name and the longest phrase are that begin with one; its own term.

        `inside` is whether other words stand before it: a capital tells nothing of the first one.
        """
        if len(self.read) >= _MOST_READ:
            self.read.clear()
        alone = self._made([word], int(inside), self._named([word]) or self._grouped([word]))
        found = self.firsts.get(as_written(word), 1), self.firsts.get(word.stem, 1), alone
        self.read[word, inside] = found
        return found

    def _made(self, words: Sequence[Word], at: int, meanings: frozenset[str] | None) -> Term:
        first, alone = words[0], len(words) == 1
        name = next((self.names[one].name for one in meanings or () if one in self.names), "")
        return Term(
            " ".join(word.low for word in words),
            at,
            len(words),
            meanings or frozenset((first.stem,)),
            name,
            words[-1].genitive,
            light=" ".join(word.stem for word in words) in self.light and not name,
            number=alone and first.low[0].isdigit(),
            proper=not meanings and at > 0 and first.text[0].isupper(),
            parts=() if alone or (not name and _is_idiom(words)) else self._parts(words),
        )

    def _grouped(self, words: Sequence[Word]) -> frozenset[str] | None:
        """The meanings of any other word or phrase."""
        return self.phrases.get(tuple([word.stem for word in words]))

    def _named(self, words: Sequence[Word]) -> frozenset[str] | None:
        """The meanings of a name, also in the genitive of those who type no apostrophe.

        A name is one only as it is written: to use something is not the US.
        """
        written = [as_written(word) for word in words]
        found = self.phrases.get(tuple(written))
        if found is None and words[-1].low.endswith("s") and len(words[-1].low) >= _SHORTEST_GENITIVE:
            found = self.phrases.get((*written[:-1], f"{words[-1].low[:-1]} "))
        return found

    def _parts(self, words: Sequence[Word]) -> tuple[frozenset[str], ...]:
        """What the words of a phrase mean, each by itself."""
        return tuple(
            self._named([word]) or self.phrases.get((word.stem,), frozenset((word.stem,)))
            for word in words
            if word.low not in GRAMMAR
        )


def _is_idiom(words: Sequence[Word]) -> bool:
    """Whether a phrase may mean something else than its words: to say yes is not to say."""
    return not GRAMMAR.isdisjoint(word.low for word in words)


def as_written(word: Word) -> str:
    """How a word of a name is looked up: as it stands, and told apart from any stem."""
    return f"{word.low} "


def _stands_out(word: Word, before: Word) -> bool:
    """Whether "us" is a country: in capitals, or behind an article."""
    return word.low == "us" and (word.text.isupper() or before.low == "the")
