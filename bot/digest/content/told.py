"""What a channel has been told, and what of all that is known it has not.

It is kept by name: facts by id, briefings by id and version, relations by their two facts. So a
file that goes and comes back is not told again, what is added late with an early date is told
nonetheless, and a correction is told once. After a `news` edition a channel has been told all that
there is: most channels of a story then hold the same value, which need be kept only once.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from bot.digest.schedule.subscription import Subscription
from bot.store.shelf import Shelf

Named = tuple[str, int]
"""A briefing in one version of its wording."""

Pair = tuple[str, str, str]
"""A relation: its fact, its kind, the other fact."""

_DAY = timedelta(days=1)


class Told(NamedTuple):
    """What has been told, or what one edition tells."""

    facts: frozenset[str] = frozenset()
    briefings: frozenset[Named] = frozenset()
    relations: frozenset[Pair] = frozenset()
    until: date | None = None  # a replay has come to the end of this day of the story

    def __bool__(self) -> bool:
        return bool(self.facts or self.briefings or self.relations)

    def version(self, briefing_id: str) -> int:
        """The newest version of a briefing that was told; 0 for none."""
        return max((version for name, version in self.briefings if name == briefing_id), default=0)

    def and_then(self, more: "Told") -> "Told":
        """What has been told once this has been told as well."""
        ends = [end for end in (self.until, more.until) if end]
        return Told(
            self.facts | more.facts,
            self.briefings | more.briefings,
            self.relations | more.relations,
            max(ends, default=None),
        )


class Index(NamedTuple):
    """All that is known now, by name, with the day from which it is known."""

    facts: Mapping[str, date]
    briefings: Mapping[Named, date]  # each in its newest version
    relations: Mapping[Pair, date]  # known once both facts are

    def between(self, after: date | None, until: date | None) -> "Index":
        """What became known after one day and up to another."""

        def within(day: date) -> bool:
            return (after is None or day > after) and (until is None or day <= until)

        return Index(
            {name: day for name, day in self.facts.items() if within(day)},
            {named: day for named, day in self.briefings.items() if within(day)},
            {pair: day for pair, day in self.relations.items() if within(day)},
        )

    @property
    def first(self) -> date | None:
        """The first day on which any of it became known."""
        days = (*self.facts.values(), *self.briefings.values(), *self.relations.values())
        return min(days, default=None)

    @property
    def names(self) -> Told:
        """All of it, as told."""
        return Told(frozenset(self.facts), frozenset(self.briefings), frozenset(self.relations))


def index(shelf: Shelf) -> Index:
    """All that a story has now."""
    facts = shelf.known_facts()
    pairs = [
        relation for relation in shelf.relations() if {relation.fact_id, relation.other_id} <= set(facts)
    ]
    return Index(
        facts,
        {(card.id, card.announced): card.known_on for card in shelf.briefings()},
        {
            (pair.fact_id, pair.kind, pair.other_id): max(facts[pair.fact_id], facts[pair.other_id])
            for pair in pairs
        },
    )


def untold(known: Index, told: Told) -> Index:
    """What is known and has not been told."""
    versions: dict[str, int] = {}
    for name, version in told.briefings:
        versions[name] = max(version, versions.get(name, 0))
    return Index(
        {name: day for name, day in known.facts.items() if name not in told.facts},
        {named: day for named, day in known.briefings.items() if named[1] > versions.get(named[0], 0)},
        {pair: day for pair, day in known.relations.items() if pair not in told.relations},
    )


def baseline(known: Index, subscription: Subscription) -> Told:
    """What counts as told to a channel that has just subscribed, or changed to this kind of digest.

    For a replay, what was known before the day from which it tells; else all that is known now.
    """
    if subscription.kind != "replay":
        return known.names
    if subscription.start is None:
        return Told()
    before = subscription.start - _DAY
    return known.between(None, before).names._replace(until=before)


def told_text(told: Told) -> str:
    """In one line for the database; the same text for the same value."""
    return json.dumps(
        {
            "facts": sorted(told.facts),
            "briefings": sorted(told.briefings),
            "relations": sorted(told.relations),
            "until": told.until.isoformat() if told.until else None,
        },
        separators=(",", ":"),
    )


def parse_told(text: str) -> Told:
    """Reads what `told_text` wrote."""
    found = json.loads(text)
    return Told(
        frozenset(found["facts"]),
        frozenset((name, version) for name, version in found["briefings"]),
        frozenset((fact, kind, other) for fact, kind, other in found["relations"]),
        date.fromisoformat(found["until"]) if found["until"] else None,
    )
