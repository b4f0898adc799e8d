"""Platforms side by side: what ends one of them, and what it is to the others."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from bot.config import Discord, Slack
from bot.deliver.order import Poster
from bot.edge import keeping
from bot.edge.discord.platform import DiscordPlatform
from bot.edge.keeping import Keeper
from bot.edge.platform import Platform
from bot.edge.slack.platform import SlackPlatform
from bot.errors import ConnectError
from tests.doubles.discord import DiscordDouble, Fault
from tests.doubles.slack import SlackDouble

pytestmark = pytest.mark.asyncio

REFUSED = ConnectError("the token is wrong; mend it")


class Scripted:
    """A platform that ends as it is told to: with an error, or by staying connected for good (None)."""

    def __init__(self, name: str, *ends: Exception | None) -> None:
        self.name = name
        self.connected = False
        self.runs = 0
        self.fails_later = asyncio.Event()
        self._ends = ends
        self._closing = asyncio.Event()

    @property
    def poster(self) -> Poster:
        """Nothing is delivered here."""
        raise AssertionError

    async def run(self) -> None:
        """Ends as the script has it."""
        end = self._ends[min(self.runs, len(self._ends) - 1)]
        self.runs += 1
        if end is not None:
            raise end
        self.connected = True
        later = asyncio.ensure_future(self.fails_later.wait())
        closing = asyncio.ensure_future(self._closing.wait())
        await asyncio.wait({later, closing}, return_when=asyncio.FIRST_COMPLETED)
        self.connected = False
        later.cancel()
        closing.cancel()
        if not self._closing.is_set():
            self.fails_later.clear()
            raise REFUSED

    async def log_in(self) -> None:
        """Not asked for here."""
        raise AssertionError

    async def close(self) -> None:
        """Ends it."""
        self._closing.set()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Pauses of no length that would be felt."""
    monkeypatch.setattr(keeping, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(keeping, "REFUSED_SECONDS", 0.05)
    with caplog.at_level(logging.INFO):
        yield


@asynccontextmanager
async def kept(*platforms: Platform, beside: bool = False) -> AsyncIterator[Keeper]:
    """Runs them for as long as the block takes; then they end in order."""
    keeper = Keeper(platforms, beside=beside)
    task = asyncio.create_task(keeper.run())
    await asyncio.sleep(0.02)
    keeper.connected()
    try:
        yield keeper
    finally:
        await keeper.close()
        await asyncio.wait_for(task, 5)


async def until(platform: Scripted, runs: int) -> None:
    """Waits until it was run so often."""
    async with asyncio.timeout(5):
        while platform.runs < runs:
            await asyncio.sleep(0.005)


async def test_one_that_breaks_is_started_anew_and_the_other_does_not_notice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """However it broke; each time is told."""
    broken = Scripted("slack", TypeError("no such thing"), RuntimeError("nor this"), None)
    well = Scripted("discord", None)
    async with kept(broken, well) as keeper:
        await until(broken, 3)
        assert keeper.connected() == {"slack": True, "discord": True}
    assert well.runs == 1
    assert [one.getMessage().partition(";")[0] for one in caplog.records] == ["slack broke", "slack broke"]


async def test_the_only_one_ends_as_it_does() -> None:
    """Nothing would go on without it."""
    for error in (TypeError("no such thing"), REFUSED):
        with pytest.raises(type(error), match=str(error)):
            await Keeper([Scripted("slack", error)], beside=False).run()


async def test_one_that_is_refused_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    """It is told once, however often; when it works again, it is as before."""
    refused, well = Scripted("slack", None, REFUSED, REFUSED, None), Scripted("discord", None)
    async with kept(refused, well) as keeper:
        refused.fails_later.set()
        await until(refused, 4)
        assert keeper.connected() == {"slack": True, "discord": True}
    told = [one.getMessage() for one in caplog.records]
    assert len(told) == 1
    assert told[0].startswith(f"slack: {REFUSED}; asking again every ")
    assert told[0].endswith("all else goes on")


async def test_two_that_are_refused_at_the_start_end_it(caplog: pytest.LogCaptureFixture) -> None:
    """Each says why, once, and nobody says that anything goes on."""
    keeper = Keeper([Scripted("slack", REFUSED), Scripted("discord", ConnectError("nor this"))], beside=False)
    with pytest.raises(ConnectError, match="nor this"):
        await asyncio.wait_for(keeper.run(), 5)
    assert [one.getMessage() for one in caplog.records] == [f"slack: {REFUSED}"]


async def test_all_may_be_refused_later() -> None:
    """After a good start all of them are asked again."""
    first, second = Scripted("slack", None), Scripted("discord", None)
    async with kept(first, second) as keeper:
        first.fails_later.set()
        second.fails_later.set()
        await until(first, 2)
        await until(second, 2)
        assert keeper.connected() == {"slack": True, "discord": True}


async def test_beside_a_terminal_only_a_good_start_counts() -> None:
    """Refused at the start, it ends the bot; later, the terminal goes on."""
    with pytest.raises(ConnectError):
        await asyncio.wait_for(Keeper([Scripted("slack", REFUSED)], beside=True).run(), 5)
    later = Scripted("slack", None)
    async with kept(later, beside=True):
        later.fails_later.set()
        await until(later, 2)


async def test_slack_is_back_once_socket_mode_is(caplog: pytest.LogCaptureFixture) -> None:
    """The real one, switched off while it is connected, and on again."""
    async with SlackDouble() as slack:
        settings = Slack(slack.bot_token, slack.app_token, slack.api_base)
        platform = SlackPlatform(settings, {})
        async with kept(platform, Scripted("discord", None)):
            await slack.connected()
            slack.refuse("link_disabled")
            await slack.disconnect("link_disabled", 0.1)
            await slack.until(lambda: "Socket Mode" in caplog.text, what="it is not told")
            await slack.until(lambda: not platform.connected)
            slack.refuse(None)
            await slack.until(lambda: platform.connected, what="it does not come back")
    assert caplog.text.count("switch it on") == 1
    assert caplog.text.count("connected to Slack again") == 1
    assert slack.violations == []


async def test_discord_is_back_once_its_token_is(caplog: pytest.LogCaptureFixture) -> None:
    """The real one as well."""
    async with DiscordDouble() as discord:
        settings = Discord(discord.token, discord.api_base, discord.gateway_url, prefix_commands=True)
        platform = DiscordPlatform(settings, {}, lambda _: "", lambda _name, _value: None)
        discord.fail("GET", "^/users/@me$", 2, Fault.status(401))
        async with kept(platform, Scripted("slack", None)) as keeper:
            await discord.connected(10)
            await discord.until(lambda: platform.connected, 5)
            assert all(keeper.connected().values())
        assert discord.violations == []
    assert caplog.text.count("Discord refuses the token") == 1
