"""Misspelt words of a question: what is meant by a word that stands nowhere."""

from collections.abc import Callable, Sequence

from bot.answer.asking.language.lexicon import GRAMMAR, Lexicon
from bot.answer.asking.language.usage import count, is_english
from bot.answer.asking.language.words import stem
from bot.answer.asking.reading.question import Mend
from bot.answer.asking.reading.wanting import ASKING_WORDS, INTERROGATIVE

_SHORTEST = 5  # letters of a word that is mended
_SHORT = 4  # letters of one in which a letter may be left out, or two have changed places
_LONG = 8  # letters from which two mistakes are forgiven
_LONGEST_GAP = 2  # letters of a word of grammar that may stand without a space before or behind it
_SHORTEST_PART, _SHORTEST_JOINED = (
    3,
    6,
)  # letters of words that are written as one, and of one that is written as two


def mender(
    lexicon: Lexicon, stands: Callable[[str], bool], like: Callable[[str, int], Sequence[str]]
) -> Mend:
    """What mends a word: by the words of the story, and by those that the lexicon has.

    Two words with a space between them are mended where they are one: "para chute".
    `stands` tells whether a stem is in any fact, `like` gives the story's words of about the same length.
    """

    def known(word: str) -> bool:
        return word in GRAMMAR or word in INTERROGATIVE or word in lexicon.spelt or lexicon.knows(stem(word))

    def mend(word: str) -> str | None:
        first, _, second = word.partition(" ")
        if second:
            apart = not (known(first) and known(second))
            whole = first + second
            return whole if apart and len(whole) >= _SHORTEST_JOINED and is_word(whole) else None
        if len(word) < _SHORT or word in lexicon.spelt or lexicon.knows(stem(word)) or stands(stem(word)):
            return None
        if is_english(word):
            return None
        return near(word) if len(word) < _SHORTEST else _parted(word, is_part) or near(word)

    def is_part(word: str) -> bool:
        return (
            word in GRAMMAR
            or word in INTERROGATIVE
            or word in lexicon.spelt
            or (is_english(word) and stands(stem(word)))
        )

    def is_word(word: str) -> bool:
        return known(word) or stands(stem(word))

    def near(word: str) -> str | None:
        by = 2 if len(word) >= _LONG else 1
        found = _near(word, (*like(word, by), *lexicon.spelt, *ASKING_WORDS, *INTERROGATIVE, *GRAMMAR), by)
        # Asked of the few that are near: what stands only in what is for others, or came later, is unknown.
        return next((one for one in found if one in ASKING_WORDS or is_word(one)), None)

    return mend


def _parted(word: str, is_part: Callable[[str], bool]) -> str | None:
    """Two words between which the space is missing: `launchdate`."""
    for at in range(len(word) - 2, 1, -1):
        one, other = word[:at], word[at:]
        short = min(one, other, key=len)
        enough = len(short) >= _SHORTEST_PART or (len(short) >= _LONGEST_GAP and short in GRAMMAR)
        if enough and len(word) - len(short) >= _SHORT and is_part(one) and is_part(other):
            return f"{one} {other}"
    return None


def _near(word: str, words: Sequence[str], most: int) -> list[str]:
    """The words that this may be, the nearest first."""
    # Imported here: most questions have no word that is misspelt.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    first, swapped = word[0], word[1::-1]
    alike = {
        one
        for one in words
        if (one[0] == first or one[:2] == swapped) and -most <= len(one) - len(word) <= most
    }
    found = process.extract(word, sorted(alike), scorer=OSA.distance, score_cutoff=most, limit=None)
    # Of those that are equally near, the one that people write most.
    single = _single(word)
    if len(word) < _SHORTEST:
        found = [one for one in found if len(one[0]) > len(word) or sorted(one[0]) == sorted(word)]
    ordered = sorted(found, key=lambda one: (_single(one[0]) != single, one[1], -count(one[0])))
    return [one[0] for one in ordered if " " not in one[0]]


def _single(word: str) -> str:
    """A word without its double letters, which are forgotten most."""
    return "".join(letter for at, letter in enumerate(word) if word[at - 1 : at] != letter)
