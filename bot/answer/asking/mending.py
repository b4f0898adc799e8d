"""Misspelt words of a question: what is meant by a word that stands nowhere."""

from collections.abc import Callable, Sequence

from bot.answer.asking.lexicon import Lexicon
from bot.answer.asking.question import Mend
from bot.answer.asking.usage import count, is_english
from bot.answer.asking.wanting import ASKING_WORDS
from bot.answer.asking.words import stem

_SHORTEST = 5  # letters of a word that is mended
_LONG = 8  # letters from which two mistakes are forgiven


def mender(
    lexicon: Lexicon, stands: Callable[[str], bool], like: Callable[[str, int], Sequence[str]]
) -> Mend:
    """What mends a word: by the words of the story, and by those that the lexicon has.

    `stands` tells whether a stem is in any fact, `like` gives the story's words of about the same length.
    """

    def mend(word: str) -> str | None:
        if len(word) < _SHORTEST or word in lexicon.spelt or lexicon.knows(stem(word)) or stands(stem(word)):
            return None
        if is_english(word):
            return None
        by = 2 if len(word) >= _LONG else 1
        near = _near(word, (*like(word, by), *lexicon.spelt, *ASKING_WORDS), by)
        # Asked of the few that are near: what stands only in what is for others, or came later, is unknown.
        return next(
            (one for one in near if one in lexicon.spelt or one in ASKING_WORDS or stands(stem(one))), None
        )

    return mend


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
    ordered = sorted(found, key=lambda one: (_single(one[0]) != single, one[1], -count(one[0])))
    return [one[0] for one in ordered if " " not in one[0]]


def _single(word: str) -> str:
    """A word without its double letters, which are forgotten most."""
    return "".join(letter for at, letter in enumerate(word) if word[at - 1 : at] != letter)
