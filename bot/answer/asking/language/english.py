"""The words of the language: what means the same, what is a part of what, what is the contrary."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple


class English(NamedTuple):
    """The words of the language, as english.toml has them."""

    words: tuple[tuple[str, ...], ...]  # groups of which each means the same
    light: tuple[str, ...]  # words that tell next to nothing in a question
    opposites: tuple[tuple[str, str], ...]
    narrower: Mapping[str, Sequence[str]]  # a word → what is a part of it
    short: Mapping[str, str]  # as it is written in chat → in full
    spellings: Mapping[str, str]  # as some write it → as it is usual


@lru_cache(maxsize=1)
def english() -> English:
    """Reads them, once."""
    found = tomllib.loads(files("bot.answer.asking.language").joinpath("english.toml").read_text("utf-8"))
    return English(
        tuple(map(tuple, found["words"])),
        tuple(found["light"]),
        tuple((one, other) for one, other in found["opposites"]),
        found["narrower"],
        found["short"],
        found["spellings"],
    )
