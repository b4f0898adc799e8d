"""What an edition is made of: the values, and the reads that bring them from the shelf.

With `as_of`, nothing is read that became known later.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.digest.content.told import Named, Told
from bot.digest.schedule.due import Held
from bot.digest.schedule.subscription import Kind, Subscription
from bot.load.sentences import read_body
from bot.model import BACKGROUND, Fact, Sentence
from bot.reply import Reply
from bot.store.shelf import BriefingCard, Link, Shelf, SourceCard

_MOST_OPEN = 3
_RECENT = 8  # briefings among which the newest that is no background is looked for first


class Occasion(NamedTuple):
    """For whom an edition is made, and when."""

    subscription: Subscription
    story: str  # as people call it
    number: int  # of this edition, counted from 1
    day: date  # local
    told: Told
    last: date  # local date of its last edition; before the first, of the day it was subscribed
    held: tuple[Held, ...] = ()  # since its last edition


class Digest(NamedTuple):
    """An edition in full, to be promised in the database and sent."""

    reply: Reply
    kind: Kind  # a replay that is over makes news
    number: int
    day: date
    carries: Told  # what it tells, also what it only counts: to be added to what the channel was told
    quotes: tuple[Named, ...] = ()  # the briefings whose words stand in it, also those told before
    turns: Kind | None = None  # the kind of digest that the channel gets from now on

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that its lines rest on: where one of them is corrected, so is this edition."""
        return self.reply.facts


class Nothing(NamedTuple):
    """No edition, and why: for `digest why`."""

    why: str  # a sentence


class Earlier(NamedTuple):
    """What the channel was told of a briefing, or of the state of the story, before."""

    card: BriefingCard  # of today
    state: str
    sentences: tuple[Sentence, ...]  # with those of their facts that there still are


class Brief(NamedTuple):
    """A briefing and its sentences."""

    card: BriefingCard
    sentences: tuple[Sentence, ...]
    earlier: Earlier | None = None  # the version that the channel was told; None: it is new to it


class Tie(NamedTuple):
    """A fact set against another."""

    fact: Fact  # overturns, or disputes
    kind: str
    other: Fact
    because: str


class Matter(NamedTuple):
    """All that an edition is composed from."""

    carries: Told  # what is new to the channel, by name
    facts: tuple[Fact, ...] = ()
    briefs: tuple[Brief, ...] = ()  # oldest first
    ties: tuple[Tie, ...] = ()
    overturned: Mapping[str, Sequence[Link]] = {}  # what stands against these facts, by fact
    state: Brief | None = None  # the briefing that says where the story stands
    before: Earlier | None = None  # where it stood when the channel was last told, if it has changed
    open_questions: tuple[Fact, ...] = ()
    horizon: date | None = None  # the day of the newest source or briefing
    cards: tuple[SourceCard, ...] = ()  # the sources of all this
    version: int = 0  # of the story


def gather(shelf: Shelf, new: Told, told: Told, today: date, as_of: date | None = None) -> Matter:
    """Reads what is `new`, and where the story stands with it."""
    facts = shelf.facts(new.facts)
    cards = {card.id: card for card in shelf.briefings(as_of)} if new.briefings or told.briefings else {}
    briefs = [
        _brief(shelf, card, told.version(card.id), as_of)
        for card in cards.values()
        if (card.id, card.announced) in new.briefings
    ]
    ties = _ties(shelf, new)
    state = _standing(shelf, as_of)
    horizon = shelf.horizon(as_of)
    questions = shelf.open_questions(horizon, as_of or today, _MOST_OPEN) if horizon else []
    matter = Matter(
        new,
        tuple(sorted(facts.values(), key=by_date)),
        tuple(briefs),
        ties,
        shelf.links(facts, "supersedes", as_of, back=True),
        state,
        _before(shelf, state, list(cards.values()), told, as_of),
        tuple(questions),
        horizon,
        version=shelf.version(),
    )
    return matter._replace(cards=tuple(shelf.sources(ids=_sources(matter))))


def by_date(fact: Fact) -> tuple[str, str, str]:
    """The order in which facts are told: as they happened, the undated last."""
    first, last = (day.isoformat() if day else "~" for day in (fact.date.first, fact.date.last))
    return first, last, fact.id


def _standing(shelf: Shelf, as_of: date | None) -> Brief | None:
    for newest in (_RECENT, None):
        cards = shelf.briefings(as_of, newest=newest)
        told = [card for card in cards if card.phase != BACKGROUND]
        if told or len(cards) < _RECENT:
            break
    card = next(iter((told or cards)[-1:]), None)
    return Brief(card, tuple(shelf.sentences(card.id))) if card else None


def _before(
    shelf: Shelf, state: Brief | None, cards: Sequence[BriefingCard], told: Told, as_of: date | None
) -> Earlier | None:
    """The state as the channel was told it last; None where it was told none, or this one."""
    versions = [(card, told.version(card.id)) for card in cards if card.phase != BACKGROUND]
    last = next(((card, version) for card, version in reversed(versions) if version), None)
    if state is None or last is None:
        return None
    earlier = _earlier(shelf, *last, as_of)
    return earlier if earlier and earlier.state != state.card.state else None


def _brief(shelf: Shelf, card: BriefingCard, told: int, as_of: date | None) -> Brief:
    earlier = _earlier(shelf, card, told, as_of) if told else None
    return Brief(card, tuple(shelf.sentences(card.id)), earlier)


def _earlier(shelf: Shelf, card: BriefingCard, version: int, as_of: date | None) -> Earlier | None:
    wording = shelf.wording(card.id, version)
    if wording is None:
        return None
    sentences = read_body(card.id, wording.body, 1).sentences
    facts = shelf.facts(fact for sentence in sentences for fact in sentence.facts)
    there = {name for name, fact in facts.items() if as_of is None or fact.known_on <= as_of}
    return Earlier(
        card,
        wording.state,
        tuple(
            sentence._replace(facts=tuple(fact for fact in sentence.facts if fact in there))
            for sentence in sentences
        ),
    )


def _ties(shelf: Shelf, new: Told) -> tuple[Tie, ...]:
    facts = shelf.facts(name for fact, _, other in new.relations for name in (fact, other))
    because = {
        (relation.fact_id, relation.kind, relation.other_id): relation.because
        for relation in (shelf.relations() if new.relations else ())
    }
    return tuple(
        Tie(facts[pair[0]], pair[1], facts[pair[2]], because[pair]) for pair in sorted(new.relations)
    )


def _sources(matter: Matter) -> list[str]:
    """The ids of all sources that an edition of this can cite."""
    briefs = [*matter.briefs, *([matter.state] if matter.state else [])]
    earlier = [told for told in (*(brief.earlier for brief in briefs), matter.before) if told]
    sentences = [sentence for brief in briefs for sentence in brief.sentences]
    sentences += [sentence for told in earlier for sentence in told.sentences]
    links = [link.fact for found in matter.overturned.values() for link in found]
    ties = [fact for tie in matter.ties for fact in (tie.fact, tie.other)]
    return source_ids(
        [fact.id for fact in (*matter.facts, *matter.open_questions, *links, *ties)]
        + [fact for sentence in sentences for fact in sentence.facts]
    )


def source_ids(facts: Iterable[str]) -> list[str]:
    """The sources of these facts, each once."""
    return list(dict.fromkeys(fact.partition("#")[0] for fact in facts))
