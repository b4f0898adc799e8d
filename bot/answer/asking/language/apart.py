"""Verbs whose parts stand apart: `push the launch back` is to push back the launch."""

from collections.abc import Sequence

from bot.answer.asking.language.lexicon import GRAMMAR, Lexicon
from bot.answer.asking.language.words import Word, listed

_PARTICLES = listed(
    """
    off out back down up away home aside forward together alone alive going running public secret quiet
    responsible short
    """
)
_LEADING = listed("on to into in under over at")  # these only with more behind them: "on hold", "to an end"
# What may stand behind the last part: in "off the table", the table is no object of its own.
_BEHIND = listed(
    """
    of from to in by at for with after before when because since until while if and or but as that now then
    again though over during on
    """
)
_BREAK = listed("and or but because when while if who which that after before since from with by")
_OBJECTS = listed("that all now")  # of these, what may be an object, or stand before one
_MOST_BETWEEN = 5  # words


def brought_together(words: Sequence[Word], lexicon: Lexicon) -> list[Word]:
    """The words of a question, with the parts of each verb behind each other."""
    found = list(words)
    for at in range(len(found)):
        if tail := _tail(found, at, lexicon):
            start, end = tail
            found[at + 1 : end] = [*found[start:end], *found[at + 1 : start]]
    return found


def _tail(words: Sequence[Word], at: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Where the rest of a verb stands; None where it stands right behind it, or nowhere."""
    longest = 0 if words[at].low in GRAMMAR else lexicon.firsts.get(words[at].stem, 1) - 1
    if words[at + 1 : at + 2] and words[at + 1].low in _BEHIND - _OBJECTS:
        return None  # "the work of putting it together"
    for start in range(at + 2, min(at + 2 + _MOST_BETWEEN, len(words))):
        if words[start - 1].low in _BREAK:
            return None
        if start > at + 1 and (words[start - 1].stem, words[start].stem) in lexicon.phrases:
            return None  # "the launch put off": the part belongs to the verb right before it
        for size in range(min(longest, len(words) - start), 0, -1):
            if _is_tail(words, start, size) and _known(words, at, start, size, lexicon):
                return start, start + size
    return None


def _is_tail(words: Sequence[Word], start: int, size: int) -> bool:
    first, end = words[start].low, start + size
    if first not in _PARTICLES and not (size > 1 and first in _LEADING):
        return False
    return end == len(words) or words[end].low in _BEHIND


def _known(words: Sequence[Word], at: int, start: int, size: int, lexicon: Lexicon) -> bool:
    return (words[at].stem, *(word.stem for word in words[start : start + size])) in lexicon.phrases
