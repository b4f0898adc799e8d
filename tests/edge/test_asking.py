"""A question on a local Discord, from the line that is typed to what stands under its answer."""

from pathlib import Path

import pytest

from tests.bots import running
from tests.doubles.discord import DiscordDouble, Message
from tests.edge.test_discord_picture import shows

pytestmark = pytest.mark.asyncio

ENDED = "official partnership on ExoMars was over"


def told(message: Message) -> str:
    """What its embed says, with its title and its sources."""
    (embed,) = message.embeds
    fields = "\n".join(field["value"] for field in embed.get("fields", ()))
    return f"{embed['title']}\n{embed['description']}\n{fields}".replace("\\", "")


async def test_a_question_its_answer_and_what_stands_under_it(tmp_path: Path) -> None:
    """Asked without a command, gone on with, as of a day, called by slash, reported; and a picture."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        news = discord.add_channel(guild, "news")
        bea, cid = discord.add_user("bea", guild), discord.add_user("cid", guild)
        async with running(tmp_path, discord):
            await discord.connected()
            await discord.until(discord.commands, what="the slash commands were not synced")
            await discord.user_types(news, "!exomars so when did the partnership end?", author=bea)
            answer = await discord.next_message(news, timeout=10)
            assert ENDED in told(answer)
            assert "12 July 2022" in told(answer)
            assert "The Moscow Times" in told(answer)

            # It goes on from the question before, for whoever asked it.
            await discord.user_types(news, "!exomars and when?", author=bea)
            assert ENDED in told(await discord.next_message(news))
            await discord.user_types(news, "!exomars and when?", author=cid)
            assert ENDED not in told(await discord.next_message(news))

            # As of a day it is another answer; what came next is behind a button.
            await discord.user_types(news, "!exomars did the partnership end, as of 2022-06-20?", author=bea)
            before = await discord.next_message(news)
            assert ENDED not in told(before)
            pressed = await discord.press(before, label="What happened next", author=cid)
            await pressed.answered(10)
            assert ENDED in told(await pressed.reply(10))

            called = await discord.slash(
                news, "exomars", "ask", {"question": "when did the partnership end?"}, author=cid
            )
            await called.answered(10)
            again = await called.reply(10)
            assert ENDED in told(again)

            opened = await discord.press(again, label="Report a mistake", author=cid)
            await opened.answered(10)
            thanked = await discord.submit_modal(opened, {"says": "It was a Monday."})
            await thanked.answered(10)
            assert "report 1" in told(await thanked.reply(10)).lower()

            await discord.user_types(news, "!exomars timeline chart", author=bea)
            shows(await discord.next_message(news, timeout=10))
        assert discord.violations == []
