"""The newsroom on a local Slack: the real bot, forms, files, a digest, and what readers get."""

from pathlib import Path

import pytest

from tests.bots import CONFIG, exomars, running
from tests.doubles.slack import Channel, Interaction, Message, SlackDouble, User, View
from tests.edge.slack_edges import answer, stranger, whispered

pytestmark = pytest.mark.asyncio

ENDED = "2022-07-13-ended"
FACT = "2022-07-13-termination#council-mandate"
FORM = {
    "title": "What the council decided",
    "as_of": "2022-07-14",
    "state": "The council has ended it, says this test.",
    "text": "ESA's council ended the cooperation [@council-mandate].",
    "tags": "esa, roscosmos",
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
    """A workspace with an owner of the bot, who manages nothing, an admin of it, and a reader."""

    def __init__(self, slack: SlackDouble, folder: Path) -> None:
        self.slack = slack
        self.owner: User = slack.add_user("writer")
        self.boss: User = slack.add_user("boss", admin=True)
        self.reader: User = slack.add_user("reader")
        self.news: Channel = slack.add_channel("news")
        text = CONFIG.read_text(encoding="utf-8").replace(
            "owners = []", f'owners = ["slack/{self.owner.id}"]'
        )
        root = CONFIG.parent
        for name in ("corpus", "briefings"):
            text = text.replace(f'{name} = "{name}"', f'{name} = "{root / name}"')
        self.config = folder / "config.toml"
        self.config.write_text(text, encoding="utf-8")

    async def form(self, words: str, author: User) -> View:
        """The form that a slash command opens."""
        return await (await self.slack.slash(self.news, words, author)).view()

    async def drafted(self, author: User, form: dict[str, str] = FORM) -> Message:
        """What comes of the form of `/exomars add`, filled in."""
        sent = await self.slack.submits(await self.form("add", author), form)
        return await sent.answered()

    async def pressed(self, under: Message, label: str) -> str:
        """What comes of a button under what one sees alone."""
        return (await (await self.slack.presses(under, label)).answered()).said

    async def status(self) -> str:
        """What a reader gets."""
        return (await (await self.slack.slash(self.news, "status", self.reader)).answered()).said


async def test_a_briefing_is_added_by_a_form_and_corrected_by_another(tmp_path: Path) -> None:
    """The form, the preview with its buttons, published: a reader's status has it at once."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack) as bot:
            await slack.connected(timeout=20)
            preview = await scene.drafted(scene.owner)
            assert preview.ephemeral == scene.owner.id
            assert FORM["state"] in preview.said
            assert slack.messages(scene.news) == []  # so far nobody else sees it
            assert "says this test" not in await scene.status()
            told = await scene.pressed(preview, "Publish")
            assert "Published: 2022-07-14-what-the-council-decided" in told
            assert FORM["state"] in await scene.status()
            assert "was published already" in await scene.pressed(preview, "Publish")
            form = await scene.form("correct 2022-07-14-what-the-council-decided", scene.owner)
            assert form.fields["state"] == FORM["state"]
            changed = {"was": "It was called something else.", "state": "The council ended it, says a test."}
            corrected = await (await slack.submits(form, changed)).answered()
            assert changed["state"] in corrected.said
            await scene.pressed(corrected, "Publish")
            assert changed["state"] in await scene.status()
            assert "Traceback" not in bot.log
        assert slack.violations == []


async def test_a_briefing_is_added_by_a_file_and_by_a_block_of_code(tmp_path: Path) -> None:
    """Typed in a channel, the draft goes to its author alone; nobody else reads it there."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            attached = [("x.md", FILE.encode())]
            await slack.types(scene.news, "!exomars add", scene.owner, files=attached)
            draft = await whispered(slack, scene.news, scene.owner)
            assert "The partnership has ended, says this file." in draft.said
            assert slack.from_bot(scene.news) == []
            assert "Published" in await scene.pressed(draft, "Publish")
            assert "says this file" in await scene.status()
            block = FILE.replace("2022-07-15", "2022-07-16").replace("this file", "this block")
            await slack.types(slack.dm(scene.owner), f"add\n```md\n{block}```")
            assert "says this block" in (await answer(slack, slack.dm(scene.owner))).said
            await slack.types(slack.dm(scene.owner), "draft publish 2")
            await answer(slack, slack.dm(scene.owner), 2)
            assert "says this block" in await scene.status()
        assert slack.violations == []


async def test_problems_are_shown_with_a_form_to_mend_them(tmp_path: Path) -> None:
    """Edit opens the form with what was filled in; a draft survives a restart of the bot."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack) as bot:
            await slack.connected(timeout=20)
            wrong = await scene.drafted(scene.owner, FORM | {"as_of": "July", "text": "It ended."})
            assert "2 problems" in wrong.said
            assert "a sentence without a citation" in wrong.said
            await bot.end()
        await slack.disconnected()
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            form = await (await slack.presses(wrong, "Edit")).view()
            assert form.fields["title"] == FORM["title"]
            assert form.fields["text"] == "It ended."
            mended = await (await slack.submits(form, FORM)).answered()
            assert "this is what readers will see" in mended.said
            assert FORM["state"] in mended.said
        assert slack.violations == []


async def test_somebody_without_rights_is_refused(tmp_path: Path) -> None:
    """By slash, by a typed command with a file, by a button with the same words; nothing changes."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            refused: Interaction = await slack.slash(scene.news, "add", scene.reader)
            assert (await refused.answered()).ephemeral == scene.reader.id
            assert refused.views == []
            attached = [("x.md", FILE.encode())]
            await slack.types(scene.news, "!exomars add", scene.reader, files=attached)
            await whispered(slack, scene.news, scene.reader, 2)
            await scene.drafted(scene.owner)
            for who in (scene.reader, scene.boss):
                told = (await (await slack.slash(scene.news, "draft publish 1", who)).answered()).said
                assert "Published" not in told
                assert "says this test" not in told
            assert "says this test" not in await scene.status()
        assert slack.violations == []


async def test_who_manages_the_workspace_writes_for_it_alone(tmp_path: Path) -> None:
    """Its members see it; a member of another workspace, and direct messages, do not."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            preview = await scene.drafted(scene.boss)
            await scene.pressed(preview, "Publish")
            assert "says this test" in await scene.status()
            await slack.types(slack.dm(scene.reader), "status")
            assert "says this test" not in (await answer(slack, slack.dm(scene.reader))).said
            before = len(slack.from_bot(scene.news))
            with stranger(slack, scene.news) as cem:
                await slack.types(scene.news, "!exomars status", cem)
                assert "says this test" not in (await answer(slack, scene.news, before + 1)).said
        assert slack.violations == []


async def test_a_digest_is_subscribed_by_a_form(tmp_path: Path) -> None:
    """The window offers the channel and the zone of who asks; it stays open where a value is wrong."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        other = slack.add_channel("other")
        quiet = slack.add_channel("quiet", bot=False)
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            form = await scene.form("digest subscribe", scene.boss)
            assert form.fields["channel"] == scene.news.id
            assert form.fields["zone"] == "Europe/Berlin"
            wrong = await slack.submits(form, {"at": "25:99"})
            assert set(await wrong.refused()) == {"at"}
            missing = await slack.submits(form, {"at": "07:30", "channel": quiet.id})
            said = " ".join((await missing.refused()).values())
            assert f"/invite @{slack.bot.name}" in said
            taken = await slack.submits(form, {"at": "07:30", "channel": other.id, "days": "weekdays"})
            message = await taken.answered()
            assert message.ephemeral == scene.boss.id
            assert "#other" in message.said
            listed = await (await slack.slash(scene.news, "digest list", scene.boss)).answered()
            assert "#other" in listed.said
            assert "07:30" in listed.said
            refused = await (await slack.slash(scene.news, "digest subscribe", scene.reader)).answered()
            assert "That is for admins" in refused.said
            own = await slack.slash(slack.dm(scene.reader), "digest subscribe", scene.reader)
            mine = await slack.submits(await own.view(), {"at": "08:00"})
            assert "your direct messages" in (await mine.answered()).said
            typed = await slack.slash(scene.news, "digest subscribe here at 09:00", scene.boss)
            assert "#news" in (await typed.answered()).said
        assert slack.violations == []


async def test_a_user_group_has_an_admins_rights(tmp_path: Path) -> None:
    """Named in chat by an admin; who is in the group may then do what admins do."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        slack.add_group("rover-eds", [scene.reader])
        async with running(tmp_path / "state", None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            refused = await (await slack.slash(scene.news, "digest list", scene.reader)).answered()
            assert "That is for admins" in refused.said
            added = await (await slack.slash(scene.news, "admins add @rover-eds", scene.boss)).answered()
            assert "rover-eds" in added.said
            assert not added.pings
            allowed = await (await slack.slash(scene.news, "digest list", scene.reader)).answered()
            assert "That is for admins" not in allowed.said
        assert slack.violations == []


async def test_what_is_written_in_the_shell_is_there_in_chat_and_back(tmp_path: Path) -> None:
    """One database: the shell publishes beside the running bot, and reads what was published in chat."""
    async with SlackDouble() as slack:
        scene = Scene(slack, tmp_path)
        state = tmp_path / "state"
        async with running(state, None, scene.config, slack=slack):
            await slack.connected(timeout=20)
            made = exomars(state, "add", "-", typed=FILE, config=scene.config)
            assert "this is what readers will see" in made.stdout, made.stderr
            exomars(state, "draft", "publish", "1", config=scene.config)
            assert "says this file" in await scene.status()
            form = await scene.form("retract 2022-07-15-a-file-of-a-test", scene.owner)
            retracted = await (await slack.submits(form, {"because": "It was a test."})).answered()
            await scene.pressed(retracted, "Publish")
            assert "says this file" not in await scene.status()
            told = exomars(state, "history", "2022-07-15-a-file-of-a-test", config=scene.config).stdout
            assert "retracted by writer" in told
            assert "It was a test." in told
        assert slack.violations == []
