"""A text as words: as they were written, and by their stems, so that forms of one word are one."""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import NamedTuple


def listed(text: str) -> frozenset[str]:
    """The words of a list that is written as one text: one word each on a line would say no more."""
    return frozenset(text.split())


_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:'[^\W_]+)*")
_DOTTED = re.compile(r"\b([A-Za-z])\.(?=[A-Za-z]\b)|(?<=\b[A-Za-z]\.[A-Za-z])\.")
_SHORT = {
    "n't": " not",
    "'re": " are",
    "'ve": " have",
    "'ll": " will",
    "'d": " would",
    "'m": " am",
}
_WHOLE = {
    "can't": "can not", "won't": "will not", "cannot": "can not", "cant": "can not", "wont": "will not",
    "didnt": "did not", "doesnt": "does not", "dont": "do not", "isnt": "is not", "wasnt": "was not",
    "arent": "are not", "werent": "were not", "hasnt": "has not", "havent": "have not",
    "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not",
    "whats": "what is", "whos": "who is", "wheres": "where is", "whens": "when is", "hows": "how is",
    "whys": "why is", "thats": "that is", "theres": "there is",
    "what's": "what is", "who's": "who is", "where's": "where is", "when's": "when is",
    "how's": "how is", "why's": "why is", "that's": "that is", "there's": "there is", "it's": "it is",
    "let's": "let us", "he's": "he is", "she's": "she is",
}  # fmt: skip
_COUNTED = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
# One is left out: "one" is a word of grammar more often than a number.
_NUMBERS = {"zero": "0"} | {word: str(number) for number, word in enumerate(_COUNTED.split(), 2)}
_MOST_STEMS = 50_000  # kept: more words than a story has
_MOST_WORDS = 5_000  # kept, as they are written: each is looked at whenever Python clears up
_SHORTEST_STEMMED = 3  # letters; what is shorter has no ending
_STEMMING = threading.Lock()  # the stemmer keeps the word that it is at, and several are answered at a time


class Word(NamedTuple):
    """One word of a text."""

    text: str  # as written, without what it is short for
    low: str  # in lower case, without accents and without the genitive
    stem: str
    genitive: bool = False  # it ended in 's


def words_of(text: str) -> list[Word]:
    """The words of a text in order; short forms in full, numbers as digits."""
    text = text.replace("’", "'")
    written = _WORD.findall(_DOTTED.sub(r"\1", text) if "." in text else text)
    return [word for one in written for word in _read(one)]


@lru_cache(maxsize=_MOST_WORDS)
def _read(written: str) -> tuple[Word, ...]:
    """The words of one as it is written: `isn't` is two. Each is kept, since a story repeats its words."""
    found: list[Word] = []
    whole = _WHOLE.get(written.lower())
    for part in (whole or (_in_full(written) if "'" in written else written)).split():
        low = plain(part)
        genitive = "'" in low and low.endswith(("'s", "s'"))
        if "'" in low:
            low = low.removesuffix("'s").replace("'", "")
        low = _NUMBERS.get(low, low)
        if low:
            found.append(Word(part, low, stem(low), genitive))
    return tuple(found)


def plain(text: str) -> str:
    """In lower case and without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=_MOST_STEMS)
def stem(word: str) -> str:
    """The stem of a word in lower case, as the index of the facts has it (Porter, 1980)."""
    if len(word) < _SHORTEST_STEMMED:
        return word
    with _STEMMING:
        found = str(_stemmer().stemWord(word))
    # Two rules that Porter added later, and SQLite has: technology is technolog, possibly is possibl.
    return found[:-1] if found.endswith(("logi", "bli")) else found


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # noqa: ANN202  (the library has no types)
    # Imported here: only a question needs it.
    import snowballstemmer

    return snowballstemmer.stemmer("porter")


def _in_full(written: str) -> str:
    for short, full in _SHORT.items():
        if written.lower().endswith(short) and len(written) > len(short):
            return written[: -len(short)] + full
    return written
