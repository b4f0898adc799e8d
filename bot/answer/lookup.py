"""Where the answer to a question is looked up: the facts that have its words, as the shelf holds them."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.asking.answers.finding import Finder
from bot.answer.asking.holding.matching import Match, match
from bot.answer.asking.holding.statement import read
from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.language.usage import rarity
from bot.answer.asking.language.words import words_of
from bot.answer.asking.reading.mending import mender
from bot.answer.asking.reading.question import Mend, Question, understand
from bot.command.entry import Ask
from bot.model import BACKGROUND, Sentence
from bot.store.asking import Words
from bot.store.shelf import Shelf

_NEWEST = 4  # briefings, of which one is expected to be no background
# How much a word tells that the story has nowhere: less than one that it has, as if it were a usual one.
_ELSEWHERE, _LESS = 0.8, 0.1

# A word that is this usual in English tells only a part of what it would; from the other on, all of it.
_EVERYDAY, _SELDOM, _AT_LEAST = 0.15, 0.55, 0.5


class Lookup(NamedTuple):
    """Where one question, and what it leads on from, is looked up."""

    asked: Ask
    lexicon: Lexicon
    newest: date  # the day of the newest source

    def understood(self, text: str) -> Question:
        """A question by itself, with its misspelt words mended by those of the story."""
        # Read without mending first: of a past day, only words are known that were told by then.
        known = Words(self.asked.shelf, as_of_day(self.read(text)))
        return self.read(text, mender(self.lexicon, lambda stem: known.frequency([stem]) > 0, known.like))

    def read(self, text: str, mend: Mend = lambda _: None) -> Question:
        """The same, or a part of it, with its words as they are."""
        return understand(text, self.lexicon, self.asked.today, self.newest, mend)

    def finder(self, question: Question) -> Finder:
        """What a question is answered from: what was known by its day, to whoever asks."""
        as_of, lexicon = as_of_day(question), self.lexicon
        shelf = self.asked.shelf.as_told_on(as_of)
        words = Words(shelf, as_of)
        total = words.size()
        kept: dict[Question, list[Match]] = {}

        def matches(part: Question) -> list[Match]:
            if part not in kept:
                facts = shelf.facts(words.likely(_phrases(part.terms, lexicon)))
                statements = [read(one, lexicon) for one in facts.values()]
                kept[part] = match(
                    part, statements, lexicon, lambda term: _rarity(words, term, lexicon, total)
                )
            return kept[part]

        return Finder(
            lexicon,
            as_of,
            self.read,
            matches,
            lambda facts: shelf.links([one.id for one in facts], "supersedes", as_of, back=True),
            lambda facts: shelf.links([one.id for one in facts], "supersedes", as_of, back=False),
            shelf.facts,
            lambda: _lead(shelf, as_of),
        )


def as_of_day(question: Question) -> date | None:
    """The day of which it is asked what was known; None where that is today."""
    return next((time.last for time in question.times if time.bound == "as of"), None)


def _lead(shelf: Shelf, as_of: date | None) -> Sequence[Sentence]:
    """How the newest briefing begins; there is none where all of them are background."""
    cards = [card for card in shelf.briefings(as_of, newest=_NEWEST) if card.phase != BACKGROUND]
    return shelf.sentences(cards[-1].id, limit=1) if cards else ()


def _phrases(terms: Iterable[Term], lex: Lexicon) -> dict[str, list[str]]:
    """All words by which facts are looked up that may tell these terms, with their stems."""
    found = {text: [word.stem for word in words_of(text)] for term in terms for text in _worded(term, lex)}
    return {text: stems for text, stems in found.items() if stems}


def _worded(term: Term, lex: Lexicon) -> Iterable[str]:
    """All words by which facts may tell a term: as typed, what means the same, and what is a part of that."""
    yield term.low
    for meaning in term.meanings:
        for near in (meaning, *lex.beneath.get(meaning, ())):
            yield from lex.words.get(near, ())


def _rarity(known: Words, term: Term, lex: Lexicon, total: int) -> float:
    """How much a term tells: 0 for one that stands in every fact, 1 for one that hardly does."""
    count = _most(known, term.meanings, lex)
    if not count:  # a wide word, as "device", is told by what it may mean
        count = _most(known, (part for wide in term.meanings for part in lex.beneath.get(wide, ())), lex)
    if count:
        told = 1 - math.log(1 + min(count, total)) / math.log(2 + total)
        return told if term.name or " " in term.low else told * _usual(term.low)
    if term.name:
        return 1.0
    return min(1.0, _ELSEWHERE * min(rarity(word) for word in term.low.split()) - _LESS)


def _usual(word: str) -> float:
    """How much of what it tells a word loses for being one that everybody uses of anything: "begin"."""
    rare = rarity(word)
    return _AT_LEAST + (1 - _AT_LEAST) * min(1.0, max(0.0, (rare - _EVERYDAY) / (_SELDOM - _EVERYDAY)))


def _most(known: Words, meanings: Iterable[str], lex: Lexicon) -> int:
    """In how many facts any of these meanings stands, at most."""
    return max((_count(known, meaning, lex) for meaning in meanings), default=0)


def _count(known: Words, meaning: str, lex: Lexicon) -> int:
    """In how many facts a meaning stands, by the most usual of its words."""
    texts = lex.words.get(meaning) or ((meaning,) if meaning[0] not in "=~_" else ())
    return max((known.frequency([word.stem for word in words_of(text)]) for text in texts), default=0)
