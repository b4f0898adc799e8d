"""One database for both platforms: what is corrected on the one is corrected on the other."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from bench.subscribed import subscribe
from tests.bots import RunningBot, running
from tests.doubles.discord import Channel as DiscordChannel
from tests.doubles.discord import DiscordDouble
from tests.doubles.slack import SlackDouble
from tests.doubles.slack_things import Channel as SlackChannel
from tests.edge.copies import BRIEFING, NEW, OLD
from tests.edge.sides import OnDiscord, OnSlack, Shown, Side
from tests.edge.test_both_platforms import config_of_both, number

pytestmark = pytest.mark.asyncio

COUNT = 5  # channels on each


class Scene(NamedTuple):
    """Channels on both platforms to which one edition has come."""

    discord: DiscordDouble
    slack: SlackDouble
    on_discord: OnDiscord
    on_slack: OnSlack
    discord_channels: list[DiscordChannel]
    slack_channels: list[SlackChannel]
    state: Path
    config: Path

    def posts(self) -> tuple[list[str], list[str]]:
        """The texts of the editions as they stand now, on Discord and on Slack."""
        there = [one.text for channel in self.discord_channels for one in self.discord.from_bot(channel)]
        here = [one.said for channel in self.slack_channels for one in self.slack.from_bot(channel)]
        return [text.replace("\\", "") for text in there], here

    async def until(self, words: str, missing: str) -> None:
        """Waits until every copy has the one words and not the others; none has come twice."""

        def so() -> bool:
            return all(
                len(texts) == COUNT and all(words in text and missing not in text for text in texts)
                for texts in self.posts()
            )

        await self.discord.until(so, 30, f"{words!r} in every copy and {missing!r} in none")


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """An edition is due in all channels."""
    async with DiscordDouble() as discord, SlackDouble() as slack:
        on_discord, on_slack = OnDiscord(discord), OnSlack(slack)
        there = [discord.add_channel(on_discord.guild, f"news-{number}") for number in range(COUNT)]
        here = [slack.add_channel(f"news-{number}") for number in range(COUNT)]
        state = tmp_path / "state"
        state.mkdir()
        made = Scene(
            discord, slack, on_discord, on_slack, there, here, state,
            config_of_both(tmp_path, on_discord, on_slack),
        )  # fmt: skip
        now = datetime.now(UTC)
        due, database = [now.replace(second=0, microsecond=0)], state / "exomars.db"
        places = [(on_discord.guild.id, channel.id) for channel in there]
        subscribe(tmp_path, database, places, due, now)
        places = [(slack.team.id, channel.id) for channel in here]
        subscribe(tmp_path, database, places, due, now, platform="slack")
        yield made
        assert discord.violations == []
        assert slack.violations == []


async def publish(side: Side, old: str, new: str) -> Shown:
    """Corrects the briefing in a form, and publishes that."""
    form = await side.calls(f"correct {BRIEFING}")
    assert form.fields is not None
    assert old in form.fields["text"]
    text = form.fields["text"].replace(old, new)
    draft = await side.submits(form, {**form.fields, "text": text, "was": "It used another word."})
    return await side.calls(f"draft publish {number(draft)}")


async def test_a_correction_reaches_every_copy_on_both(scene: Scene) -> None:
    """Made on Slack, taken back there; made on Discord: with a note that all can see, and nothing twice."""
    async with running(scene.state, scene.discord, scene.config, more=scene.slack.environment) as bot:
        await ready(scene, bot)
        await scene.until(OLD, "Corrected on")
        for side, old, new in ((scene.on_slack, OLD, NEW), (scene.on_discord, NEW, OLD)):
            published = await publish(side, old, new)
            assert f"{2 * COUNT} posted copies are being corrected" in published.text
            await scene.until(new, old)
            assert all("Corrected on" in text for texts in scene.posts() for text in texts)
        history = await scene.on_slack.calls(f"history {BRIEFING}")
        assert history.text.count(f"{2 * COUNT} of {2 * COUNT} posted copies reached") == 2


async def test_one_platform_that_is_down_keeps_nothing_from_the_other(scene: Scene) -> None:
    """Corrections made meanwhile reach its copies when it is back."""
    async with running(scene.state, scene.discord, scene.config, more=scene.slack.environment) as bot:
        await ready(scene, bot)
        await scene.until(OLD, "Corrected on")
        await scene.discord.close_port()
        published = await publish(scene.on_slack, OLD, NEW)
        assert "posted copies are being corrected" in published.text
        await scene.slack.until(lambda: all(NEW in text for text in scene.posts()[1]), 20)
        assert all(OLD in text for text in scene.posts()[0])
        await scene.discord.open_port()
        await scene.until(NEW, OLD)
        await scene.slack.down()
        published = await publish(scene.on_discord, NEW, OLD)
        await scene.discord.until(lambda: all(NEW not in text for text in scene.posts()[0]), 20, "edits")
        await scene.slack.up()
        await scene.until(OLD, NEW)


async def ready(scene: Scene, bot: RunningBot) -> None:
    """Connected to both, with commands known."""
    await bot.says("slash commands synced")
    await scene.slack.connected()
