"""What a question says is done: `obey` of "did they obey it", `built` of "when was the port built"."""

import re
from collections.abc import Callable, Collection, Sequence

from bot.answer.asking.language.lexicon import Term
from bot.answer.asking.language.usage import count
from bot.answer.asking.language.words import Word, listed

_BARE = listed("did does do will would can could should may might must")  # behind these: a base
_BE_OR_HAVE = listed("was were is are been be has have had")  # behind these: a participle
_HAVE = frozenset(("has", "have", "had"))
_IRREGULAR = listed(
    """
    built made sent held lost found put taken given told hit cut hurt known seen begun done gone left
    set shot thrown broken chosen written driven flown fallen withdrawn drawn bought brought caught felt
    fought got kept led met paid read run sold spent stood struck won worn born blown frozen grown
    hidden spoken stolen
    """
)
_PAST = listed(
    """
    withdrew left broke quit said took went came fell flew threw wrote spoke began drew rose chose gave
    got had leaves quits ends froze grew knew saw sank swore tore stole
    """
)
_BASES = listed(
    "find see hear begin hit cut let read run win buy sell speak fall fly meet pay fight quit shut"
)
_VERBLIKE = 0.09  # so often, beside the word itself, its forms in -ing and -ed are written
SAYS_LITTLE = listed(
    """
    do have be get go come take make use give put turn keep let want need try happen mean say tell call
    goes comes done gone had got taken made used given put turned kept let told said called going coming
    taking
    """
)
"""Verbs that say next to nothing of what is done."""

# Of these, those beside which a noun says what is done: to make a test, to come home.
_LITTLE = listed("do have get go come take make give say done had got taken made given said")
_DETERMINERS = listed("the a an its their his her this that these those any no")
_PREPOSITIONS = listed("of in on at by for with from to about into over between after before as")
NOUNS_BEHIND = _DETERMINERS | _PREPOSITIONS
"""Behind these stands a noun, and no verb."""

_ASIDE = listed(
    "away back home along over out up down off round around"
)  # behind what is done, no more of it
_SHORTEST = {"ed": 5, "ing": 6}  # letters of a participle: red and king are none


def predicate(words: Sequence[Word], terms: Sequence[Term]) -> int | None:
    """The place of the word that says what is done; None where there is none, or one that says little."""
    named = {at for term in terms if term.name for at in range(term.at, term.at + term.size)}
    low = [word.low for word in words]
    for start, word in enumerate(words):
        if word.low in _BARE:
            return _first(words, start, named, is_base)
        if word.low in _HAVE and "been" in low[start + 1 :]:
            # "Has the snow-clearing team been paid": what stands between is who was.
            return _first(words, low.index("been", start), named, is_participle)
        if word.low in _BE_OR_HAVE:
            return _first(words, start, named, is_participle)
    return None


def _first(
    words: Sequence[Word], start: int, named: Collection[int], fits: Callable[[str], bool]
) -> int | None:
    """The place of the first word behind another that fits and is neither a name nor a noun."""
    for at in range(start + 1, len(words)):
        if at in named or (at == start + 1 and words[at].low in _DETERMINERS):
            continue
        if words[at - 1].low in NOUNS_BEHIND:
            continue  # a noun
        if fits(words[at].low):
            return None if words[at].low in SAYS_LITTLE else at
    return None


def done_by_little(words: Sequence[Word], terms: Sequence[Term]) -> int | None:
    """The place of what is done by a verb that says little: `test` of "where did they do the test"."""
    for start, word in enumerate(words):
        if word.low not in _BARE | _BE_OR_HAVE:
            continue
        little = next((at for at in range(start + 1, len(words)) if words[at].low in _LITTLE), None)
        if little is None or any(term.at <= little < term.at + term.size and term.size > 1 for term in terms):
            return None  # to take part says enough
        # "Was the test made": what was made stands before.
        begins = start + 1 if word.low in _BE_OR_HAVE else little + 1
        return last_in_a_row(words, terms, begins, little)
    return None


def last_in_a_row(
    words: Sequence[Word], terms: Sequence[Term], begins: int, little: int | None = None
) -> int | None:
    """The last of the terms that stand together from a place on: `test` of "the parachute test of"."""
    by_place = {term.at: term for term in terms}
    at, found = begins, None
    while at < len(words) and at != little:
        term = by_place.get(at)
        if term is None and words[at].low in _DETERMINERS and found is None:
            at += 1
        elif term is None or term.name or words[at].low in SAYS_LITTLE:
            break
        elif term.low in _ASIDE and found is not None:
            at += term.size
        else:
            found = found if term.light else term.at
            at += term.size
    return found


def is_verb(word: str) -> bool:
    """Whether a word, behind a name, may say what that does: `suspended`, `withdrew`, but not `talks`."""
    return word in _PAST or is_participle(word) or is_base(word)


def is_base(word: str) -> bool:
    """Whether it may be the base of a verb, by how often its other forms are written."""
    if word in _BASES:
        return True
    if word.endswith(("ed", "ing", "ly", "s")) and not word.endswith("ss"):
        return False
    word = re.sub(r"(?<=[iy])s(?=e$)", "z", word) if not count(word) else word  # "apologise"
    usual = count(word)
    return usual > 0 and sum(map(count, _forms(word))) >= _VERBLIKE * usual


def is_participle(word: str) -> bool:
    """Whether it may be a participle, by its ending."""
    return word in _IRREGULAR or any(
        word.endswith(ending) and len(word) >= least for ending, least in _SHORTEST.items()
    )


def _forms(word: str) -> list[str]:
    """A word in -ing and -ed, were it a verb."""
    if word.endswith("e"):
        return [f"{word[:-1]}ing", f"{word}d"]
    if word.endswith("y"):
        return [f"{word}ing", f"{word[:-1]}ied"]
    doubled = [f"{word}{word[-1]}ing", f"{word}{word[-1]}ed"] if word[-1:] not in "aeiouwxy" else []
    return [f"{word}ing", f"{word}ed", *doubled]
