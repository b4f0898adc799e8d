"""A fact as it is held against a question: its terms, who acts in it, and what kind of answer it can be."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from bot.answer.asking.language.lexicon import GRAMMAR, Lexicon, Term
from bot.answer.asking.language.predicate import is_verb
from bot.answer.asking.language.words import Word, listed, words_of
from bot.answer.asking.reading.actors import actors_of, first_actor
from bot.answer.asking.reading.counting import Counts, counts
from bot.model import Fact

_CAUSE = re.compile(
    r"\b(?:because|due to|in response to|in protest|after|as a result|owing to|in order to|to cover|so that"
    r"|caused|in reaction|since|for the sake|meant to|to help|to study|to look|to search|under sanctions)\b",
    re.IGNORECASE,
)
_SUM = re.compile(r"[€$£]|\b(?:million|billion|euros?|dollars?|pounds?|roubles?|rubles?)\b", re.IGNORECASE)
_LASTS = re.compile(
    r"\b(?:decades?|years|months|weeks|days|hours"
    r"|(?:second|third|fourth|fifth|first) (?:day|week|month|year)|since (?:19|20)\d\d)\b"
)
_BEGINS = re.compile(
    r"\bsince (?:\w+ )?(?:19|20)\d\d\b"
    r"|\b(?:began|begun|starts?|started|founded|set up|opened|signed|formed)\b"
)
_TO_BE_DONE = frozenset(("to", "could", "may", "might", "would"))
# What stands before "to" where it was done, or settled: "the decision to end it", "an agreement to share".
_DECIDED = listed(
    """
    decision decided decides chose voted managed began started continued continues proceeded agreement agreed
    """
)
_BY_A_DECISION = 4  # words
_IN_A_MEDIUM = re.compile(
    r"\b(?:tweet|retweet)\w*|\bby (?:e-?mail|letter|phone)\b"
    r"|\bin an? (?:\w+ )?(?:statement|interview|speech|letter|post|article|report)\b"
    r"|\bat an? (?:\w+ )?(?:conference|briefing)\b",
    re.IGNORECASE,
)
_LOCATIVE = listed("in at from on onto into to near over around inside aboard outside off")
_FROM = frozenset(("from", "off"))
_ARTICLES = listed("the its their his her")
_THREAT = re.compile(r"\bthreat|\bwould seek\b")
_NEGATION = listed(
    """
    not never no nobody none impossible neither nor denied denies deny refused rejected dismissed refuses
    """
)
# What begins a clause: "did not say what came of the talks" denies no talks.
_CLAUSES = listed("but because while although since and said what how why whether")
_LEADING_CLAUSE = ("After ", "When ", "While ", "Although ", "Before ")
_BEFORE_ADJECTIVES = frozenset(("the", "a", "its", "their"))

# How plainly a fact tells something: 1 what it says outright.
_BY_THE_WAY = 0.85  # what it takes as known: "the suspended cooperation"
_IN_PART = 0.8  # a word of a phrase that means something as a whole
BY_TAG = 0.6
"""How plainly a fact tells what only its tags say."""

# A chance that is given as a number is high or low.
_CHANCE = re.compile(r"\b(?:chances?|odds|likelihood|probability)\b")
_PERCENT = re.compile(r"(\d+)(?:\.\d+)? ?(?:percent|per cent|%)")
_LOW, _HIGH = 35, 65  # percent
_STILL = "still"  # stands before what goes on

_MOST_KEPT = 512  # facts that were read, and tags and speakers
_MOST_WORDS_KEPT = 1024  # facts cut into words, which takes no lexicon


class Statement:
    """One fact, read: what it tells at once, and the rest when that is asked for the first time."""

    def __init__(self, fact: Fact, lexicon: Lexicon) -> None:
        self.fact = fact
        self._words = _words(fact.says)
        self.terms = tuple(lexicon.terms(self._words))
        self.told: Mapping[str, float] = _told(fact, self._words, self.terms, lexicon)
        """A meaning → how plainly the fact has it."""
        self._lexicon = lexicon
        # Before they are asked for, since there are few of them; they are kept.
        self._speakers = _meanings(fact.speaker, lexicon)

    @cached_property
    def speakers(self) -> frozenset[str]:
        """The meanings of who said it, or did."""
        return self._speakers or first_actor(self.terms)

    @cached_property
    def actors(self) -> Mapping[int, str]:
        """The place of a term → the meaning of who does it."""
        return actors_of(self._words, self.terms, self._lexicon)

    @cached_property
    def negated(self) -> frozenset[int]:
        """The places of terms that are denied."""
        return frozenset(term.at for term in self.terms if _denied(self._words, term))

    @cached_property
    def intended(self) -> frozenset[int]:
        """The places of terms that are only to be done: "ready to fly"."""
        return frozenset(
            term.at for term in self.terms if term.at and self._words[term.at - 1].low in _TO_BE_DONE
        )

    @cached_property
    def settled(self) -> frozenset[int]:
        """Of these, the places of what was decided: "the decision to end it"."""
        return frozenset(
            at
            for at in self.intended
            if _DECIDED & {word.low for word in self._words[max(0, at - _BY_A_DECISION) : at]}
        )

    @cached_property
    def joined(self) -> frozenset[tuple[str, str]]:
        """The meanings of names that "and" stands between."""
        return _joined(self._words, self.terms)

    @cached_property
    def located(self) -> frozenset[str]:
        """The meanings of names behind "in", "at", "from"."""
        return _located(self._words, self.terms, _LOCATIVE)

    @cached_property
    def origins(self) -> frozenset[str]:
        """The meanings of names behind "from"."""
        return _located(self._words, self.terms, _FROM)

    @cached_property
    def adjoined(self) -> frozenset[str]:
        """The meanings of names that only stand before another noun: "Acme launches"."""
        return _adjoined(self._words, self.terms)

    @cached_property
    def medium(self) -> bool:
        """Whether it tells by what something was said: "in a statement"."""
        return bool(_IN_A_MEDIUM.search(self.fact.says))

    @cached_property
    def causal(self) -> bool:
        """Whether it gives a reason."""
        return bool(_CAUSE.search(self.fact.says))

    @cached_property
    def causing(self) -> frozenset[int]:
        """The places of terms that tell the reason, and not what came of it."""
        return _causing(self.fact.says, self.terms)

    @cached_property
    def counts(self) -> Counts:
        """What it gives numbers of."""
        return counts(self.fact.says, self._words, self.terms)

    @cached_property
    def sums(self) -> bool:
        """Whether it tells an amount of money."""
        return bool(_SUM.search(self.fact.says))

    @cached_property
    def lasts(self) -> bool:
        """Whether it tells how long."""
        return bool(_LASTS.search(self.fact.says))

    @cached_property
    def lasting(self) -> bool:
        """Whether it tells that something goes on."""
        ending = self._lexicon.ending
        return any(self.told.get(meaning, 0) > BY_TAG for meaning in self._lexicon.going) or any(
            term.meanings & ending for term in self.terms if term.at in self.negated
        )

    @cached_property
    def unreal(self) -> bool:
        """Whether it tells what is to be, or may be."""
        return self.fact.kind == "plan" or bool(_THREAT.search(self.fact.says))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers that it tells."""
        return frozenset(term.low for term in self.terms if term.number)

    def named(self, kinds: Collection[str], lexicon: Lexicon) -> set[str]:
        """The meanings of what its words name of these kinds."""
        found = (lexicon.names.get(meaning) for meaning, plainly in self.told.items() if plainly == 1.0)
        return {f"={name.name}" for name in found if name and name.kind in kinds}


_KEPT: dict[tuple[int, Fact], Statement] = {}
_FEW: dict[tuple[int, str], frozenset[str]] = {}


def read(fact: Fact, lexicon: Lexicon) -> Statement:
    """Reads one fact; what was read is kept for the next question."""
    key = (lexicon.number, fact)
    found = _KEPT.get(key)
    if found is None:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()  # another thread may do so at any time
        found = _KEPT[key] = Statement(fact, lexicon)
    return found


def until_it_begins(says: str) -> str:
    """What a fact says up to where it tells since when something goes on; empty where it does not tell it."""
    found = _BEGINS.search(says)
    return says[: found.end()] if found else ""


def because(says: str) -> tuple[str, str]:
    """What a fact tells, and the reason that it gives; the latter is empty where it gives none."""
    cause = _CAUSE.search(says)
    return (says[: cause.start()], says[cause.start() :]) if cause else (says, "")


def _meanings(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The meanings of a tag or a speaker, of which there are few: kept."""
    key = (lexicon.number, text)
    found = _FEW.get(key)
    if found is None:
        if len(_FEW) >= _MOST_KEPT:
            _FEW.clear()
        found = frozenset(meaning for term in lexicon.terms(text) for meaning in term.meanings)
        _FEW[key] = found
    return found


@lru_cache(maxsize=_MOST_WORDS_KEPT)
def _words(says: str) -> tuple[Word, ...]:
    return tuple(words_of(says))


def _told(fact: Fact, words: Sequence[Word], terms: Sequence[Term], lexicon: Lexicon) -> dict[str, float]:
    """All that a fact tells, by its words, its tags and its speaker: a meaning → how plainly."""
    # "After that was over, this began" is told of what began.
    lead = len(words_of(fact.says.partition(",")[0])) if fact.says.startswith(_LEADING_CLAUSE) else 0
    told: dict[str, float] = {}
    for tag in fact.tags:
        told |= dict.fromkeys(_meanings(tag.replace("-", " "), lexicon), BY_TAG)
    told |= dict.fromkeys(_meanings(fact.speaker, lexicon), 1.0)
    for term in terms:
        # To call off is not to call, but to hold talks is to talk.
        for part in term.parts if term.parts and (term.name or not GRAMMAR & {*term.low.split()}) else ():
            told |= {meaning: max(_IN_PART, told.get(meaning, 0)) for meaning in part}
    for term in terms:
        plainly = _BY_THE_WAY if term.at < lead or _attributive(words, term) else 1.0
        told |= {meaning: max(plainly, told.get(meaning, 0)) for meaning in term.meanings}
    for meaning in _meanings(_how_likely(fact.says), lexicon):
        told.setdefault(meaning, 1.0)
    if any(word.low == _STILL for word in words):
        for meaning in _meanings("continue", lexicon):
            told.setdefault(meaning, _IN_PART)
    told |= dict.fromkeys(lexicon.introduces.get(fact.id, ()), 1.0)
    if fact.speaker:
        told |= dict.fromkeys(_meanings("said", lexicon), 1.0)
    return told


def _how_likely(says: str) -> str:
    """`low` or `high` of a chance that a text gives as a number."""
    percents = [int(number) for number in _PERCENT.findall(says)] if _CHANCE.search(says) else []
    if not percents or _LOW <= max(percents) <= _HIGH:
        return ""
    return "low" if max(percents) < _LOW else "high"


def _attributive(words: Sequence[Word], term: Term) -> bool:
    """Whether a term only describes what stands behind it: "the suspended cooperation"."""
    return term.low.endswith("ed") and term.at > 0 and words[term.at - 1].low in _BEFORE_ADJECTIVES


def _joined(words: Sequence[Word], terms: Sequence[Term]) -> frozenset[tuple[str, str]]:
    """The meanings of names of which one stands behind "and": what one does, the other does."""
    named = [term for term in terms if term.name]
    return frozenset(
        (f"={one.name}", f"={other.name}")
        for one, other in pairwise(named)
        if [word.low for word in words[one.at + one.size : other.at]] in (["and"], ["and", "the"])
    )


def _adjoined(words: Sequence[Word], terms: Sequence[Term]) -> frozenset[str]:
    """The meanings of names that only describe the noun behind them."""
    nouns = {term.at for term in terms if not term.name and not is_verb(words[term.at].low)}
    before = {
        meaning for term in terms if term.name and term.at + term.size in nouns for meaning in term.meanings
    }
    alone = {
        meaning
        for term in terms
        if term.name and term.at + term.size not in nouns
        for meaning in term.meanings
    }
    return frozenset(before - alone)


def _causing(says: str, terms: Sequence[Term]) -> frozenset[int]:
    """The places of the terms of a reason: of "after the flood", up to the comma or the end."""
    found = _CAUSE.search(says)
    if not found:
        return frozenset()
    before = words_of(says[: found.start()])
    if before and before[-1].low == "that":
        return frozenset()  # "that under the ban they could not go": where the reason ends is not seen
    start = len(before)
    end = len(words_of(says[: found.end()] + says[found.end() :].partition(",")[0]))
    return frozenset(term.at for term in terms if start <= term.at < end)


def _located(words: Sequence[Word], terms: Sequence[Term], behind: frozenset[str]) -> frozenset[str]:
    """The meanings of the names behind such words."""
    return frozenset(
        one for term in terms if term.name and _is_behind(words, term, behind) for one in term.meanings
    )


def _is_behind(words: Sequence[Word], term: Term, before: frozenset[str]) -> bool:
    """Whether a name stands behind a word for a place: "in Ottley", "from the weir"."""
    at = term.at - 1
    if at > 0 and words[at].low in _ARTICLES:
        at -= 1
    return at >= 0 and words[at].low in before


def _denied(words: Sequence[Word], term: Term) -> bool:
    """Whether a term stands in a clause that denies."""
    for word in reversed(words[: term.at]):
        if word.low in _NEGATION:
            return True
        if word.low in _CLAUSES:
            return False
    return False
