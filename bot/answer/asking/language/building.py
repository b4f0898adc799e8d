"""One lexicon of the words of the language and those of a story."""

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count

from bot.answer.asking.language.english import English, english
from bot.answer.asking.language.lexicon import Lexicon, as_written
from bot.answer.asking.language.words import Word, stem, words_of
from bot.model import Name, Vocabulary

_MOST_KEPT = 8  # lexicons: of each story, the one that stands and a few as known earlier
_MOST_WORDS = 6  # in one phrase
_ONE_STEP = 0.85  # how near a part stands to the whole
_SELDOM = 200  # clearings of what is new, for one of all that is kept: Python has 10
_FARTHEST = 0.3  # of what a name belongs to by several steps
_OF_A_CRAFT = 0.75  # what is said of a mission is said of its craft,
_OF_A_PLACE = 0.5  # but what is said of a country not of each place
_NUMBERS = count(1)

# Words of the language that the code asks after, by their meanings.
_ENDING = ("end", "stop", "suspend", "withdraw", "postpone", "impossible")
_FINAL = ("end", "terminate", "cancel")
_GOING = ("continue", "go on", "participate")
_HEADS = ("head", "lead", "director general", "administrator")
_MONEY = ("cost", "money")
_THREATS = ("threaten", "threat")


@lru_cache(maxsize=_MOST_KEPT)
def lexicon(story: Vocabulary) -> Lexicon:
    """The words of the language and those of a story in one."""
    found = _lexicon(story)
    # What is built once and stays need not be looked through for garbage at every few questions: of a
    # story with 100,000 facts, that takes longer than an answer.
    gc.collect()
    gc.freeze()
    # And what is kept of questions is looked through more seldom: each time, somebody waits 50 ms longer.
    often, less, _ = gc.get_threshold()
    gc.set_threshold(often, less, _SELDOM)
    return found


def _lexicon(story: Vocabulary) -> Lexicon:
    built = _Builder()
    language = english()
    built.add_names(story.names)
    built.add_groups((*story.words, *language.words))
    built.add_narrower(_narrower(story, language))
    built.add_belonging(story.names)
    built.add_spellings(language.spellings)
    built.add_light(language.light)
    opposites = built.pairs(language.opposites)
    # The meanings of these words are looked up before the phrases are taken: a new one is added to them.
    ending, final, going, heads, money, threats = map(
        built.meanings_of, (_ENDING, _FINAL, _GOING, _HEADS, _MONEY, _THREATS)
    )
    return Lexicon(
        {key: frozenset(found | _bare(key)) for key, found in built.phrases.items()},
        _longest(built.phrases),
        frozenset(" ".join(word.stem for word in words_of(text)) for text in language.light),
        built.names,
        built.above,
        {meaning: tuple(dict.fromkeys(texts)) for meaning, texts in built.words.items()},
        opposites,
        frozenset(built.spelt),
        _turned(built.above),
        _stands_for(built.above, built.names),
        ending,
        final,
        going,
        heads,
        money,
        threats,
        _turned({f"={one.name}": dict.fromkeys(one.introduced, 1.0) for one in story.names}),
        next(_NUMBERS),
        {},
    )


class _Builder:
    """Gathers what is known of words, from one list of words after the other."""

    def __init__(self) -> None:
        self.phrases: dict[tuple[str, ...], set[str]] = {}
        self.words: dict[str, list[str]] = {}
        self.spelt: set[str] = set()
        self.names: dict[str, Name] = {}
        self.above: dict[str, dict[str, float]] = {}

    def add_names(self, names: Iterable[Name]) -> None:
        """Names, in all their spellings."""
        for one in names:
            self.names[f"={one.name}"] = one
            for text in (one.name, *one.also):
                self._add(f"={one.name}", text, by=as_written)

    def add_groups(self, groups: Iterable[Sequence[str]]) -> None:
        """Groups of words that mean the same."""
        for number, group in enumerate(groups):
            for text in group:
                self._add(f"~{number}", text)

    def add_narrower(self, narrower: Mapping[str, Sequence[str]]) -> None:
        """What is a part of what, by any words."""
        for wide, some in narrower.items():
            for upper in self.meanings(wide):
                for lower in {one for text in some for one in self.meanings(text)} - {upper}:
                    self.above.setdefault(lower, {})[upper] = _ONE_STEP

    def add_belonging(self, names: Sequence[Name]) -> None:
        """What names belong to, as the story has it."""
        by_name = {one.name: one for one in names}
        for one in names:
            for upper, near in _belongs(one, by_name).items():
                self.above.setdefault(f"={one.name}", {})[f"={upper}"] = near

    def add_spellings(self, spellings: Mapping[str, str]) -> None:
        """Words that some write otherwise."""
        for written, usual in spellings.items():
            key = tuple(word.stem for word in words_of(written))
            self.phrases.setdefault(key, set()).update(self.meanings(usual))
            self.spelt.add(written)

    def add_light(self, texts: Iterable[str]) -> None:
        """Phrases that tell next to nothing: "at the moment" is no word and a moment."""
        for text in texts:
            if " " in text:
                self.meanings(text)

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
        """Of pairs of words, either way round: a meaning of the one → those of the other."""
        found: dict[str, set[str]] = {}
        for pair in pairs:
            for one, other in (pair, pair[::-1]):
                for left in self.meanings(one):
                    found.setdefault(left, set()).update(self.meanings(other))
        return {one: frozenset(others) for one, others in found.items()}

    def meanings_of(self, texts: Iterable[str]) -> frozenset[str]:
        """All that any of these may mean."""
        return frozenset(meaning for text in texts for meaning in self.meanings(text))

    def meanings(self, text: str) -> set[str]:
        """All that a word or phrase may mean; one that is new gets a meaning of its own."""
        named = tuple(as_written(word) for word in words_of(text))
        key = named if named in self.phrases else tuple(word.stem for word in words_of(text))
        if key not in self.phrases:
            self._add(f"_{' '.join(key)}", text)
        return self.phrases[key] | _bare(key)

    def _add(self, meaning: str, text: str, by: Callable[[Word], str] = lambda word: word.stem) -> None:
        found = words_of(text)
        key = tuple(by(word) for word in found)
        if key and len(key) <= _MOST_WORDS:
            self.phrases.setdefault(key, set()).add(meaning)
            self.words.setdefault(meaning, []).append(" ".join(word.low for word in found))
            self.spelt.update(word.low for word in found)


def _narrower(story: Vocabulary, language: English) -> dict[str, tuple[str, ...]]:
    """What is a part of what, in the story and in the language."""
    found: dict[str, tuple[str, ...]] = dict(story.narrower)
    for wide, some in language.narrower.items():
        found[wide] = (*found.get(wide, ()), *some)
    return found


def _belongs(one: Name, names: Mapping[str, Name]) -> dict[str, float]:
    """All that a name belongs to, over any number of steps, and how near that is."""
    found: dict[str, float] = {}
    near, step = [one], _ONE_STEP
    while near and step > _FARTHEST:
        above = [upper for name in near for upper in name.part_of if upper not in found and upper != one.name]
        found |= dict.fromkeys(above, step)
        near, step = [names[upper] for upper in above if upper in names], step * _ONE_STEP
    return found


def _turned(above: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[str, ...]]:
    """What each is above, from what each is beneath."""
    beneath: dict[str, list[str]] = {}
    for lower, uppers in above.items():
        for upper in uppers:
            beneath.setdefault(upper, []).append(lower)
    return {upper: tuple(lowers) for upper, lowers in beneath.items()}


def _stands_for(
    above: Mapping[str, Mapping[str, float]], names: Mapping[str, Name]
) -> dict[str, dict[str, float]]:
    """What may be told for what is asked, and how near it comes: a part of it, or what it is a part of."""
    found: dict[str, dict[str, float]] = {}
    for lower, uppers in above.items():
        for upper, near in uppers.items():
            found.setdefault(upper, {})[lower] = near
            if lower not in above.get(upper, ()):
                mission = upper in names and names[upper].kind == "mission"
                found.setdefault(lower, {})[upper] = near * (_OF_A_CRAFT if mission else _OF_A_PLACE)
    return found


def _longest(phrases: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """With what phrases of several words begin, and of how many words the longest is."""
    found: dict[str, int] = {}
    for key in phrases:
        if len(key) > 1:
            # The last word of a name may have an s more.
            found[key[0]] = max(found.get(key[0], 1), len(key))
    return found


def _bare(key: tuple[str, ...]) -> set[str]:
    """A word alone means itself as well."""
    return {stem(key[0].strip())} if len(key) == 1 else set()
