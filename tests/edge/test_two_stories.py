"""Two stories in one bot: each is asked by its own word, wherever one asks; without it, the first answers."""

from pathlib import Path

import pytest

from tests.another import beside_the_shipped
from tests.bots import exomars, running
from tests.doubles.discord import DiscordDouble
from tests.doubles.slack import SlackDouble
from tests.doubles.slack_things import Channel

FIRST, SECOND = "ExoMars and Roscosmos", "The Ever Given"


async def said(slack: SlackDouble, channel: Channel, before: int) -> str:
    """What the bot says there next, behind so many messages."""
    await slack.until(lambda: len(slack.from_bot(channel)) > before, 10, "no answer")
    return slack.from_bot(channel)[-1].said


@pytest.mark.asyncio
async def test_each_is_asked_by_its_word_on_both_platforms(tmp_path: Path) -> None:
    """Typed, by slash, by a mention with and without the word, and in direct messages."""
    async with DiscordDouble() as discord, SlackDouble() as slack:
        room, ann = discord.add_channel(discord.add_guild("Watch"), "news"), discord.add_user("ann")
        news, bea = slack.add_channel("news"), slack.add_user("bea")
        slack.commands.add("/suez")
        async with running(tmp_path, discord, beside_the_shipped(tmp_path), slack=slack) as bot:
            await discord.connected()
            await slack.connected(timeout=20)
            await bot.says("slash commands synced")
            roots = ["exomars", "exomars-newsroom", "suez", "suez-newsroom"]
            assert [one["name"] for one in discord.commands()] == roots
            called = await discord.slash(room, "suez", "status", author=ann)
            assert SECOND in (await called.reply()).text
            asked = await slack.slash(news, "status", bea, command="/suez")
            assert (await asked.answered()).said.startswith(SECOND)
            direct, own = discord.dm(ann), slack.dm(bea)
            for words, mention, title in (
                ("!suez about", False, SECOND),
                ("!exomars about", False, FIRST),
                ("suez about", True, SECOND),
                ("about", True, FIRST),
            ):
                await discord.user_types(room, words, author=ann, mention=mention)
                assert title in (await discord.next_message(room)).text, words
                before = len(slack.from_bot(news))
                await slack.types(news, words, bea, mention=mention)
                assert title in await said(slack, news, before), words
            await discord.user_types(direct, "suez about", author=ann)
            assert SECOND in (await discord.next_message(direct)).text
            await slack.types(own, "suez about")
            assert SECOND in await said(slack, own, 0)
        assert discord.violations == []


def test_each_is_asked_in_the_shell_and_in_the_chat(tmp_path: Path) -> None:
    """`--story` stands before or behind a command, and hints repeat it; the chat takes the words."""
    config = beside_the_shipped(tmp_path)
    assert exomars(tmp_path, "--story", "suez", "about", config=config).stdout.startswith(SECOND)
    missed = exomars(tmp_path, "source", "nothing", "--story", "suez", config=config)
    assert "exomars --story suez sources" in missed.stdout
    alone = exomars(tmp_path, "--story", "suez", "check", config=config)
    assert (alone.returncode, alone.stderr) == (0, "5 sources and 3 briefings read: no problems.\n")
    assert "no story 'rhine'" in exomars(tmp_path, "--story", "rhine", "check", config=config).stderr
    typed = "!suez about\nsuez about\n!exomars about\nabout\n"
    chat = exomars(tmp_path, "chat", config=config, typed=typed).stdout
    titles = [line for line in chat.splitlines() if line.endswith(" briefing bot")]
    assert titles == [f"{name} briefing bot" for name in (SECOND, SECOND, FIRST, FIRST)]
    other = exomars(tmp_path, "chat", "--story", "suez", config=config, typed="about\n").stdout
    assert other.startswith(SECOND)
