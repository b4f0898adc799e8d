"""The questions, as they stand in two files: one to tune for, one that nobody looks at meanwhile."""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HALVES = ("tuning", "untouched")
ANSWERABLE = (
    "who", "when", "how-many", "how-long", "why", "where", "whether", "which", "what", "changed", "order",
    "quote", "status", "follow-up",
)  # fmt: skip
UNANSWERABLE = ("not-told", "false-premise", "off-topic")

Groups = tuple[tuple[str, ...], ...]
"""Of each group one is enough, and has to be there."""

_FOLDER = Path(__file__).parent


class Question(NamedTuple):
    """One question, and what is right."""

    ask: str  # as it is typed
    kind: str
    answer: str  # in short, for people
    after: str = ""  # what the same person asked just before
    verdict: str = ""  # yes or no: how the answer has to begin; empty where it may begin as it likes
    sources: tuple[str, ...] = ()  # any one supports the answer
    facts: Groups = ()  # to be cited
    text: Groups = ()  # beginnings of words, to stand in the answer

    @property
    def answerable(self) -> bool:
        """Whether the articles have an answer; else the bot has to say that they do not."""
        return self.kind in ANSWERABLE


@cache
def read(half: str) -> tuple[Question, ...]:
    """The questions of one half, in the order of the file."""
    found: list[dict[str, Any]] = yaml.safe_load((_FOLDER / f"{half}.yaml").read_text(encoding="utf-8"))
    return tuple(Question(**{name: _frozen(value) for name, value in one.items()}) for one in found)


def begins_a_word(beginning: str, text: str) -> bool:
    """Whether a word, or some words in a row, of a text begin so; in whatever case."""
    return re.search(rf"\b{re.escape(beginning)}", text, re.IGNORECASE) is not None


def _frozen(value: object) -> Any:  # noqa: ANN401  (as many types as a question has fields)
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
