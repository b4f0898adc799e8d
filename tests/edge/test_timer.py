"""The timer on a real scheduler and database: what is due is made when it is due, whatever the clock does."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlite_utils import Database

from bot.digest.content.told import Told, told_text
from bot.digest.ledger.ledger import look
from bot.edge import clock
from bot.edge.timer import Timer
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import Register, SubscriptionRow
from bot.store.store import Store
from tests import ferry
from tests.deliver.places import Place

pytestmark = pytest.mark.asyncio

START = datetime(2026, 11, 21, 8, 59, 59, tzinfo=UTC)


class Clock:
    """A clock that runs from a moment, and can be put forward and back."""

    def __init__(self, start: datetime) -> None:
        self.ahead = start - datetime.now(UTC)

    def now(self) -> datetime:
        """What it shows."""
        return datetime.now(UTC) + self.ahead


@pytest.fixture(name="wall")
def _wall(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(START)
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture(name="place")
def _place() -> Place:
    return Place()


@pytest_asyncio.fixture(name="store")
async def _store(tmp_path: Path) -> AsyncIterator[Store]:
    ferry.desk(tmp_path)  # loads the story
    made = Store(str(tmp_path / "state.db"))
    yield made
    made.close()


def subscribe(store: Store, at: str, place: str = "2") -> SubscriptionRow:
    """A channel that has been told nothing yet wishes for news."""
    moment = stamp(START - timedelta(days=1))
    row = SubscriptionRow(
        0, "ferry", "discord", "1", place, "#news", "text", "99", "news", at, "UTC", "daily", "none",
        "none", 6, "", "silent", 1, "beginning", 0, moment, moment, moment, "", None, 1, 0, "2026-11-20",
        "2026-11-20", None,
    )  # fmt: skip

    def add(db: Database) -> SubscriptionRow:
        register = Register(db.conn)
        kept = register.add(row._replace(told=register.put_told(told_text(Told()))))
        register.save(kept._replace(look=look(register, kept, clock.now())))
        return kept

    return store.write(add)


class Running:
    """A timer that runs for the time of a block."""

    def __init__(self, store: Store, place: Place) -> None:
        self.timer = Timer(store, {"ferry": "The ferry"}, [place])
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": 3600}
        )

    async def __aenter__(self) -> Timer:
        self._scheduler.start()
        await self.timer.start(self._scheduler)
        return self.timer

    async def __aexit__(self, *_: object) -> None:
        await self.timer.end()
        self._scheduler.shutdown(wait=False)


async def arrived(place: Place, count: int = 1, seconds: float = 8.0) -> None:
    """Waits until so many have arrived."""
    async with asyncio.timeout(seconds):
        while len(place.arrived) < count:
            await asyncio.sleep(0.02)


async def test_an_edition_comes_at_its_moment_and_not_before(store: Store, wall: Clock, place: Place) -> None:
    """The scheduler wakes it at the next moment; nobody has to look in between."""
    subscribe(store, "09:00")
    async with Running(store, place):
        await asyncio.sleep(0.3)
        assert not place.arrived
        await arrived(place)
        assert wall.now() >= START + timedelta(seconds=1)
    (order,) = place.arrived.values()
    assert order.reply is not None
    assert order.reply.notes[0].startswith("News no. 1, 21 November 2026 [")


async def test_what_another_process_subscribes_is_seen(store: Store, wall: Clock, place: Place) -> None:
    """The shell writes to the same database while the bot runs."""
    wall.ahead += timedelta(seconds=2)
    async with Running(store, place):
        other = Store(store.path)
        subscribe(other, "09:00")
        other.close()
        await arrived(place)


async def test_a_clock_that_jumps_is_noticed(
    store: Store, wall: Clock, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """Forward, as after a sleep, what was passed over comes at once and late; back, nothing comes twice."""
    subscribe(store, "11:00")
    caplog.set_level(logging.WARNING)
    async with Running(store, place):
        wall.ahead += timedelta(hours=3)
        await arrived(place)
        (order,) = place.arrived.values()
        assert order.reply is not None
        assert "Late by 59 minutes." in order.reply.notes[1] or "Late by 1 hour" in order.reply.notes[1]
        wall.ahead -= timedelta(hours=3)
        await asyncio.sleep(1.5)
        wall.ahead += timedelta(hours=2, seconds=2)
        await asyncio.sleep(1.5)
    assert len(place.arrived) == 1
    said = [record.message for record in caplog.records if "the clock went" in record.message]
    assert ["forward" in said[0], "back" in said[1]] == [True, True]


async def test_what_is_far_ahead_costs_no_look(store: Store, wall: Clock, place: Place) -> None:
    """Between two moments no subscription is read."""
    subscribe(store, "20:00")
    async with Running(store, place) as timer:
        seen: list[str] = []
        with store.reading("") as shelf:
            shelf.connection.set_trace_callback(seen.append)
        await timer.look()
        await asyncio.sleep(1.2)
        with store.reading("") as shelf:
            shelf.connection.set_trace_callback(None)
    assert not place.arrived
    assert not [sql for sql in seen if "FROM subscription" in sql and "min(look)" not in sql]


async def test_admins_get_a_word_when_nothing_has_arrived_for_a_day(
    store: Store, wall: Clock, place: Place
) -> None:
    """Once a day, where the platform itself can be reached; to whoever wished for it."""
    row = subscribe(store, "20:00")
    other = subscribe(store, "20:00", "3")

    def work(db: Database) -> None:
        outbox = Outbox(db.conn)
        old, new = (stamp(wall.now() - timedelta(hours=hours)) for hours in (30, 0.5))
        for mark, which, state in (("h", row, "held"), ("d", other, "done")):
            sent = DeliveryRow(
                mark, "discord", "1", which.place, "text", "ferry", "post", which.id, None, None, "", "", 0,
                old, old, None, outcome="Discord answers 503", done=new,
            )  # fmt: skip
            outbox.promise(sent._replace(state=state))  # type: ignore[arg-type]

    store.write(work)
    async with Running(store, place) as timer:
        await timer._hourly()
        await arrived(place)
        await timer._hourly()
        await asyncio.sleep(0.2)
        assert "1 went into a later one" in timer.summary()
    (told,) = place.arrived.values()
    assert (told.row.task, told.row.place) == ("notice", "99")
    assert told.reply is not None
    assert "503" in str(told.reply.sections)
