"""The newsroom on a local Discord: the real bot, a form, a file, a code block, and what readers get."""

from pathlib import Path
from typing import Any

import pytest

from tests.bots import CONFIG, RunningBot, exomars, running
from tests.doubles.discord import Attached, Channel, DiscordDouble, Guild, Interaction, Message, User

pytestmark = pytest.mark.asyncio

ENDED = "2022-07-13-ended"
FACT = "2022-07-13-termination#council-mandate"
FORM = {
    "Title": "What the council decided",
    "As of": "2022-07-14",
    "The story in one line": "The council has ended it, says this test.",
    "Text": "ESA's council ended the cooperation [@council-mandate].",
    "Tags": "esa, roscosmos",
}
FILE = f"""---
title: A file of a test
as_of: 2022-07-15
state: The partnership has ended, says this file.
phase: end
tags: [esa]
---
ESA's council ended the cooperation [@{FACT}].
"""


class Scene:
    """A server with an owner of the bot, who manages nothing, somebody who manages it, and a reader."""

    def __init__(self, discord: DiscordDouble, folder: Path) -> None:
        self.discord = discord
        self.guild: Guild = discord.add_guild("Rover Watch")
        self.news: Channel = discord.add_channel(self.guild, "news")
        self.owner: User = discord.add_user("owner", self.guild)
        self.boss: User = discord.add_user("boss", self.guild, ["manage_guild"])
        self.reader: User = discord.add_user("reader", self.guild)
        text = CONFIG.read_text(encoding="utf-8").replace(
            "owners = []", f'owners = ["discord/{self.owner.id}"]'
        )
        root = CONFIG.parent
        for name in ("corpus", "briefings"):
            text = text.replace(f'{name} = "{name}"', f'{name} = "{root / name}"')
        self.config = folder / "config.toml"
        self.config.write_text(text, encoding="utf-8")

    async def drafted(self, author: User, form: dict[str, str] = FORM) -> Interaction:
        """The form that `/exomars-newsroom add` opens, filled in, and what came of it."""
        opened = await self.discord.slash(self.news, "exomars-newsroom", "add", author=author)
        await opened.answered()
        made = await self.discord.submit_modal(opened, form)
        await made.reply()
        return made

    async def pressed(self, under: Message, label: str, author: User) -> str:
        """What comes of a button."""
        made = await self.discord.press(under, label=label, author=author)
        await made.reply()
        return said(made)

    async def status(self) -> str:
        """What a reader gets."""
        await self.discord.user_types(self.news, "!exomars status", author=self.reader)
        return (await self.discord.next_message(self.news)).text


def said(made: Interaction) -> str:
    """What an answer says, without what keeps Discord from reading it as markup."""
    assert made.message is not None
    return made.message.text.replace("\\", "")


def texts_of(modal: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a form, as it was opened."""
    return [row.get("component") or row["components"][0] for row in modal["components"]]


async def ready(discord: DiscordDouble, bot: RunningBot) -> None:
    """Connected, with its commands known."""
    await discord.connected()
    await bot.says("slash commands synced")


async def test_a_briefing_is_added_by_a_form(tmp_path: Path) -> None:
    """The form, the preview with its buttons, published: a reader's status has it at once."""
    async with DiscordDouble() as discord:
        scene = Scene(discord, tmp_path)
        async with running(tmp_path / "state", discord, scene.config) as bot:
            await ready(discord, bot)
            preview = await scene.drafted(scene.owner)
            assert preview.message is not None
            assert "The council has ended it, says this test." in said(preview)
            assert discord.messages(scene.news) == []  # so far nobody else sees it
            assert "says this test" not in await scene.status()
            told = await scene.pressed(preview.message, "Publish", scene.owner)
            assert "Published: 2022-07-14-what-the-council-decided" in told
            assert "The council has ended it, says this test." in await scene.status()
            again = await scene.pressed(preview.message, "Publish", scene.owner)
            assert "was published already" in again
        assert discord.violations == []


async def test_a_briefing_is_added_by_a_file_and_by_a_block_of_code(tmp_path: Path) -> None:
    """Typed in a channel, the draft goes to its author alone; nobody else reads it there."""
    async with DiscordDouble() as discord:
        scene = Scene(discord, tmp_path)
        async with running(tmp_path / "state", discord, scene.config) as bot:
            await ready(discord, bot)
            direct = discord.dm(scene.owner)
            attached = [Attached("../../x.md", FILE.encode(), "text/markdown")]
            await discord.user_types(scene.news, "!exomars add", author=scene.owner, files=attached)
            draft = await discord.next_message(direct)
            assert "The partnership has ended, says this file." in draft.text
            assert "!exomars draft publish 1" in draft.text
            assert "You asked in #news: type there what you type next." in draft.text.replace("\\", "")
            assert discord.from_bot(scene.news) == []
            await discord.user_types(scene.news, "!exomars draft publish 1", author=scene.owner)
            assert "Published" in (await discord.next_message(scene.news)).text
            assert "says this file" in await scene.status()
            block = FILE.replace("2022-07-15", "2022-07-16").replace("this file", "this block")
            await discord.user_types(scene.news, f"!exomars add\n```md\n{block}```", author=scene.owner)
            await discord.next_message(direct)
            await discord.user_types(scene.news, "!exomars draft publish 2", author=scene.owner)
            await discord.next_message(scene.news)
            assert "says this block" in await scene.status()
        assert discord.violations == []


async def test_problems_are_shown_with_a_form_to_mend_them(tmp_path: Path) -> None:
    """Edit opens the form with what was filled in; a draft survives a restart of the bot."""
    async with DiscordDouble() as discord:
        scene = Scene(discord, tmp_path)
        async with running(tmp_path / "state", discord, scene.config) as bot:
            await ready(discord, bot)
            wrong = await scene.drafted(scene.owner, FORM | {"As of": "July", "Text": "It ended."})
            assert "2 problems" in said(wrong)
            assert "a sentence without a citation" in said(wrong)
            await bot.end()
        async with running(tmp_path / "state", discord, scene.config) as bot:
            await discord.connected()
            assert wrong.message is not None
            form = await discord.press(wrong.message, label="Edit", author=scene.owner)
            await form.answered()
            shown = {field["custom_id"]: field.get("value") for field in texts_of(form.modal)}
            assert shown["title"] == FORM["Title"]
            assert shown["text"] == "It ended."
            mended = await discord.submit_modal(form, FORM)
            await mended.reply()
            assert "this is what readers will see" in said(mended)
            assert FORM["The story in one line"] in said(mended)
            await bot.end()
        assert discord.violations == []


async def test_somebody_without_rights_is_refused(tmp_path: Path) -> None:
    """By slash, by a typed command with a file, by somebody else's button; nothing changes."""
    async with DiscordDouble() as discord:
        scene = Scene(discord, tmp_path)
        async with running(tmp_path / "state", discord, scene.config) as bot:
            await ready(discord, bot)
            refused = await discord.slash(scene.news, "exomars-newsroom", "add", author=scene.reader)
            await refused.reply()
            assert refused.message is not None
            assert refused.message.ephemeral
            attached = [Attached("x.md", FILE.encode(), "text/markdown")]
            await discord.user_types(scene.news, "!exomars add", author=scene.reader, files=attached)
            await discord.next_message(discord.dm(scene.reader))
            preview = await scene.drafted(scene.owner)
            assert preview.message is not None
            for who in (scene.reader, scene.boss):
                told = await scene.pressed(preview.message, "Publish", who)
                assert "Published" not in told
                assert "says this test" not in told
            assert "says this test" not in await scene.status()
        assert discord.violations == []


async def test_who_manages_a_server_writes_for_it_alone(tmp_path: Path) -> None:
    """Readers there see it; those of another server and of direct messages do not."""
    async with DiscordDouble() as discord:
        scene = Scene(discord, tmp_path)
        other = discord.add_channel(discord.add_guild("Mars Desk"), "talk")
        async with running(tmp_path / "state", discord, scene.config) as bot:
            await ready(discord, bot)
            preview = await scene.drafted(scene.boss)
            assert preview.message is not None
            await scene.pressed(preview.message, "Publish", scene.boss)
            assert "says this test" in await scene.status()
            await discord.user_types(other, "!exomars status")
            assert "says this test" not in (await discord.next_message(other)).text
            direct = discord.dm(scene.reader)
            await discord.user_types(direct, "status", author=scene.reader)
            assert "says this test" not in (await discord.next_message(direct)).text
        assert discord.violations == []


async def test_what_is_written_in_the_shell_is_there_in_chat_and_back(tmp_path: Path) -> None:
    """One database: the shell publishes beside the running bot, and reads what was published in chat."""
    async with DiscordDouble() as discord:
        scene = Scene(discord, tmp_path)
        state = tmp_path / "state"
        async with running(state, discord, scene.config) as bot:
            await ready(discord, bot)
            made = exomars(state, "add", "-", typed=FILE, config=scene.config)
            assert "this is what readers will see" in made.stdout, made.stderr
            exomars(state, "draft", "publish", "1", config=scene.config)
            assert "says this file" in await scene.status()
            retracted = await discord.slash(
                scene.news, "exomars-newsroom", "retract", {"id": "2022-07-15-a-file-of-a-test"}, scene.owner
            )
            await retracted.answered()
            form = await discord.submit_modal(retracted, {"Why it is retracted": "It was a test."})
            await form.reply()
            assert form.message is not None
            await scene.pressed(form.message, "Publish", scene.owner)
            assert "says this file" not in await scene.status()
            told = exomars(state, "history", "2022-07-15-a-file-of-a-test", config=scene.config).stdout
            assert "retracted by Owner" in told
            assert "It was a test." in told
        assert discord.violations == []
