"""A fact as it is held against a question: its terms, who acts in it, and what kind of answer it can be."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.answer.asking.lexicon import Lexicon, Term
from bot.answer.asking.words import Word, words_of
from bot.model import Fact

_CAUSE = re.compile(
    r"\b(?:because|due to|in response to|in protest|after|as a result|owing to|in order to|to cover|so that"
    r"|caused|in reaction|since|for the sake|meant to|to help|to study|to look|to search|under sanctions)\b", re.I
)  # fmt: skip
_NUMBER = re.compile(r"\d|\b(?:hundreds?|thousands?|dozens?|decades?|several|both|all|one|two|three|four|five|six"
                     r"|seven|eight|nine|ten|first|second|third|half)\b", re.I)  # fmt: skip
_LASTS = re.compile(r"\b(?:decades?|years|months|weeks|days|hours|(?:second|third|fourth|fifth|first) (?:day|week|month|year))\b")
_UNREAL = re.compile(
    r"\b(?:(?:was|were|is|are) (?:to|meant to|planned|scheduled|likely)|may|might|could|threat\w+|confident"
    r"|would seek|planned)\b"
)
_THREAT = re.compile(r"\bthreat|\bwould seek\b")
_NEGATION = frozenset(("not", "never", "no", "nobody", "none", "impossible", "neither", "nor"))
_CLAUSES = frozenset(("but", "because", "while", "although", "since", "and", "said"))
_BEFORE_OBJECT = frozenset(
    "with of from to on in by at for about against into onto than between over under and or called named"
    " without despite along".split()  # noqa: SIM905  (one word each would say no more)
)
_ADJECTIVES = ("an", "ish", "ese", "ch")
_BETWEEN = frozenset("has have had will would not also ever really to ever then".split())  # noqa: SIM905  (as above)
_BE = frozenset("is are was were be been being get got gets".split())  # noqa: SIM905  (as above)


class Statement(NamedTuple):
    """One fact, read."""

    fact: Fact
    terms: tuple[Term, ...]
    told: Mapping[str, float]  # a meaning → how plainly the fact has it
    speakers: frozenset[str]  # the meanings of who said it, or did
    actors: Mapping[int, str]  # the place of a term → the meaning of who does it
    negated: frozenset[int]  # the places of terms that are denied
    causal: bool
    counts: bool
    lasts: bool  # it tells how long
    unreal: bool  # it tells what is to be, or may be
    numbers: frozenset[str]

    def named(self, kinds: Collection[str], lexicon: Lexicon) -> set[str]:
        """The meanings of what its words name of these kinds."""
        found = (lexicon.names.get(meaning) for meaning, plainly in self.told.items() if plainly == 1.0)
        return {f"={name.name}" for name in found if name and name.kind in kinds}


@lru_cache(maxsize=4096)
def _read_words(says: str) -> tuple[Word, ...]:
    return tuple(words_of(says))


_MOST_KEPT = 512
_BY_TAG = 0.6  # how plainly a fact tells what only its tags say
_KEPT: dict[tuple[int, Fact], Statement] = {}
_FEW: dict[tuple[int, str], frozenset[str]] = {}


def read(fact: Fact, lexicon: Lexicon) -> Statement:
    """Reads one fact; what was read is kept for the next question."""
    key = (lexicon.number, fact)
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = _read(fact, lexicon)
    return _KEPT[key]


def _meanings(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The meanings of a tag or a speaker, of which there are few: kept."""
    key = (lexicon.number, text)
    if key not in _FEW:
        if len(_FEW) >= _MOST_KEPT:
            _FEW.clear()
        _FEW[key] = frozenset(meaning for term in lexicon.terms(text) for meaning in term.meanings)
    return _FEW[key]


def _read(fact: Fact, lexicon: Lexicon) -> Statement:
    words = _read_words(fact.says)
    terms = tuple(lexicon.terms(words))
    told: dict[str, float] = {}
    for tag in fact.tags:
        told |= dict.fromkeys(_meanings(tag.replace("-", " "), lexicon), _BY_TAG)
    told |= dict.fromkeys(_meanings(fact.speaker, lexicon), 1.0)
    for term in terms:
        for part in term.parts if term.name else ():
            told |= {meaning: max(0.8, told.get(meaning, 0)) for meaning in part}
    for term in terms:
        told |= dict.fromkeys(term.meanings, 1.0)
    told |= dict.fromkeys(lexicon.introduces.get(fact.id, ()), 1.0)
    if fact.speaker:
        told |= dict.fromkeys(_meanings("said", lexicon), 1.0)
    return Statement(
        fact,
        terms,
        told,
        _meanings(fact.speaker, lexicon) or _first_actor(words, terms),
        actors_of(words, terms),
        frozenset(term.at for term in terms if _denied(words, term)),
        bool(_CAUSE.search(fact.says)),
        bool(_NUMBER.search(fact.says)),
        bool(_LASTS.search(fact.says)),
        fact.kind == "plan" or bool((_THREAT if fact.kind == "statement" else _UNREAL).search(fact.says)),
        frozenset(term.low for term in terms if term.number),
    )


def actors_of(words: Sequence[Word], terms: Sequence[Term]) -> dict[int, str]:
    """Who does what a term says, by the order of the words: the name before it, or the one behind `by`."""
    found: dict[int, str] = {}
    names = [term for term in terms if term.name]
    for term in terms:
        if term.name:
            continue
        if actor := _actor(words, term, names):
            found[term.at] = actor
    return found


def _first_actor(words: Sequence[Word], terms: Sequence[Term]) -> frozenset[str]:
    """Whom a fact without a speaker is about: the name that it begins with."""
    first = next((term for term in terms if term.name), None)
    return frozenset((_meaning(first),)) if first and first.at < 2 and not first.genitive else frozenset()  # noqa: PLR2004


def subjects_of(words: Sequence[Word], terms: Sequence[Term], lexicon: Lexicon) -> dict[int, str]:
    """Who does what a question says, where that is plain: the name that stands right before it."""
    found: dict[int, str] = {}
    names = [term for term in terms if _acts(term, lexicon)]
    low = [word.low for word in words]
    for name in names:
        lead = low[name.at - 1] if name.at else ""
        end = name.at + name.size
        if "it" in low[max(0, name.at - 1) : name.at] and _BE & {*low[max(0, name.at - 2) : name.at]}:
            # Was it the agency that …?
            found |= {term.at: _meaning(name) for term in terms if term.at >= end and not term.name}
            continue
        behind = next((term for term in terms if term.at >= end and not term.name), None)
        if behind and lead not in _BEFORE_OBJECT and {*low[end : behind.at]} <= _BETWEEN:
            found[behind.at] = _meaning(name)
    return found


def _acts(term: Term, lexicon: Lexicon) -> bool:
    """Whether a term names somebody who does something."""
    if not term.name or term.genitive or term.low.endswith(_ADJECTIVES):
        return False
    return lexicon.names[f"={term.name}"].kind in {"person", "body", "country", "craft"}


def _actor(words: Sequence[Word], term: Term, names: Sequence[Term]) -> str:
    before = [name for name in names if name.at + name.size <= term.at]
    owner = before[-1] if before else None
    if owner and owner.genitive and owner.at + owner.size == term.at:
        return _meaning(owner)  # the agency's launch
    end = term.at + term.size
    by = next((name for name in names if name.at > end - 1 and _by(words, end, name.at)), None)
    if by:
        return _meaning(by)
    if any(word.low in _BE for word in words[max(0, term.at - 2) : term.at]) and not term.low.endswith("ing"):
        return ""  # it is done to what stands before
    for name in reversed(before):
        if name.at + name.size == term.at and name.low.endswith(_ADJECTIVES):
            continue  # a French launch: by whom is not said
        lead = words[name.at - 1].low if name.at else ""
        if lead == "the" and name.at > 1:
            lead = words[name.at - 2].low
        if not name.genitive and lead not in _BEFORE_OBJECT:
            return _meaning(name)
    return ""


def _by(words: Sequence[Word], start: int, at: int) -> bool:
    between = [word.low for word in words[start:at]]
    return 1 <= len(between) <= 3 and between[0] == "by"


def _meaning(term: Term) -> str:
    return next(meaning for meaning in term.meanings if meaning == f"={term.name}")


def _denied(words: Sequence[Word], term: Term) -> bool:
    """Whether a term stands in a clause that denies."""
    for word in reversed(words[: term.at]):
        if word.low in _NEGATION:
            return True
        if word.low in _CLAUSES:
            return False
    return False
