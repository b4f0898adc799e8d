"""What a question says is done: `obey` of "did they obey the order", `built` of "when was the port built"."""

from collections.abc import Callable, Collection, Sequence

from bot.answer.asking.lexicon import Term
from bot.answer.asking.usage import count
from bot.answer.asking.words import Word

_BARE = frozenset(("did", "does", "do", "will", "would", "can", "could", "should", "may", "might", "must"))
_BE = frozenset(("was", "were", "is", "are", "been", "be"))
_HAVE = frozenset(("has", "have", "had"))
_IRREGULAR = frozenset(
    "built made sent held lost found put taken given told hit cut hurt known seen begun done gone left set shot"
    " thrown broken chosen written driven flown fallen withdrawn drawn bought brought caught felt fought got kept"
    " led met paid read run sold spent stood struck won worn born blown frozen grown hidden spoken stolen".split()
)
_BASES = frozenset("find see hear begin hit cut let read run win buy sell speak fall fly meet pay fight".split())
_VERBLIKE = 0.09  # so often, beside the word itself, its forms in -ing and -ed are written
_SAYS_LITTLE = frozenset(
    "do have be get go come take make use give put turn keep let want need try happen mean say tell call"
    " done gone had got taken made used given put turned kept let told said called going coming taking".split()
)


def predicate(words: Sequence[Word], terms: Sequence[Term]) -> int | None:
    """The place of the word that says what is done; None where a question has none, or one that says little."""
    named = {at for term in terms if term.name for at in range(term.at, term.at + term.size)}
    for start, word in enumerate(words):
        if word.low in _BARE:
            return _first(words, start, named, _is_base)
        if word.low in _BE:
            return _first(words, start, named, _is_participle)
        if word.low in _HAVE:
            return _first(words, start, named, _is_participle)
    return None


def _first(
    words: Sequence[Word], start: int, named: Collection[int], fits: Callable[[str], bool]
) -> int | None:
    for at in range(start + 1, len(words)):
        if at in named or (at == start + 1 and words[at].low in _DETERMINERS):
            continue
        if words[at - 1].low in _DETERMINERS | _PREPOSITIONS:
            continue  # a noun
        if fits(words[at].low):
            return None if words[at].low in _SAYS_LITTLE else at
    return None


_DETERMINERS = frozenset(("the", "a", "an", "its", "their", "his", "her", "this", "that", "these", "those", "any", "no"))
_PREPOSITIONS = frozenset("of in on at by for with from to about into over between after before as".split())


def _is_base(word: str) -> bool:
    if word in _BASES:
        return True
    if word.endswith(("ed", "ing", "ly", "s")) and not word.endswith("ss"):
        return False
    usual = count(word)
    return usual > 0 and sum(map(count, _forms(word))) >= _VERBLIKE * usual


def _is_participle(word: str) -> bool:
    return word in _IRREGULAR or (word.endswith("ed") and len(word) > 4) or (word.endswith("ing") and len(word) > 5)


def _forms(word: str) -> list[str]:
    if word.endswith("e"):
        return [f"{word[:-1]}ing", f"{word}d"]
    if word.endswith("y"):
        return [f"{word}ing", f"{word[:-1]}ied"]
    doubled = [f"{word}{word[-1]}ing", f"{word}{word[-1]}ed"] if word[-1:] not in "aeiouwxy" else []
    return [f"{word}ing", f"{word}ed", *doubled]
