"""Two real bots on one database and one Discord: each edition comes once, whichever of them is killed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from bench.chaos.arrived import Arrived, messages
from bench.chaos.discord_trouble import Watched
from bench.chaos.process import Bot
from bench.chaos.scene import asker
from bench.chaos.shift import Shift
from bench.chaos.story import WORD, Story, configure
from bot.command.asker import Place
from bot.config import read_config
from bot.store.connect import connect
from bot.wiring import build
from tests.doubles.discord import Channel

pytestmark = pytest.mark.asyncio

START = datetime(2026, 11, 21, 8, 59, 50, tzinfo=UTC)
NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CHANNELS = 150  # more than are sent to at one time
WAITS = "another process delivers for discord"


class Pair(NamedTuple):
    """Two bots that know nothing of each other."""

    discord: Watched
    channels: dict[str, Channel]
    shift: Shift
    story: Story
    bots: tuple[Bot, Bot]

    def arrived(self) -> list[Arrived]:
        """Every edition in every channel."""
        return [one for one in messages(self.discord, self.channels) if one.kind]

    @property
    def written(self) -> int:
        """How many messages there are."""
        return sum(len(channel.messages) for channel in self.channels.values())

    @property
    def waiting(self) -> Bot:
        """The one that does not deliver."""
        (found,) = [bot for bot in self.bots if WAITS in bot.log]
        return found

    @property
    def delivering(self) -> Bot:
        """The one that does."""
        (found,) = [bot for bot in self.bots if bot is not self.waiting]
        return found

    async def until(self, look: Callable[[], object], seconds: float = 10.0) -> None:
        """Waits until this is so."""
        await self.discord.until(look, seconds)

    def open_deliveries(self) -> int:
        """How many deliveries are still to be made, or to be made sure of."""
        db = connect(str(self.bots[0].database), readonly=True)
        try:
            found = db.execute("SELECT count(*) FROM delivery WHERE state IN ('due', 'taken')").fetchone()
            return int(found[0])
        finally:
            db.close()

    def next_day(self, number: int) -> date:
        """Something new becomes known, and it is nine o'clock of that day."""
        nine = NINE + number * DAY
        self.story.add(nine.date())
        self.shift.move_to(nine - timedelta(seconds=2))
        return nine.date()


@pytest.fixture(autouse=True)
def _unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are held against Discord's description elsewhere; here they are many."""
    monkeypatch.setenv("DISCORD_OPENAPI", "")


@asynccontextmanager
async def pair(folder: Path) -> AsyncIterator[Pair]:
    """Two bots, connected, and many channels that get news at nine."""
    story = Story(folder, [NINE.date()], Random(3))  # noqa: S311  (the same each time)
    configure(folder, 0)
    shift = Shift(folder / "clock", START)
    async with Watched(shift.seconds) as discord:
        guild = discord.add_guild()
        channels = [discord.add_channel(guild, f"news-{number}") for number in range(CHANNELS)]
        settings = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_BASE": discord.api_base,
            "DISCORD_GATEWAY_URL": discord.gateway_url,
        }
        bots = Bot(folder, settings, "one.log"), Bot(folder, settings, "two.log")
        subscribe(folder, guild.id, channels, shift.now())
        try:
            for bot in bots:
                await bot.start()
            made = Pair(discord, {channel.id: channel for channel in channels}, shift, story, bots)
            await made.until(lambda: len(discord.gateway.connections) == 2)
            await made.until(lambda: any(WAITS in bot.log for bot in bots))
            yield made
        finally:
            for bot in bots:
                bot.kill()
                await bot.gone()


def subscribe(folder: Path, server: str, channels: list[Channel], now: datetime) -> None:
    """Each channel gets news at nine, UTC."""
    parts = build(read_config(str(folder / "config.toml"), {"EXOMARS_DB": str(folder / "chaos.db")}))
    try:
        parts.refresh()
        for channel in channels:
            place = Place("discord", server, channel.id, f"#{channel.name}", "text")
            admin = asker(place, "77")
            reply = parts.desk(WORD).answer("digest subscribe news at 09:00 UTC", f"!{WORD}", now, admin)
            assert not reply.abstained, reply
    finally:
        parts.close()


def each_once(arrived: list[Arrived], days: list[date]) -> None:
    """Every channel has exactly one edition of each of these days, and no message stands there twice."""
    assert [mark for mark, times in Counter(one.mark for one in arrived).items() if times > 1] == []
    found = Counter((one.place, one.day) for one in arrived)
    assert set(found.values()) <= {1}
    assert {day for _, day in found} == set(days)
    assert len(found) == CHANNELS * len(days)


async def test_two_bots_make_each_edition_once(tmp_path: Path) -> None:
    """Both look at every moment, and the ledger lets one of them make the edition; one delivers."""
    async with pair(tmp_path / "bot") as two:
        days = []
        for number in (1, 2, 3):
            days.append(two.next_day(number))
            await two.until(lambda: two.written >= CHANNELS * len(days))
        await asyncio.sleep(1.5)  # for what should not come
        each_once(two.arrived(), days)
        assert [bot.trouble() for bot in two.bots] == [[], []]
        assert all(bot.running for bot in two.bots)


async def test_the_other_takes_over_from_one_that_is_killed(tmp_path: Path) -> None:
    """Killed in the middle of a fan-out, with answers under way: within seconds the other goes on."""
    async with pair(tmp_path / "bot") as two:
        killed, left = two.delivering, two.waiting
        two.discord.on_stored = lambda _: killed.kill() if two.written == 5 else None
        day = two.next_day(1)
        await asyncio.wait_for(killed.gone(), 10.0)
        assert two.written < CHANNELS
        await two.until(lambda: two.written >= CHANNELS, 8.0)
        # All that was under way is made sure of before the clock jumps, and with it what Discord remembers.
        await two.until(lambda: two.open_deliveries() == 0)
        second = two.next_day(2)
        await two.until(lambda: two.written >= 2 * CHANNELS)
        await asyncio.sleep(1.0)
        each_once(two.arrived(), [day, second])
        assert "were under way when the bot last ended" in left.log
        assert left.trouble() == []
