"""Stems while several are answered at a time."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.answer.asking.language.words import stem

WORDS = [
    f"{start}{end}"
    for start in ("vietnam", "operat", "hopeful", "ration", "sensitiv", "formal")
    for end in ("ational", "izations", "iveness", "fulness", "iviti", "ousli", "ement", "ingly", "edly")
]


@pytest.fixture(name="restless")
def _restless() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
    stem.cache_clear()


@pytest.mark.usefixtures("restless")
def test_a_word_has_the_same_stem_whoever_else_asks() -> None:
    """The stemmer is one for all threads: none is handed a piece of another's word, and none fails."""
    stem.cache_clear()
    alone = [*map(stem, WORDS)]
    for _ in range(10):
        stem.cache_clear()
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.map(stem, WORDS[number:] + WORDS[:number]) for number in range(4)]
            for number, found in enumerate(asked):
                assert [*found] == alone[number:] + alone[:number]
