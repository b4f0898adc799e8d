"""Made-up stories as values, written to a store as a sync writes them, and the editions made of them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.digest.content.edition import compose
from bot.digest.content.matter import Digest, Nothing, Occasion
from bot.digest.content.told import Told, index
from bot.digest.schedule.subscription import Subscription
from bot.edtf import of_day, parse_edtf
from bot.load.sentences import read_body
from bot.model import Briefing, Fact, Relation, Source
from bot.store.store import Store
from bot.store.writing import Change, Put, apply

STORY = "bridge"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = date(2026, 7, 20)


def a_fact(source_id: str, slug: str, says: str = "", **fields: Any) -> Fact:
    """An event of the day on which its source was published, with some of its fields set otherwise."""
    known = date.fromisoformat(source_id[:10])
    made = Fact(
        f"{source_id}#{slug}", source_id, of_day(known), says or f"It was {slug}.", "", "event", (), known
    )
    return made._replace(**fields)


def a_source(source_id: str, *facts: Fact, relations: Iterable[Relation] = (), **fields: Any) -> Source:
    """A source whose id begins with the day on which it was published."""
    made = Source(
        source_id, f"On {source_id}", "The Post", "", parse_edtf(source_id[:10]), "", "en", "", facts,
        tuple(relations),
    )  # fmt: skip
    return made._replace(**fields)


def a_briefing(briefing_id: str, body: str, state: str = "", **fields: Any) -> Briefing:
    """A briefing whose id begins with the day that it is as of."""
    made = Briefing(
        briefing_id, f"Title of {briefing_id}", parse_edtf(briefing_id[:10]),
        state or f"State of {briefing_id}.",
        "phase", (), tuple(read_body(briefing_id, body, 1).sentences), body,
    )  # fmt: skip
    return made._replace(**fields)


def put(
    store: Store, *items: Source | Briefing, drop: Iterable[tuple[str, str]] = (), story: str = STORY
) -> None:
    """Writes what one sync would write."""

    def work(db: Database) -> None:
        apply(
            db, story, Change("", tuple(Put(item, f"{item!r}") for item in items), tuple(drop), (), ()), NOW
        )

    store.write(work)


class Channel:
    """A channel with one subscription, and all that it has been told."""

    def __init__(
        self, store: Store, subscription: Subscription, told: Told | None = None, day: date = TODAY
    ) -> None:
        self.store = store
        self.subscription = subscription
        self.told = told or Told()
        self.day = self.last = day
        self.number = 1

    def next(self, days: int = 1, **fields: Any) -> Digest | Nothing:
        """Its edition of some days later, recorded as the ledger records it."""
        self.day += timedelta(days=days)
        occasion = Occasion(self.subscription, "The bridge", self.number, self.day, self.told, self.last)
        with self.store.reading(STORY) as shelf:
            made = compose(shelf, occasion._replace(**fields))
        if isinstance(made, Digest):
            self.told = self.told.and_then(made.carries)
            self.number, self.last = self.number + 1, self.day
            if made.turns:
                self.subscription = self.subscription._replace(kind=made.turns)
        return made

    def get(self, days: int = 1, **fields: Any) -> Digest:
        """Its next edition, which there has to be."""
        made = self.next(days, **fields)
        assert isinstance(made, Digest), made
        return made

    def all_told(self) -> Told:
        """All that could be told now."""
        with self.store.reading(STORY) as shelf:
            return index(shelf).names


def a_store(folder: Path) -> Store:
    """An empty database."""
    return Store(str(folder / "state.db"))
