"""The picture of a timeline on a local Discord: an attachment that the embed shows, told in words as well."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.edge.discord.listening.client import PERMISSIONS
from tests.bots import ROOT, running
from tests.doubles.discord import DiscordDouble, Message

pytestmark = pytest.mark.asyncio

NAME = "timeline.png"


def embed(message: Message) -> dict[str, Any]:
    """The one embed of a message."""
    (found,) = message.embeds
    return dict(found)


def shows(message: Message) -> None:
    """The message has the picture, its embed shows it, and who cannot see it is told what it shows."""
    ((name, content),) = message.attachments.items()
    assert name == NAME
    assert Image.open(BytesIO(content)).size[0] == 1080
    assert embed(message)["image"]["url"] == f"attachment://{NAME}"
    (attachment,) = message.payload["attachments"]
    for part in ("as a chart", "13 July 2022", "ESA (", "Roscosmos (", "NASA ("):
        assert part in attachment["description"]
    said = embed(message)
    assert "The dashed line is" in said["description"]
    assert "Kourou" not in said["description"]  # the picture tells it
    assert "[1]" in said["fields"][0]["value"]


@pytest.mark.parametrize("kind", ["channel", "direct message", "thread"])
async def test_a_picture_that_was_typed_for_is_attached(tmp_path: Path, kind: str) -> None:
    """In a channel, a thread and a direct message; the embed shows it, and its sources are named."""
    async with DiscordDouble() as discord:
        place = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        if kind == "direct message":
            place = discord.dm(discord.add_user("bea"))
        elif kind == "thread":
            place = discord.add_thread(place, "the talks")
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(place, "!exomars timeline --chart")
            shows(await discord.next_message(place, timeout=10))
            await discord.user_types(place, "!exomars timeline chart")  # drawn already
            shows(await discord.next_message(place))
        assert discord.violations == []


async def test_a_slash_command_and_a_button_bring_it_too(tmp_path: Path) -> None:
    """The option of the slash command, and the button under the timeline in words, which shows it to one."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.until(discord.commands, what="the slash commands were not synced")
            called = await discord.slash(news, "exomars", "timeline", {"chart": "chart"})
            await called.answered(timeout=10)
            await discord.until(lambda: called.message is not None and not called.message.loading, 10)
            assert called.message is not None
            shows(called.message)
            await discord.user_types(news, "!exomars timeline")
            words = await discord.next_message(news)
            assert words.attachments == {}
            pressed = await discord.press(words, label="Picture")
            await pressed.answered(timeout=10)
            await discord.until(lambda: pressed.message is not None and not pressed.message.loading, 10)
            assert pressed.message is not None
            assert pressed.message.ephemeral
            shows(pressed.message)
        assert discord.violations == []


async def test_where_no_files_may_be_attached_it_is_told_in_words(tmp_path: Path) -> None:
    """All that the picture shows, and why it is not there: typed, called, and without embeds as well."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        discord.deny(news, "attach_files")
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(news, "!exomars timeline chart")
            typed = await discord.next_message(news)
            called = await discord.slash(news, "exomars", "timeline", {"chart": "chart"})
            await called.answered()
            assert called.message is not None
            for message in (typed, called.message):
                assert message.attachments == {}
                assert "image" not in embed(message)
                assert "may not attach files here" in embed(message)["footer"]["text"]
                assert "The dashed line is" not in embed(message)["description"]
                assert "Director General of the European Space Agency" in embed(message)["description"]
        assert discord.violations == []


async def test_without_embeds_the_picture_is_attached_to_text(tmp_path: Path) -> None:
    """It needs no embed to be seen."""
    async with DiscordDouble() as discord:
        news = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        discord.deny(news, "embed_links")
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.user_types(news, "!exomars timeline chart")
            message = await discord.next_message(news, timeout=10)
            assert [*message.attachments] == [NAME]
            assert message.embeds == []
            assert "The dashed line is" in message.text
        assert discord.violations == []


async def test_the_invitation_asks_for_what_pictures_need() -> None:
    """The README's link is the one that the bot prints."""
    assert PERMISSIONS.attach_files
    assert f"permissions={PERMISSIONS.value}`" in (ROOT / "README.md").read_text(encoding="utf-8")
