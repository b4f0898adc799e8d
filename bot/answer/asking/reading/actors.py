"""Who does what a text says, by the order of its words."""

from collections.abc import Sequence

from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.language.predicate import is_verb
from bot.answer.asking.language.words import Word, listed

_OWN = 2  # words that may stand between whose it is and what is done
_BY = 3  # words from what is done to the name of who does it, "by" the first of them
_LED_BY = 2  # words that may stand before the name that a fact begins with
_BEFORE_OBJECT = listed(
    """
    with of from to on in by at for about against into onto than between over under and or called named
    without despite along
    """
)
ADJECTIVES = ("an", "ish", "ese", "ch")
"""The endings of what belongs to a country: "French", "Mexican"."""

# The endings of what is done: "German participation".
_DEEDS = ("tion", "sion", "ment", "wal", "out", "exit")
_SPEAKS_FOR = listed("office spokesman spokeswoman spokesperson press head chief boss director account")
_BETWEEN = listed(
    """
    has have had will would not also ever really to then still want wants wanted plan plans planned intend
    intended decide decided try tried
    """
)
_BE = listed("is are was were be been being get got gets")
_ARTICLES = frozenset(("a", "an"))
_ACTING = frozenset(("person", "body", "country", "craft"))  # kinds of names that do something


def actors_of(words: Sequence[Word], terms: Sequence[Term], lexicon: Lexicon) -> dict[int, str]:
    """Who does what a term says, by the order of the words: the name before it, or the one behind `by`."""
    found: dict[int, str] = {}
    # A place does nothing: who circles it to study it is named before.
    names = [term for term in terms if term.name and lexicon.names[f"={term.name}"].kind != "place"]
    for term in terms:
        if term.name:
            continue
        if actor := _actor(words, term, names):
            found[term.at] = actor
    return found


def first_actor(terms: Sequence[Term]) -> frozenset[str]:
    """Whom a fact without a speaker is about: the name that it begins with."""
    first = next((term for term in terms if term.name), None)
    if first is None or first.at >= _LED_BY:
        return frozenset()
    behind = next((term for term in terms if term.at == first.at + first.size), None)
    if first.genitive and not (behind and _SPEAKS_FOR & {*behind.low.split()}):
        return frozenset()
    return frozenset((_meaning(first),))


def subjects_of(words: Sequence[Word], terms: Sequence[Term], lexicon: Lexicon) -> dict[int, str]:
    """Who does what a question says, where that is plain: the name that stands right before it."""
    found: dict[int, str] = {}
    low = [word.low for word in words]
    for name in terms:
        if not _acts(name, lexicon):
            continue
        end = name.at + name.size
        behind = [term for term in terms if term.at >= end and not term.name]
        if "it" in low[max(0, name.at - 1) : name.at] and _BE & {*low[max(0, name.at - 2) : name.at]}:
            # Was it the agency that …?
            found |= {term.at: _meaning(name) for term in behind}
        elif behind and _is_subject(low, name, behind[0]):
            found[behind[0].at] = _meaning(name)
    return found


def _is_subject(low: Sequence[str], name: Term, done: Term) -> bool:
    """Whether a name stands right before what it does, and behind nothing that makes it an object."""
    lead = low[name.at - 1] if name.at else ""
    return (
        lead not in _BEFORE_OBJECT
        and is_verb(done.low.split()[0])
        and {*low[name.at + name.size : done.at]} <= _BETWEEN
    )


def _acts(term: Term, lexicon: Lexicon) -> bool:
    """Whether a term names somebody who does something."""
    if not term.name or term.genitive or term.low.endswith(ADJECTIVES):
        return False
    return lexicon.names[f"={term.name}"].kind in _ACTING


def _actor(words: Sequence[Word], term: Term, names: Sequence[Term]) -> str:
    """The meaning of who does what a term says; empty where that is not said."""
    if words[term.at - 1].low in _ARTICLES and words[term.at - 2].low in _BEFORE_OBJECT and term.at > 1:
        return ""  # with a message: whose it is is not said
    before = [name for name in names if name.at + name.size <= term.at]
    owner = before[-1] if before else None
    if owner and owner.genitive and owner.at + owner.size == term.at:
        return _meaning(owner)  # the agency's launch
    end = term.at + term.size
    by = next((name for name in names if name.at >= end and _by(words, end, name.at)), None)
    if by:
        return _meaning(by)
    if _ARTICLES & {words[term.at - 1].low, term.low.split()[0]} and _from(words, names, end):
        return _from(words, names, end)  # an answer from the agency is no answer of whoever waits for it
    if any(word.low in _BE for word in words[max(0, term.at - 2) : term.at]) and not term.low.endswith("ing"):
        return ""  # it is done to what stands before
    return next((_meaning(name) for name in reversed(before) if _does(words, name, term)), "")


def _does(words: Sequence[Word], name: Term, term: Term) -> bool:
    """Whether a name before a term is that of who does it."""
    between = term.at - name.at - name.size
    if name.genitive:
        return between <= _OWN  # the agency's decision to end
    if not between and name.low.endswith(ADJECTIVES) and not term.low.endswith(_DEEDS):
        return False  # a French launch: by whom is not said
    lead = words[name.at - 1].low if name.at else ""
    if lead == "the" and name.at > 1:
        lead = words[name.at - 2].low
    return lead not in _BEFORE_OBJECT


def _by(words: Sequence[Word], start: int, at: int) -> bool:
    """Whether "by" stands between what is done and a name."""
    between = [word.low for word in words[start:at]]
    return 1 <= len(between) <= _BY and between[0] == "by"


def _from(words: Sequence[Word], names: Sequence[Term], end: int) -> str:
    """The meaning of the name of which "from" is told right behind a noun; empty where none is."""
    behind = [word.low for word in words[end : end + 2]]
    if not behind or behind[0] != "from":
        return ""
    return next((_meaning(name) for name in names if name.at == end + 1 + (behind[-1] == "the")), "")


def _meaning(term: Term) -> str:
    return next(meaning for meaning in term.meanings if meaning == f"={term.name}")
