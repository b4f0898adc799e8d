"""How usual a word is in English: whether it is one at all, and how much it tells."""

import gc
import math
from collections.abc import Mapping
from functools import lru_cache

_LEAST = 100  # what was counted more seldom in the library's texts may be a slip of somebody's
_MOST = 7.9  # the power of ten by which the most usual word was counted


def is_english(word: str) -> bool:
    """Whether it is a word, as far as is known."""
    return count(word) >= _LEAST


def rarity(word: str) -> float:
    """0 for the most usual word, 1 for one that nobody has written."""
    return 1 - min(1.0, math.log10(1 + count(word)) / _MOST)


def count(word: str) -> int:
    """How often it stands in the texts that the library was made from."""
    return _counts().get(word, 0)


@lru_cache(maxsize=1)
def _counts() -> Mapping[str, int]:
    # Imported here: it takes a quarter of a second, and most questions have only words that are known.
    from spellchecker import SpellChecker

    found: Mapping[str, int] = SpellChecker().word_frequency.dictionary
    gc.freeze()  # it stays, and to look through 160,000 words for garbage takes as long as an answer
    return found
